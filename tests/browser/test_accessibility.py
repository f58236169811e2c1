"""Every page of everybody against WCAG 2.2 AA: rules that axe knows, targets, zoom. States of components: `/design`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.people import people
from tests.browser.wcag import broken_rules, sideways, small_targets
from tests.factories import Cast
from tests.realtime.processes import serving
from tests.security.site_pages import Visitor, visitors

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
# 1280 px at 200 % (1.4.4), and the width at which nothing may scroll sideways (1.4.10).
ZOOMED: list[ViewportSize] = [{"width": 640, "height": 450}, {"width": 320, "height": 450}]
# Made by packages, as the pages of Django admin are: the API's documentation.
NOT_OURS = ("/api/docs",)


def paths_of(everybody: list[Visitor]) -> Iterator[tuple[Visitor, list[str]]]:
    """The pages of ours, each with the first one who sees it."""
    seen = {*NOT_OURS}
    for visitor in everybody:
        paths = [path for path in visitor.paths if path not in seen and not path.startswith("/admin/")]
        seen.update(paths)
        yield visitor, paths


def walked(
    browser: Browser, server: str, everybody: list[Visitor], check: Callable[[Page], list[str]], **options: Any
) -> dict[str, list[str]]:
    """By page, what `check` finds there."""
    found: dict[str, list[str]] = {}
    # A colour that is just fading in is none that anybody reads.
    with people(browser, server, reduced_motion="reduce", **options) as somebody:
        for visitor, paths in paths_of(everybody):
            page = somebody(email=visitor.account.email if visitor.account else "")
            for path in paths:
                page.goto(f"{server}{path}")
                if faults := check(page):
                    found[f"{visitor.name} {path}"] = faults
    return found


@pytest.mark.thorough
def test_pages_keep_to_the_rules_on_a_phone(cast: Cast, server: str, browser: Browser) -> None:
    def check(page: Page) -> list[str]:
        faults = [*broken_rules(page), *small_targets(page)]
        for size in ZOOMED:
            page.set_viewport_size(size)
            faults += sideways(page)
        page.set_viewport_size(PHONE)
        return faults

    assert walked(browser, server, visitors(cast), check, viewport=PHONE, has_touch=True) == {}


@pytest.mark.thorough
@pytest.mark.parametrize(("screen", "scheme"), [(PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")])
def test_pages_keep_to_the_rules_elsewhere(
    cast: Cast, server: str, browser: Browser, screen: ViewportSize, scheme: str
) -> None:
    found = walked(
        browser, server, visitors(cast), lambda page: broken_rules(page) + sideways(page),
        viewport=screen, color_scheme=scheme,
    )  # fmt: skip
    assert found == {}


@pytest.mark.thorough
@pytest.mark.parametrize("screen", [PHONE, DESKTOP])
def test_every_component_keeps_to_the_rules(cast: Cast, browser: Browser, tmp_path: Path, screen: ViewportSize) -> None:
    with serving(tmp_path / "log", DEBUG="1") as (address, _), people(browser, address, viewport=screen) as somebody:
        page = somebody("/design")
        assert [*broken_rules(page), *small_targets(page), *sideways(page)] == []


def test_a_fault_is_noticed(browser: Browser) -> None:
    """The control: of each kind one."""
    page = browser.new_page()
    page.set_viewport_size(PHONE)
    page.set_content(
        "<main><h1>Faults</h1><button></button><p style='inline-size: 500px'>wide</p><a href='/'>in text</a></main>"
    )
    assert [one.partition(":")[0] for one in [*broken_rules(page), *small_targets(page), *sideways(page)]] == [
        "button-name", "document-title", "html-has-lang", "small target", "scrolls sideways",
    ]  # fmt: skip
