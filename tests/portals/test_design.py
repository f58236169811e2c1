"""The living design page: there with DEBUG only, with every component, in colours that can be read."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import clinic.urls
from clinic.portals.design import tokens
from clinic.portals.design.views import SHEETS
from clinic.portals.templatetags import pictures
from tests.factories import Cast

ROOT = Path(settings.BASE_DIR)
# Drawn by every page, or no component: what the others are made of.
EVERYWHERE = {"_styles.html", "_icon.html", "_portrait.html", "_said.html", "_live_texts.html"}

# Style sheets of which each rule is for something on the page, but for these.
SHARED = ("buttons", "forms", "notices", "pills", "cards", "live", "slots", "calendar-states", "chat-answers")
OF_ONE_PAGE = {"wide", "chat-window"}


def routes_with_debug() -> ModuleType:
    """The site's routes as they are where DEBUG is on."""
    spec = importlib.util.spec_from_file_location("routes_with_debug", clinic.urls.__file__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def answer(cast: Cast, settings: Any) -> Any:
    settings.DEBUG = True
    settings.ROOT_URLCONF = routes_with_debug()
    pictures.icon.cache_clear()  # else what was drawn before would not be drawn here
    pictures._portrait.cache_clear()
    return Client().get("/design")


@pytest.fixture
def shown(answer: Any) -> str:
    return str(answer.content.decode())


def test_without_debug_there_is_no_such_page(cast: Cast) -> None:
    assert (settings.DEBUG, Client().get("/design").status_code) == (False, 404)


def test_every_partial_of_the_documentation_is_on_the_page(answer: Any) -> None:
    table = (ROOT / "docs/design.md").read_text().partition("## Partials")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([\w/]+\.html)`", table))
    drawn = {template.name for template in answer.templates}
    assert answer.status_code == 200
    assert named - drawn == set()
    shared = {path.name for path in (ROOT / "templates").glob("_*.html")}
    assert shared - named - EVERYWHERE == set()


def classes_of(sheet: str) -> set[str]:
    """The classes that a style sheet has rules for."""
    rules = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)|:\s[^;{}]*;", " ", tokens.stylesheet(sheet), flags=re.S)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", rules))


def test_every_class_of_the_shared_style_sheets_is_on_the_page(shown: str) -> None:
    used = {name for names in re.findall(r'class="([^"]*)"', shown) for name in names.split()}
    missing = {sheet: sorted(classes_of(f"{sheet}.css") - used - OF_ONE_PAGE) for sheet in SHARED}
    assert {sheet: names for sheet, names in missing.items() if names} == {}


def test_both_schemes_are_shown_and_nothing_is_named_twice(shown: str) -> None:
    names = re.findall(r'\sid="([^"]+)"', shown)
    assert sorted({name for name in names if names.count(name) > 1}) == []
    light, dark = (shown.count(f'class="specimen specimen-{scheme}"') for scheme in tokens.SCHEMES)
    assert (light, light > 40) == (dark, True)
    assert (" style=" in shown, "autofocus" in shown) == (False, False)


def test_every_icon_and_every_state_of_a_slot_is_shown(shown: str) -> None:
    assert [name for name in tokens.icon_names() if f"#{name}" not in shown] == []
    assert set(re.findall(r'data-state="(\w[\w-]*)"', shown)) == {
        "free", "mine", "now", "held", "taken", "past", "answering", "offline", "online", "signed-out", "gone",
    }  # fmt: skip
    assert "just taken" in shown


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
def test_colours_can_be_read(scheme: str) -> None:
    """docs/design.md, Contrast. `tokens.css` is read as it is, so that a colour cannot be changed past this."""
    weak = [
        (one.ink, one.ground, one.tone, round(one.contrast(scheme), 2))
        for one in tokens.pairs()
        if one.contrast(scheme) < one.least
    ]
    assert weak == []


def test_contrast_is_that_of_the_standard() -> None:
    """The control: black on white is 21, and a colour too weak is noticed."""
    assert round(tokens.Color("black").contrast(tokens.Color("white")), 2) == 21.0
    assert tokens.Pair("line", "surface", tokens.SHAPE).contrast("light") < tokens.SHAPE


def test_every_sheet_of_the_page_is_there() -> None:
    assert [name for name in SHEETS if not (ROOT / "clinic/static" / name).is_file()] == []
