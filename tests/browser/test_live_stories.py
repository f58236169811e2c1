"""What one person changes, the others see under their eyes: real servers, a real relay, several browsers at once."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from appointments import transitions
from availability import schedule
from availability.schedule import WeeklyInterval
from clinic.core import db
from dentists.models import Dentist, Offer
from tests.browser.people import is_live, people, sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def row(page: Page, visit_id: Any) -> Any:
    return page.locator(f'[data-key="{visit_id}"]')


def test_a_manual_booking_reaches_the_dentist(
    cast: Cast, live: str, second: str, browser: Browser, screen: dict[str, Any]
) -> None:
    with people(browser, live, second, **screen) as somebody:
        dentist = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        expect(dentist.get_by_text("Nobody is booked on this day")).to_be_visible()
        is_live(dentist)
        patient = somebody(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        patient.get_by_role("button", name="9:30").first.click()
        patient.get_by_label("Full name").fill("Gus Guest")
        patient.get_by_label("Email").fill("gus@example.net")
        patient.get_by_label("Phone").fill("030 1234567")
        patient.get_by_role("button", name="Continue").click()
        patient.get_by_label("I agree").check()
        patient.get_by_role("button", name="Confirm booking").click()
        expect(patient.get_by_role("heading", name="You are booked")).to_be_visible()
        expect(dentist.get_by_role("article", name="Gus Guest")).to_contain_text("Website")
        expect(dentist.locator(".toast")).to_contain_text(re.compile("New booking .Website.*Gus Guest"))
        expect(dentist.locator("li[data-changed]")).to_have_count(1)
        dentist.locator(".toast a").click()
        expect(dentist.get_by_role("heading", name="Gus Guest")).to_be_visible()


@pytest.mark.thorough
def test_a_chatbots_booking_through_the_api_reaches_the_dentist_with_its_source(
    cast: Cast, live: str, second: str, browser: Browser
) -> None:
    with people(browser, live, second) as somebody:
        dentist = somebody("/dentist/visits", email=cast.weber.email)
        is_live(dentist)
        bot = somebody()  # another program, without the dentist's cookies
        told = bot.context.request.post(
            f"{live}/api/appointments",
            data={
                "dentist_id": str(cast.weber.pk), "treatment": "check-up", "appointment_date": cast.at(10).isoformat(),
                "patient_name": "Cleo Chat", "patient_email": "cleo@example.net", "patient_phone": "030 7654321",
                "payment_method": "cash", "booking_source": "chatbot", "consent": True,
            },
        )  # fmt: skip
        assert told.status == 201, told.text()
        expect(row(dentist, told.json()["id"])).to_contain_text("Chatbot")
        expect(dentist.locator(".toast[data-source=chatbot]")).to_contain_text("Cleo Chat")


def test_changed_hours_redraw_the_open_booking_page(cast: Cast, live: str, second: str, browser: Browser) -> None:
    with people(browser, live, second) as somebody:
        patient = somebody(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        expect(patient.locator("button.slot").first).to_contain_text("9:00")
        is_live(patient)
        hours = [WeeklyInterval(0, time(10), time(14), "everyone")]
        schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, hours)
        expect(patient.locator("button.slot").first).to_contain_text("10:00")
        expect(patient.locator("button.slot").last).to_contain_text(re.compile("13:30|1:30"))


def test_a_status_change_is_seen_by_patient_dentist_and_admin_at_once(
    cast: Cast, live: str, second: str, browser: Browser
) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with people(browser, live, second) as somebody:
        patient = somebody("/visits", email="ana@example.org")
        dentist = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        admin = somebody("/admin/appointments/appointment/", email="ada@example.org")
        for page in (patient, dentist, admin):
            is_live(page)
        transitions.cancel(cast.as_desk, visit.pk, reason="the dentist is ill")
        expect(row(patient, visit.pk)).to_contain_text("Cancelled")
        expect(row(dentist, visit.pk)).to_contain_text("Cancelled")
        expect(admin.locator("#result_list")).to_contain_text("Cancelled")
        expect(patient.locator("[data-live-status]")).to_contain_text("Check-up")


def test_raw_sql_is_seen_by_all_three(cast: Cast, live: str, second: str, browser: Browser) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with people(browser, live, second) as somebody:
        patient = somebody(f"/visits/{visit.pk}", email="ana@example.org")
        dentist = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        admin = somebody("/admin/appointments/appointment/", email="ada@example.org")
        for page in (patient, dentist, admin):
            is_live(page)
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute(
                "UPDATE appointments_appointment SET starts_at = starts_at + interval '1 hour',"
                " ends_at = ends_at + interval '1 hour' WHERE id = %s", [visit.pk],
            )  # fmt: skip
        expect(patient.locator(".ticket")).to_contain_text("10:00")
        expect(row(dentist, visit.pk)).to_contain_text("10:00")
        expect(admin.locator("#result_list")).to_contain_text("10:00")


@pytest.mark.thorough
def test_a_new_dentist_can_sign_in_and_appears(cast: Cast, live: str, second: str, browser: Browser) -> None:
    with people(browser, live, second) as somebody:
        patient = somebody("/")
        is_live(patient)
        admin = somebody("/admin/dentists/dentist/add/", email="ada@example.org")
        admin.locator("input[name=name]").fill("Dr. Nina Neu")
        admin.locator("input[name=email]").fill("nina.neu@clinic.example")
        for box in admin.locator("input[type=password]").all():
            box.fill(PASSWORD)
        admin.locator("[name=_save]").first.click()
        expect(admin).to_have_url(re.compile(r"/admin/dentists/dentist/$"))
        dentist = somebody("/dentist/", email="nina.neu@clinic.example")
        expect(dentist.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        with db.as_owner():
            Offer.objects.create(dentist=Dentist.objects.get(name="Dr. Nina Neu"), treatment=cast.checkup)
        expect(patient.get_by_role("link", name="Dr. Nina Neu")).to_be_visible()


@pytest.mark.thorough
def test_a_deleted_dentist_disappears_and_is_put_out(cast: Cast, live: str, second: str, browser: Browser) -> None:
    with people(browser, live, second) as somebody:
        patient = somebody("/")
        expect(patient.get_by_role("link", name="Dr. Eva Weber")).to_be_visible()
        dentist = somebody("/dentist/", email=cast.weber.email)
        for page in (patient, dentist):
            is_live(page)
        admin = somebody(f"/admin/dentists/dentist/{cast.weber.pk}/delete/", email="ada@example.org")
        admin.locator("form [type=submit]").last.click()
        expect(admin).to_have_url(re.compile(r"/admin/dentists/dentist/$"))
        expect(patient.get_by_role("link", name="Dr. Eva Weber")).to_have_count(0)
        expect(dentist.get_by_text("You were signed out.")).to_be_visible()
        expect(dentist.locator("[data-live][data-channel]")).to_be_empty()
        dentist.get_by_role("link", name="Sign in again").click()
        sign_in(dentist, live, cast.weber.email)
        expect(dentist.get_by_text("do not fit together").first).to_be_visible()
