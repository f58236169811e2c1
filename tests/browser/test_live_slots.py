"""The free times of a day, live: taken and freed elsewhere, drawn anew, gone with time. The socket's other end is played."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from availability import schedule
from availability.reservations import release, reserve
from availability.schedule import Interval
from tests.browser.socket_stub import SocketStub
from tests.factories import Cast

pytestmark = pytest.mark.browser


def slot(page: Page, cast: Cast, hour: int, minute: int = 0) -> Locator:
    return page.locator(f'li[data-key="{int(cast.at(hour, minute).timestamp())}"] button')


def open_day(page: Page, server: str, cast: Cast) -> SocketStub:
    stub = SocketStub(page)
    page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
    stub.wait(stub.subscriptions)
    return stub


def test_a_slot_taken_elsewhere_greys_out_in_place_and_comes_back(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    with browser.new_context(**screen, locale="en-GB") as context:
        page = context.new_page()
        stub = open_day(page, server, cast)
        channel = f"availability:{cast.weber.pk}"
        before = page.locator("button.slot").count()
        slot(page, cast, 11).focus()
        box = slot(page, cast, 9, 30).bounding_box()
        stranger = cast.nobody("stranger")
        held = reserve(stranger, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9, 30))
        stub.event(channel, 10_001, 0, "slots.changed", taken=[], freed=[])
        expect(slot(page, cast, 9, 30)).to_have_attribute("aria-disabled", "true")
        expect(slot(page, cast, 9, 30)).to_contain_text("just taken")
        assert page.locator("button.slot").count() == before
        assert slot(page, cast, 9, 30).bounding_box() == box
        expect(slot(page, cast, 11)).to_be_focused()
        expect(page.locator("[data-live-status]")).to_have_text(re.compile("9:30.* were just taken"))
        slot(page, cast, 9, 30).click(force=True)
        expect(page).to_have_url(re.compile("eva-weber"))
        release(stranger, held.id)
        stub.event(channel, 10_002, 10_001, "slots.changed", taken=[], freed=[])
        expect(slot(page, cast, 9, 30)).not_to_have_attribute("aria-disabled", "true")
        expect(page.locator("[data-live-status]")).to_have_text(re.compile("free again"))
        slot(page, cast, 9, 30).click()
        expect(page.get_by_role("heading", name="Almost there")).to_be_visible()


def test_new_hours_draw_the_open_day_anew(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        stub = open_day(page, server, cast)
        hours = [
            Interval(cast.at(10).timetz().replace(tzinfo=None), cast.at(12).timetz().replace(tzinfo=None), "everyone")
        ]
        schedule.set_override(cast.as_dentist(cast.weber), cast.weber.pk, cast.monday, hours)
        stub.event(
            f"availability:{cast.weber.pk}", 10_001, 0, "availability.changed",
            dentist_id=str(cast.weber.pk), reason="override", **{"from": str(cast.monday), "until": str(cast.monday)},
        )  # fmt: skip
        expect(slot(page, cast, 9)).to_have_count(0)
        expect(page.locator("button.slot").first).to_contain_text("10:00")
        expect(page.locator("button.slot").last).to_contain_text("11:30")
        expect(page.locator("[data-live-status]")).to_have_text("The free times of this day have changed.")


def test_taken_times_stay_greyed_whatever_is_told_of_them_until_the_hours_change(
    cast: Cast, server: str, browser: Browser
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        stub = open_day(page, server, cast)
        channel = f"availability:{cast.weber.pk}"
        greyed = page.locator('button.slot[aria-disabled="true"]')
        before = page.locator("button.slot").count()
        span = {"from": str(cast.monday), "until": str(cast.monday)}
        reserve(cast.nobody("one"), dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9))
        stub.event(channel, 10_001, 0, "slots.changed", taken=[], freed=[])
        expect(greyed).to_have_count(2)
        # Too much was missed to tell it, and word of the same hours.
        reserve(cast.nobody("two"), dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(10))
        stub.say(type="refetch", channel=channel, position=10_002)
        expect(greyed).to_have_count(5)
        reserve(cast.nobody("three"), dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(11, 30))
        stub.event(
            channel, 10_003, 10_002, "availability.changed", dentist_id=str(cast.weber.pk), reason="hours", **span
        )
        expect(greyed).to_have_count(7)
        assert page.locator("button.slot").count() == before
        # Other hours, of which no more is told than that much was missed.
        hours = [Interval(time(13), time(15), "everyone")]
        schedule.set_override(cast.as_dentist(cast.weber), cast.weber.pk, cast.monday, hours)
        stub.say(type="refetch", channel=channel, position=10_004)
        expect(greyed).to_have_count(0)
        expect(page.locator("button.slot").first).to_contain_text("1:00")
