"""The dentist's calendar follows what others do, also while something is being dragged."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect

from appointments import moving, transitions
from availability.models import TimeOff
from clinic.core import db
from tests.browser.calendar_page import block, calendar, drag, stands
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def test_what_changes_elsewhere_is_shown_and_an_ongoing_drag_goes_on(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=2, drop=False)
        other = cast.booked(cast.nobody("other"), cast.at(14), contact=cast.guest("Olga Other")).appointment
        expect(block(page, other)).to_have_attribute("data-changed", "")
        expect(page.locator(".toast", has_text="Olga Other")).to_be_visible()
        expect(page.locator("[data-ghost]")).to_contain_text("11:00")
        page.mouse.up()
        stands(page, visit, cast.at(11))
        with db.as_owner():
            TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(16), ends_at=cast.at(17))
        expect(page.locator(f'[data-column="{cast.monday}"] .off')).to_be_visible()


@pytest.mark.thorough
def test_a_visit_that_is_cancelled_meanwhile_ends_its_move(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=2, drop=False)
        transitions.cancel(cast.as_desk, visit.pk)
        expect(page.get_by_role("alert")).to_contain_text("Gus Guest has changed in the meantime.")
        page.mouse.up()
        expect(block(page, visit)).to_have_count(0)


@pytest.mark.thorough
def test_the_focus_goes_with_a_visit_that_somebody_else_moves(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        block(page, visit).locator("a").focus()
        moving.reschedule(cast.as_desk, visit.pk, start=cast.at(11, days=2))
        stands(page, visit, cast.at(11, days=2))
        expect(block(page, visit).locator("a")).to_be_focused()
