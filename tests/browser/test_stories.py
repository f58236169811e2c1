"""What people do, in a real Chromium, by plain forms: on a phone and on a desktop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from appointments.links import token_for
from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.patients.models import Patient
from dentists.models import Dentist
from tests.factories import Cast
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser
SignIn = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


@contextmanager
def page_of(browser: Browser, screen: dict[str, Any], *, script: bool = False) -> Iterator[Page]:
    with browser.new_context(**screen, java_script_enabled=script, locale="en-GB") as context:
        yield context.new_page()


def sign_in(page: Page, server: str, email: str) -> None:
    page.goto(f"{server}/accounts/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def choose(page: Page, server: str, cast: Cast, time: str) -> None:
    page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
    page.get_by_role("button", name=time).first.click()
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()


def stored() -> Appointment:
    with db.as_owner():
        return Appointment.objects.get()


def test_a_patient_books_moves_and_cancels(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with page_of(browser, screen) as page:
        sign_in(page, server, "ana@example.org")
        expect(page.get_by_text("Nothing is booked")).to_be_visible()
        choose(page, server, cast, "9:30")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("I agree").check()
        page.get_by_role("button", name="Confirm booking").click()
        expect(page.get_by_role("heading", name="You are booked, Ana Ruiz")).to_be_visible()
        page.goto(f"{server}/visits")
        page.get_by_role("link", name="Check-up").click()
        page.get_by_role("link", name="Move the visit").click()
        page.goto(f"{page.url.split('?')[0]}?day={cast.monday}")
        page.get_by_role("button", name="10:15").click()
        expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
        page.get_by_role("button", name="Move the visit").click()
        expect(page.get_by_text("Your visit is moved")).to_be_visible()
        assert stored().starts_at == cast.at(10, 15)
        page.get_by_role("link", name="Cancel the visit").click()
        page.get_by_role("button", name="Yes, cancel it").click()
        expect(page.get_by_role("heading", name="This visit is cancelled")).to_be_visible()
        assert stored().status == "cancelled"


def test_a_guest_changes_the_visit_by_the_link(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with page_of(browser, screen) as page:
        page.goto(f"{server}/find-visit")
        page.get_by_label("Booking reference").fill(visit.booking_reference.lower())
        page.get_by_label("Email").fill("gus@example.net")
        page.get_by_role("button", name="Show my visit").click()
        expect(page).to_have_url(f"{server}/visit/{token_for(visit.pk)}")
        page.goto(f"{page.url}/move?day={cast.monday}")
        page.get_by_role("button", name="11:00").or_(page.get_by_role("button", name="11:00 AM")).first.click()
        page.get_by_role("button", name="Move the visit").click()
        expect(page.get_by_text("Your visit is moved")).to_be_visible()
        assert stored().starts_at == cast.at(11)
        page.get_by_role("link", name="Cancel the visit").click()
        page.get_by_role("button", name="Yes, cancel it").click()
        assert stored().status == "cancelled"


def test_a_parent_books_for_a_child(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with page_of(browser, screen) as page:
        sign_in(page, server, "ana@example.org")
        page.goto(f"{server}/people/add")
        page.get_by_label("Full name").fill("Lou Ruiz")
        page.get_by_label("Date of birth").fill("2019-05-04")
        page.get_by_role("button", name="Save").click()
        choose(page, server, cast, "9:30")
        page.get_by_label("Lou Ruiz").check()
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("I agree").check()
        page.get_by_role("button", name="Confirm booking").click()
        expect(page.get_by_role("heading", name="You are booked, Lou Ruiz")).to_be_visible()
    with db.as_owner():
        assert stored().patient_id == Patient.objects.get(name="Lou Ruiz").pk


def test_new_hours_are_offered_at_once(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with page_of(browser, screen) as page, page_of(browser, screen) as patient:
        sign_in(page, server, cast.weber.email)
        page.goto(f"{server}/dentist/hours")
        monday = page.get_by_role("group", name="Monday")
        monday.get_by_label("From").nth(0).fill("10:00")
        monday.get_by_label("To").nth(0).fill("14:00")
        monday.get_by_label("From").nth(1).fill("")
        monday.get_by_label("To").nth(1).fill("")
        page.get_by_role("button", name="Save my hours").click()
        expect(page.get_by_text("Your hours are saved")).to_be_visible()
        patient.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        times = patient.locator("button.slot time")
        expect(times.first).to_have_attribute("datetime", cast.at(10).isoformat())
        expect(times.last).to_have_attribute("datetime", cast.at(13, 30).isoformat())


def test_a_dentist_confirms_checks_in_completes_and_undoes(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    start = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    visit = cast.booked(cast.as_desk, start, contact=cast.guest("Olga Old"), outside_rules=True).appointment
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(status="pending", confirmed_at=None)
    with page_of(browser, screen) as page:
        sign_in(page, server, cast.weber.email)
        page.goto(f"{server}/dentist/?day={visit.appointment_date}")
        for button, status in (
            ("Confirm", "confirmed"),
            ("Check in", "checked_in"),
            ("Complete", "completed"),
            ("Undo", "checked_in"),
        ):
            page.get_by_role("article").get_by_role("button", name=button).click()
            expect(page.get_by_text("Saved:")).to_be_visible()
            assert stored().status == status


def test_an_admin_makes_a_dentist_who_signs_in_and_deletes_one_who_cannot(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with page_of(browser, screen, script=True) as page, page_of(browser, screen) as dentist:
        sign_in(page, server, "ada@example.org")
        page.goto(f"{server}/admin/dentists/dentist/add/")
        page.locator("input[name=name]").fill("Dr. Nina Neu")
        page.locator("input[name=email]").fill("nina.neu@clinic.example")
        if page.locator("input[name=slug]").input_value() == "":
            page.locator("input[name=slug]").fill("nina-neu")
        for box in page.locator("input[type=password]").all():
            box.fill(PASSWORD)
        page.locator("[name=_save]").first.click()
        expect(page).to_have_url(re.compile(r"/admin/dentists/dentist/$"))
        sign_in(dentist, server, "nina.neu@clinic.example")
        expect(dentist.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        page.goto(f"{server}/admin/dentists/dentist/{cast.weber.pk}/delete/")
        expect(page.get_by_text(re.compile("cancel", re.I)).first).to_be_visible()
        page.locator("form [type=submit]").last.click()
        expect(page).to_have_url(re.compile(r"/admin/dentists/dentist/$"))
        dentist.context.clear_cookies()
        sign_in(dentist, server, cast.weber.email)
        expect(dentist.get_by_text("do not fit together").first).to_be_visible()
    with db.as_owner():
        left = Appointment.objects.get(pk=visit.pk)
        assert (left.status, left.cancellation_reason, left.dentist_name) == (
            "cancelled",
            "dentist_left",
            "Dr. Eva Weber",
        )
        assert not User.objects.get(email=cast.weber.email).is_active
        assert Dentist.objects.filter(name="Dr. Nina Neu").exists()
