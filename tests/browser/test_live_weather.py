"""Live pages in less common weather: visits that change hands, answers that fail, and what axe says of what appears."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, Route, expect

from availability.reservations import reserve
from clinic.core import db
from tests.browser.people import is_live, people
from tests.browser.socket_stub import SocketStub
from tests.factories import Cast

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def complaints(page: Page) -> list[str]:
    # What fades in has its colours when it is there.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    return [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]


@pytest.mark.thorough
def test_a_visit_that_changes_hands_leaves_one_day_and_enters_the_other(
    cast: Cast, live: str, browser: Browser
) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with people(browser, live) as somebody:
        weber = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        okafor = somebody(f"/dentist/?day={cast.monday}", email=cast.okafor.email)
        expect(weber.get_by_role("article", name="Gus Guest")).to_be_visible()
        for page in (weber, okafor):
            is_live(page)
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute(
                "UPDATE appointments_appointment SET dentist_id = %s WHERE id = %s", [cast.okafor.pk, visit.pk]
            )
        expect(weber.get_by_text("Nobody is booked on this day")).to_be_visible()
        expect(weber.locator("[data-live-status]")).to_contain_text("Not in this list any more: Gus Guest")
        expect(okafor.get_by_role("article", name="Gus Guest")).to_be_visible()


def test_an_answer_that_fails_is_asked_for_again(cast: Cast, server: str, browser: Browser) -> None:
    answers = ["abort", "503", "real"]

    def weather(route: Route) -> None:
        if "x-fragment" not in route.request.headers:
            route.continue_()
        elif (answer := answers.pop(0)) == "abort":
            route.abort()
        elif answer == "503":
            route.fulfill(status=503, body="Many people are here at once.")
        else:
            route.continue_()

    with browser.new_context() as context:
        page = context.new_page()
        stub = SocketStub(page)
        page.route("**/dentists/**", weather)
        page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        stub.wait(stub.subscriptions)
        reserve(cast.nobody("stranger"), dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9, 30))
        stub.event(f"availability:{cast.weber.pk}", 10_001, 0, "slots.changed", taken=[], freed=[])
        expect(page.get_by_text("just taken").first).to_be_visible()
        assert answers == []


def test_a_rush_of_events_is_few_requests(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        stub = SocketStub(page)
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "x-fragment" in one.headers else None)
        page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        stub.wait(stub.subscriptions)
        channel = f"availability:{cast.weber.pk}"
        for number in range(200):
            stub.event(channel, 10_001 + number, 10_000 + number if number else 0, "slots.changed", taken=[], freed=[])
        reserve(cast.nobody("stranger"), dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9, 30))
        stub.event(channel, 10_201, 10_200, "slots.changed", taken=[], freed=[])
        expect(page.get_by_text("just taken").first).to_be_visible()
        assert 1 <= len(asked) <= 5


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_appears_is_accessible(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any], scheme: str
) -> None:
    with people(browser, live, **screen, color_scheme=scheme) as somebody:
        slots = somebody(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        day = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        for page in (slots, day):
            is_live(page)
        cast.booked(cast.nobody(), cast.at(9))
        expect(slots.get_by_text("just taken").first).to_be_visible()
        expect(day.locator(".toast")).to_be_visible()
        assert (complaints(slots), complaints(day)) == ([], [])
        box = day.locator(".toast button").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        day.context.set_offline(True)
        expect(day.locator("[data-connection]")).to_contain_text("You are offline")
        assert complaints(day) == []
        assert not day.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
