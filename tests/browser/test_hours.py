"""The editor of hours without a mouse, and the portal's menu and tabs on a phone."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from availability.models import WorkingHours
from clinic.core import db
from tests.browser.conftest import PHONE
from tests.browser.people import people, tab_to
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def mornings(cast: Cast) -> list[time]:
    """When Dr. Weber begins, from Monday to Wednesday."""
    with db.as_owner():
        rows = WorkingHours.objects.filter(dentist=cast.weber, day_of_week__lt=3, start_time__lt=time(12))
        return list(rows.order_by("day_of_week").values_list("start_time", flat=True))


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def test_hours_are_changed_copied_previewed_saved_and_undone_by_keys_alone(
    cast: Cast, server: str, browser: Browser
) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with people(browser, server) as somebody:
        page = somebody("/dentist/hours", email=cast.weber.email)
        tab_to(page, "[name=day0-0-start]")
        page.keyboard.type("1000")
        press(page, ".more > summary")
        press(page, "#copy-to-1", "Space")
        press(page, "button[name=copy][value=chosen]")
        expect(page.get_by_text("Copied to Tuesday. Nothing is saved yet.")).to_be_visible()
        assert mornings(cast) == [time(9)] * 3
        press(page, "[name=day1-0-start]")  # Enter in a field saves; it copies nothing
        expect(page.get_by_text("This hits 1 booked visit")).to_be_visible()
        expect(page.locator(".notice-warn")).to_be_focused()
        assert mornings(cast) == [time(9)] * 3
        press(page, "button[name=confirm]")
        expect(page.get_by_text("Your hours are saved.")).to_be_visible()
        assert mornings(cast) == [time(10), time(10), time(9)]
        press(page, ".undo button")
        expect(page.get_by_text("Your hours are saved.")).to_be_visible()
        assert mornings(cast) == [time(9)] * 3


@pytest.mark.parametrize("scripted", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["plain", "scripts"])
def test_the_header_of_the_practice_is_one_line_on_a_phone(
    cast: Cast, server: str, browser: Browser, scripted: bool
) -> None:
    with people(browser, server, java_script_enabled=scripted, **PHONE) as somebody:
        page = somebody("/dentist/time-off", email=cast.weber.email)
        box = page.locator(".site-header").bounding_box()
        assert box is not None
        assert box["height"] < 72
        tabs = page.locator(".tabs a").all()
        assert [(one.bounding_box() or {})["height"] >= 44 for one in tabs] == [True] * 5
        assert [one.inner_text() for one in page.locator("nav [aria-current=page]:visible").all()] == [
            "Hours",
            "Time off",
        ]
        menu = page.get_by_role("navigation", name="Main")
        expect(menu).to_be_hidden()
        page.get_by_role("button", name="Menu").tap()
        expect(menu.get_by_role("link", name="My practice")).to_have_attribute("aria-current", "page")
        links: list[Any] = menu.locator("a, button").all()
        assert all((one.bounding_box() or {})["height"] >= 44 for one in links)
        menu.get_by_role("button", name="Sign out").tap()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
