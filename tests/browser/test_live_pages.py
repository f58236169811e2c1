"""Pages that bring themselves up to date leave their readers alone: what is typed, ticked, focused and scrolled to stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Route, expect

from appointments import moving, transitions
from appointments.links import token_for
from availability.models import Closure
from availability.reservations import release, reserve
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from tests.browser.people import is_live, people
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def test_a_search_half_typed_and_the_scroll_position_stay(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any]
) -> None:
    for hour in (9, 10, 11, 13, 14, 15):
        for day in range(2):
            cast.booked(cast.as_desk, cast.at(hour, days=day), contact=cast.guest(f"Patient{hour}{day} Sample"))
    with people(browser, live, **screen) as somebody:
        page = somebody("/dentist/visits", email=cast.weber.email)
        is_live(page)
        page.locator("#q").press_sequentially("Pat")
        page.evaluate("window.scrollTo(0, 300)")
        top = page.evaluate("window.scrollY")
        cast.booked(cast.as_ana, cast.at(16, days=4), contact=cast.guest("Ana Ruiz"))
        expect(page.locator("ul.rows")).to_contain_text("Ana Ruiz")
        expect(page.locator("#q")).to_be_focused()
        expect(page.locator("#q")).to_have_value("Pat")
        assert page.evaluate("window.scrollY") == top
        expect(page.get_by_text("13 visits")).to_be_visible()


def test_a_private_link_shows_what_becomes_of_the_visit(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any]
) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with people(browser, live, **screen) as somebody:
        page = somebody(f"/visit/{token_for(visit.pk)}")
        is_live(page)
        page.get_by_role("link", name="Move the visit").focus()
        moving.reschedule(cast.as_desk, visit.pk, start=cast.at(10, 15))
        expect(page.locator(".ticket")).to_contain_text("10:15")
        expect(page.locator("[data-live-status]")).to_contain_text("10:15")
        expect(page.get_by_role("link", name="Move the visit")).to_be_focused()
        transitions.cancel(cast.as_desk, visit.pk, reason="the dentist is ill")
        expect(page.get_by_role("heading", name="This visit is cancelled")).to_be_visible()
        expect(page.get_by_role("link", name="Move the visit")).to_have_count(0)


def test_a_ticked_row_stays_ticked_in_admin(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with people(browser, live) as somebody:
        page = somebody("/admin/appointments/appointment/", email="ada@example.org")
        is_live(page)
        box = page.locator(f'input.action-select[value="{visit.pk}"]')
        box.check()
        other = cast.booked(cast.nobody("another"), cast.at(11), contact=cast.guest("Olga Other")).appointment
        expect(page.locator("#result_list")).to_contain_text("Olga Other")
        expect(box).to_be_checked()
        expect(page.locator(f'input.action-select[value="{other.pk}"]')).not_to_be_checked()
        expect(page.locator("[data-live-status]")).to_have_text("The list has changed.")
        expect(page.locator("#result_list [data-changed]")).to_have_count(1)
        page.context.set_offline(True)
        expect(page.locator("[data-connection]")).to_contain_text("You are offline")


def test_the_next_free_time_on_a_card_follows(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        page = somebody("/")
        is_live(page)
        card = page.locator(f'[data-dentist="{cast.weber.pk}"] time')
        first = card.get_attribute("datetime")
        assert first is not None
        page.get_by_label("Name, speciality or treatment").press_sequentially("Web")
        stranger = cast.nobody("stranger")
        held = reserve(
            stranger, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=clock.datetime.fromisoformat(first)
        )
        expect(card).not_to_have_attribute("datetime", first)
        release(stranger, held.id)
        expect(card).to_have_attribute("datetime", first)
        expect(page.get_by_label("Name, speciality or treatment")).to_have_value("Web")


@pytest.mark.thorough
def test_a_closure_empties_the_open_day(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        page = somebody(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        is_live(page)
        with db.as_owner():
            closure = Closure.objects.create(date=cast.monday, name="Stocktaking")
        expect(page.get_by_text("No free time on this day")).to_be_visible()
        expect(page.locator("button.slot")).to_have_count(0)
        with db.as_owner():
            closure.delete()
        expect(page.locator("button.slot")).to_have_count(26)


@pytest.mark.thorough
def test_a_day_that_fills_up_keeps_its_times_greyed(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        page = somebody(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        is_live(page)
        for number, (hour, minute) in enumerate((h, m) for h in (9, 10, 11, 13, 14, 15, 16) for m in (0, 30)):
            cast.booked(cast.nobody(f"{number}"), cast.at(hour, minute), contact=cast.guest(f"Guest{number} Full"))
        expect(page.get_by_text("No free time on this day")).to_be_visible()
        expect(page.locator('button.slot[aria-disabled="true"]')).to_have_count(26)
        expect(page.locator("[data-live-status]")).to_have_text(re.compile("taken|have changed"))


def test_a_time_that_comes_too_near_goes_by_itself(cast: Cast, server: str, browser: Browser) -> None:
    minutes = int((cast.at(9) - clock.now()).total_seconds() // 60)
    with db.as_owner():
        ClinicSettings.objects.update(min_notice_minutes=minutes - 10)
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        slots = page.locator("button.slot")
        expect(slots).to_have_count(26)
        slots.first.focus()
        page.clock.fast_forward("09:00")
        expect(slots).to_have_count(26)
        page.clock.fast_forward("03:00")
        expect(slots).to_have_count(25)
        expect(slots.first).to_be_focused()
        page.clock.fast_forward("15:00")
        expect(slots).to_have_count(24)


@pytest.mark.thorough
def test_a_list_in_admin_that_could_not_be_fetched_is_asked_for_again(cast: Cast, live: str, browser: Browser) -> None:
    answers = ["abort", "503", "real"]

    def weather(route: Route) -> None:
        if route.request.resource_type != "fetch" or (answer := answers.pop(0)) == "real":
            route.continue_()
        elif answer == "abort":
            route.abort()
        else:
            route.fulfill(status=503)

    cast.booked(cast.nobody(), cast.at(9))
    with people(browser, live) as somebody:
        page = somebody("/admin/appointments/appointment/", email="ada@example.org")
        is_live(page)
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.route(re.compile("/admin/appointments/appointment/"), weather)
        cast.booked(cast.nobody("another"), cast.at(11), contact=cast.guest("Olga Other"))
        expect(page.locator("#result_list")).to_contain_text("Olga Other")
        assert answers == []
        assert failures == []
