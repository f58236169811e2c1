"""Patching in place: whatever the shown and the fresh list are, the result is the fresh one, made of the shown elements."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
# A list of rows, each a key and what it says; None is a row without a key.
_ROW = st.tuples(st.sampled_from([*"abcdefg", None]), st.sampled_from(["", "one", "two"]))
ROWS = st.lists(_ROW, max_size=8, unique_by=lambda row: row[0] or object())
PATCH = """async ([shown, fresh, focused]) => {
  const { patch } = await import("/static/clinic/patch.js");
  const build = (rows) => {
    const list = document.createElement("ul");
    for (const [key, text] of rows) {
      const row = list.appendChild(document.createElement("li"));
      if (key) row.dataset.key = key;
      row.appendChild(document.createElement("button")).textContent = text;
      if (text) row.append("says ", text);
      list.append("\\n  ");
    }
    return list;
  };
  const [one, other] = [build(shown), build(fresh)];
  document.querySelector("main").replaceChildren(one);
  const known = new Map([...one.children].filter((row) => row.dataset.key).map((row) => [row.dataset.key, row]));
  const target = known.get(focused)?.querySelector("button");
  target?.focus();
  const wanted = [...other.children].map((row) => row.outerHTML);
  patch(one, other);
  const rows = [...one.children];
  return {
    same: JSON.stringify(rows.map((row) => row.outerHTML)) === JSON.stringify(wanted),
    kept: rows.every((row) => !known.has(row.dataset.key) || known.get(row.dataset.key) === row),
    focus: !target || !wanted.some((row) => row.includes(`"${focused}"`)) || document.activeElement === target,
  };
}"""


@pytest.fixture(scope="module")
def blank(server: str, browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server}/nothing-here")
        yield page


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shown=ROWS, fresh=ROWS, focused=st.sampled_from([*"abcdefg"]))
def test_what_is_shown_becomes_what_is_fresh(
    blank: Page, shown: list[tuple[str | None, str]], fresh: list[tuple[str | None, str]], focused: str
) -> None:
    assert blank.evaluate(PATCH, [shown, fresh, focused]) == {"same": True, "kept": True, "focus": True}


def test_what_is_typed_chosen_and_opened_stays(blank: Page) -> None:
    stayed = blank.evaluate("""async () => {
      const { patch } = await import("/static/clinic/patch.js");
      const form = (value, open, chosen) => {
        const box = document.createElement("div");
        box.innerHTML = `<input name="q" value="${value}"><input type="hidden" value="${value}"><input type="checkbox">
          <textarea>${value}</textarea><details ${open}><summary>more</summary></details>
          <select><option>one</option><option ${chosen}>two</option></select>`;
        return box;
      };
      const shown = form("old", "", "");
      document.querySelector("main").replaceChildren(shown);
      const [text, hidden, tick] = shown.querySelectorAll("input");
      text.value = "typed";
      tick.checked = true;
      shown.querySelector("textarea").value = "written";
      shown.querySelector("details").open = true;
      shown.querySelector("select").value = "two";
      patch(shown, form("new", "", ""));
      return [text.value, hidden.value, tick.checked, shown.querySelector("textarea").value,
              shown.querySelector("details").open, shown.querySelector("select").value];
    }""")
    assert stayed == ["typed", "new", True, "written", True, "two"]
