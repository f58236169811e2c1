"""What patients do with keyboard and scripts: booking and moving without a mouse, searching as they type, fields that are
checked when they are left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect

from appointments.models import Appointment
from availability.models import Closure
from clinic.core import clock, db
from tests.factories import Cast

pytestmark = pytest.mark.browser
MOST_TABS = 80


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def tab_to(page: Page, target: Locator) -> None:
    """Goes on with Tab until the target has the focus, and sees it there."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            break
    expect(target).to_be_focused()
    assert target.evaluate("node => node.matches(':focus-visible')")
    expect(target).to_be_in_viewport()


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def closed_until_monday(cast: Cast) -> None:
    """So that the first free time is far enough away to be moved."""
    with db.as_owner():
        today = clock.today()
        days = [today + timedelta(days=number) for number in range((cast.monday - today).days)]
        Closure.objects.bulk_create(Closure(date=day, name="Closed") for day in days)


def test_booking_and_moving_by_keyboard_alone(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    closed_until_monday(cast)
    with browser.new_context(**screen, locale="en-GB") as context:
        page = context.new_page()
        page.goto(server)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        press(page, page.get_by_role("button", name="Check-up"))
        press(page, page.get_by_role("button", name="Take this time"))
        for label, text in (("Full name", "Gus Guest"), ("Email", "gus@example.net"), ("Phone", "030 1234567")):
            tab_to(page, page.get_by_label(label))
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("group", name="About your visit")).to_be_visible()
        tab_to(page, page.get_by_label("What brings you to us?"))
        page.keyboard.press("Enter")  # that books, and does not go back a step
        expect(page.get_by_role("link", name="We need your consent")).to_be_visible()
        tab_to(page, page.get_by_label("I agree"))
        page.keyboard.press("Space")
        press(page, page.get_by_role("button", name="Confirm booking"))
        booked = page.get_by_role("heading", name="You are booked, Gus Guest")
        expect(booked).to_be_visible()
        page.go_back()  # to the form, whose time is nobody else's
        expect(booked).to_be_visible()
        press(page, page.get_by_role("link", name="Move the visit"))
        press(page, page.get_by_role("button", name=re.compile("10:15")).first)
        expect(page.get_by_role("region", name="New")).to_contain_text("10:15")
        press(page, page.get_by_role("button", name="Move the visit"))
        expect(page.get_by_text("Your visit is moved")).to_be_visible()
    with db.as_owner():
        assert Appointment.objects.get().starts_at == cast.at(10, 15)


def test_the_search_follows_what_is_typed_and_the_way_back(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(server)
        expect(page.get_by_role("heading", name="2 dentists")).to_be_visible()
        box = page.get_by_label("Name, speciality or treatment")
        box.press_sequentially("webr")
        expect(page.get_by_role("heading", name="1 dentist", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Dr. Eva Weber")).to_be_visible()
        expect(page).to_have_url(f"{server}/?q=webr")
        expect(box).to_be_focused()
        expect(page.locator("[data-live-status]")).to_have_text("1 dentist")
        page.get_by_label("What do you need?").select_option("check-up")
        expect(page).to_have_url(f"{server}/?q=webr&treatment=check-up")
        box.fill("nobody at all")
        expect(page.get_by_role("heading", name="Nobody fits this search")).to_be_visible()
        page.get_by_role("link", name="Without “nobody at all”").click()
        expect(page).to_have_url(f"{server}/?treatment=check-up")
        expect(page.get_by_role("link", name="Dr. Chidi Okafor")).to_be_visible()
        page.go_back()
        page.go_back()
        expect(box).to_have_value("webr")
        expect(page.get_by_role("heading", name="1 dentist", exact=True)).to_be_visible()


def test_a_field_is_checked_when_it_is_left_and_forgiven_when_it_is_right(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    with browser.new_context(**screen, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        page.locator("button.slot").first.click()
        email = page.get_by_label("Email")
        page.get_by_label("Full name").focus()
        email.fill("gus@")
        expect(page.locator(".field-error")).to_have_count(0)
        page.get_by_label("Phone").focus()
        told = page.get_by_text("Please give an email address such as name@example.org.").first
        expect(told).to_be_visible()
        expect(email).to_have_attribute("aria-invalid", "true")
        expect(email).to_have_accessible_description(re.compile("Your confirmation goes here.*Please give an email"))
        expect(page.locator(".field-error")).to_have_count(1)
        email.fill("gus@example.net")
        expect(page.locator(".field-error")).to_have_count(0)
        expect(email).not_to_have_attribute("aria-invalid", "true")


def test_any_dentists_times_are_live(cast: Cast, live: str, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{live}/times?treatment=check-up&day={cast.monday}")
        nine = page.locator(f'li[data-key="{int(cast.at(9).timestamp())}"] button')
        expect(nine).to_contain_text("Dr. Chidi Okafor")
        expect(page.locator("html[data-live-state=live]")).to_be_attached()
        cast.booked(cast.nobody(), cast.at(9), dentist="chidi-okafor")
        expect(nine).to_contain_text("Dr. Eva Weber")
        cast.booked(cast.nobody("b"), cast.at(9), contact=cast.guest("Bea Two"))
        expect(nine).to_contain_text("just taken")
