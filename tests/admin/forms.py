"""A page's form as a browser would send it back: every field with what stands in it, then what the scenario changes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

Fields = dict[str, list[str]]


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Fields = {}
        self._select: str | None = None
        self._first: str | None = None
        self._textarea: str | None = None
        self._multiple = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "input" and has.get("name") and has.get("type") not in ("submit", "button", "file"):
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self.found.setdefault(has["name"], []).append(
                    has.get("value", "on" if has.get("type") == "checkbox" else "")
                )
        elif tag == "select":
            self._select, self._first = has.get("name"), None
            self._multiple = "multiple" in has
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = has.get("value", "")
            if "selected" in has:
                self.found.setdefault(self._select, []).append(has.get("value", ""))
        elif tag == "textarea" and has.get("name"):
            self._textarea = has["name"]
            self.found[self._textarea] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            if not self._multiple and self._first is not None:
                self.found.setdefault(self._select, [self._first])
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[self._textarea][0] += data.removeprefix("\n")


def filled(response: HttpResponse, **changes: Any) -> Fields:
    """The fields of the page, with these instead; `__` in a name stands for `-`, None takes a field away."""
    parser = _Fields()
    parser.feed(response.content.decode())
    fields = parser.found
    for name, value in changes.items():
        key = name.replace("__", "-")
        fields.pop(key, None)
        if value is not None:
            fields[key] = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    return fields


def with_row(fields: Fields, prefix: str, **values: Any) -> Fields:
    """The same form with one more row in the table `prefix`."""
    total = int(fields[f"{prefix}-TOTAL_FORMS"][0])
    fields[f"{prefix}-TOTAL_FORMS"] = [str(total + 1)]
    for name, value in values.items():
        fields[f"{prefix}-{total}-{name}"] = [str(value)]
    return fields


def errors_of(response: HttpResponse) -> list[str]:
    """Everything that the page says is wrong, of the form and of its tables."""
    form = response.context["adminform"].form
    found = [str(error) for errors in form.errors.values() for error in errors]
    for table in response.context["inline_admin_formsets"]:
        found += [str(error) for errors in table.formset.errors for texts in errors.values() for error in texts]
        found += [str(error) for error in table.formset.non_form_errors()]
    return found
