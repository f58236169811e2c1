"""The hold's countdown: to the second, to its end, and what is offered then."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from appointments.models import Appointment
from availability.reservations import release
from clinic.core import db
from tests.browser.socket_stub import SocketStub
from tests.factories import Cast
from tests.factories.holds import hold
from tests.polling import until

pytestmark = pytest.mark.browser
SECRET = "a-secret-of-this-browser"


def held(page: Page, server: str, cast: Cast, seconds: float) -> None:
    """The booking page of a hold that ends so many seconds after it was made."""
    reservation = hold(cast, cast.nobody(SECRET), cast.at(9, 30), runs_for=seconds * 1000)
    page.context.add_cookies([{"name": "holder", "value": SECRET, "url": server}])
    page.goto(f"{server}/book/{reservation}")


@pytest.mark.thorough
def test_the_last_minute_is_said(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        SocketStub(page)
        held(page, server, cast, 70)
        left = page.locator("[data-hold-left]")
        expect(left).to_have_text(re.compile(r"^1:0\d left$"))
        expect(page.locator("[data-live-status]")).to_have_text("One minute left of your hold.")
        expect(left).to_have_text(re.compile(r"^0:5\d left$"))


def test_a_hold_that_ran_out_is_taken_up_again_and_nothing_typed_is_lost(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    with browser.new_context(**screen, locale="en-GB") as context:
        page = context.new_page()
        SocketStub(page)
        held(page, server, cast, 10)
        before = page.url
        page.get_by_label("Full name").fill("Gus Guest")
        page.get_by_label("Email").fill("gus@example.net")
        expect(
            page.get_by_text("Your hold has run out. ").or_(page.get_by_text("The time is still free.")).first
        ).to_be_visible()
        page.get_by_role("button", name="Hold it again").click()
        expect(page.locator("[data-hold]")).to_contain_text("Held for you until")
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^[45]:\d\d left$"))
        assert page.url != before
        expect(page.get_by_label("Full name")).to_have_value("Gus Guest")
        page.get_by_label("Phone").fill("030 1234567")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("I agree").check()
        page.get_by_role("button", name="Confirm booking").click()
        expect(page.get_by_role("heading", name="You are booked, Gus Guest")).to_be_visible()
    with db.as_owner():
        assert Appointment.objects.get().starts_at == cast.at(9, 30)


@pytest.mark.thorough
def test_after_the_end_the_page_says_when_somebody_else_takes_the_time(
    cast: Cast, server: str, browser: Browser
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        stub = SocketStub(page)
        held(page, server, cast, 8)
        expect(page.locator("[data-hold]")).to_contain_text("The time is still free.")
        cast.booked(cast.nobody(), cast.at(9, 30))
        stub.event(f"availability:{cast.weber.pk}", 10_001, 0, "slots.changed", taken=[], freed=[])
        expect(page.locator("[data-hold]")).to_contain_text("Somebody else has taken the time.")
        page.get_by_role("link", name="See other times").click()
        expect(page.get_by_role("heading", name="Dr. Eva Weber")).to_be_visible()


def expires_in(seconds: float) -> bool:
    """Whether the one hold there is ends within so many seconds."""
    with db.as_owner():
        return bool(
            db.value(
                "SELECT expires_at < clock_timestamp() + make_interval(secs => %s) FROM availability_reservation",
                [seconds],
            )
        )


def test_leaving_the_page_gives_the_time_back_within_seconds(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        SocketStub(page)
        held(page, server, cast, 300)
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^4:\d\d left$"))
        assert not expires_in(60)
        page.goto(f"{server}/find-visit")
        until(lambda: expires_in(6))


@pytest.mark.thorough
def test_reloading_the_page_keeps_the_time(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        SocketStub(page)
        held(page, server, cast, 100)
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^1:\d\d left$"))
        page.reload()
        # It is held anew, for all its minutes.
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^[45]:\d\d left$"))
        assert not expires_in(200)


@pytest.mark.thorough
def test_changing_the_language_keeps_the_time(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        SocketStub(page)
        held(page, server, cast, 100)
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^1:\d\d left$"))
        page.get_by_role("button", name="Deutsch").click()
        # It is held anew, for all its minutes.
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^noch [45]:\d\d$"))
        assert not expires_in(200)


@pytest.mark.thorough
def test_a_hold_that_is_given_up_on_another_page_is_no_longer_promised(
    cast: Cast, server: str, browser: Browser
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        stub = SocketStub(page)
        held(page, server, cast, 300)
        page.get_by_label("Full name").fill("Gus Guest")
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^4:\d\d left$"))
        channel = f"availability:{cast.weber.pk}"
        span = {"dentist_id": str(cast.weber.pk), "start": cast.at(9, 30).isoformat(), "end": cast.at(10).isoformat()}
        stub.wait(stub.subscriptions)
        with page.expect_response(lambda answer: "/book/" in answer.url and answer.status == 200):
            stub.event(channel, 10_001, 0, "slots.changed", taken=[], freed=[span])
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^4:\d\d left$"))
        release(cast.nobody(SECRET), UUID(page.url.rsplit("/", 1)[-1]))
        stub.event(channel, 10_002, 10_001, "slots.changed", taken=[], freed=[span])
        expect(page.locator("[data-hold]")).to_contain_text("The time is still free.")
        page.get_by_role("button", name="Hold it again").click()
        expect(page.locator("[data-hold-left]")).to_have_text(re.compile(r"^[45]:\d\d left$"))
        expect(page.get_by_label("Full name")).to_have_value("Gus Guest")
