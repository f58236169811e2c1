"""Every state of the patients' pages, narrow and wide, light and dark: read by axe, nothing scrolls sideways at 200 % zoom, and
everything that is pressed is large enough for a thumb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from appointments import transitions
from clinic.core import db
from tests.browser.people import sign_in
from tests.factories import Cast
from tests.factories.holds import hold, let_run_out

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
SECRET = "a-secret-of-this-browser"
# Half of a desktop is what it shows at 200 %; 320 px is a quarter of it, and a small phone.
WIDTHS = [(320, "light"), (640, "dark"), (1280, "light")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# What is pressed by itself; links inside a text, and a card whose link covers all of it, have their size from elsewhere.
_SMALL = """() => {
  const pressed = ['a', 'button', 'select', 'textarea', 'summary', 'input:not([type=hidden])'].map((one) => `main ${one}`);
  const target = (one) => (one.matches('[type=radio], [type=checkbox]') ? one.closest('label') : one);
  return [...document.querySelectorAll(pressed)]
    .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden') && !one.matches('.cover'))
    .filter((one) => getComputedStyle(one).display !== 'inline')
    .map((one) => [one, target(one).getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([one, { width, height }]) => `${one.tagName} ${one.textContent.trim()} ${Math.round(width)}x${Math.round(height)}`);
}"""


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def judge(page: Page) -> list[str]:
    """What is wrong with the page as it is now."""
    wrong = [str(one["id"]) for one in Axe().run(page, options=RULES).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append("scrolls sideways")
    return wrong + list(page.evaluate(_SMALL))


def of_a_guest(page: Page, server: str, cast: Cast) -> Iterator[str]:
    """Goes through the states, and names each as it is reached."""
    for path in ("/", "/?q=nobody&treatment=check-up", "/times", "/times?treatment=check-up&part=evening",
                 f"/times?treatment=check-up&day={cast.monday}", "/dentists/eva-weber"):  # fmt: skip
        page.goto(f"{server}{path}")
        yield path
    page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
    yield "times of a dentist"
    page.locator("button.slot").nth(2).click()
    yield "who"
    page.get_by_label("Email").fill("gus@")
    page.get_by_label("Phone").focus()
    page.locator(".field-error").wait_for()
    yield "who, with what is wrong beside it"
    page.get_by_role("button", name="Continue").click()
    yield "who, refused"
    page.get_by_label("Full name").fill("Gus Guest")
    page.get_by_label("Email").fill("gus@example.net")
    page.get_by_label("Phone").fill("030 1234567")
    page.get_by_role("button", name="Continue").click()
    page.locator("details summary").click()
    yield "visit"
    page.get_by_role("button", name="Confirm booking").click()
    yield "visit, refused"
    page.get_by_label("I agree").check()
    with db.as_owner():
        db.value("DELETE FROM availability_reservation RETURNING id")
    cast.booked(cast.nobody("faster"), cast.at(9, 30), contact=cast.guest("Bea Faster"))
    page.get_by_role("button", name="Confirm booking").click()
    yield "taken meanwhile"
    page.get_by_role("button", name="Book this instead").first.click()
    page.locator(".ticket").wait_for()
    yield "confirmed"
    page.goto(f"{page.url}/cancel")
    yield "cancel"
    page.goto(f"{page.url.removesuffix('/cancel')}/move?day={cast.monday}")
    yield "move"
    page.locator("button.slot:enabled").nth(4).click()
    yield "old and new"
    ran_out = hold(cast, cast.nobody(SECRET), cast.at(15), runs_for=60_000)
    let_run_out(ran_out)
    page.context.add_cookies([{"name": "holder", "value": SECRET, "url": server}])
    slot = f"dentist=eva-weber&treatment=check-up&start={cast.at(15).isoformat().replace('+', '%2B')}"
    page.goto(f"{server}/book/{ran_out}?{slot}")
    yield "hold again"
    cast.booked(cast.nobody("faster"), cast.at(15), contact=cast.guest("Cem Faster"))
    page.goto(f"{server}/book/{ran_out}?{slot}")
    yield "gone"
    page.goto(f"{server}/find-visit")
    yield "find"


def of_ana(page: Page, server: str, cast: Cast) -> Iterator[str]:
    told = {"allergies": "latex"}
    past = cast.booked(cast.as_ana, cast.at(11), contact=cast.guest("Ana Ruiz"), medical=told).appointment
    transitions.cancel(cast.as_ana, past.pk, reason="")
    cast.booked(cast.as_ana, cast.at(13), contact=cast.guest("Ana Ruiz"), medical=told)
    sign_in(page, server, "ana@example.org")
    for path in ("/visits", "/people", "/people/add", f"/visits/{past.pk}", f"/times?for={cast.ana_herself.pk}"):
        page.goto(f"{server}{path}")
        yield path
    page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}&for={cast.ana_herself.pk}")
    yield "times for her"
    page.locator("button.slot").nth(2).click()
    yield "who of the family"
    page.get_by_label("Somebody new").check()
    yield "somebody new"
    page.get_by_label("Ana Ruiz").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("As you told us last time").wait_for()
    yield "remembered"


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
@pytest.mark.parametrize("story", [of_a_guest, of_ana])
def test_every_state_is_for_everybody(
    cast: Cast, server: str, browser: Browser, width: int, scheme: Any, story: Any
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB") as context:
        page = context.new_page()
        found = {state: wrong for state in story(page, server, cast) if (wrong := judge(page))}
    assert found == {}


def test_control_what_is_too_small_or_too_wide_is_noticed(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{server}/find-visit")
        assert judge(page) == []
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend',"
            " '<button style=\"height: 20px; width: 400px\">Small</button>')"
        )
        assert judge(page) == ["scrolls sideways", "BUTTON Small 400x20"]
