"""A patient books in a real Chromium, with JavaScript switched off: plain forms are the whole way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from appointments.models import Appointment
from clinic.core import db
from tests.factories import Cast

pytestmark = pytest.mark.browser


def test_a_patient_books(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with browser.new_context(**screen, java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        page.goto(server)
        page.get_by_role("link", name="Dr. Eva Weber").click()
        page.get_by_role("link", name="Check-up").click()
        page.goto(f"{page.url.split('#')[0]}&day={cast.monday}")
        page.get_by_role("button", name="9:30").first.click()
        expect(page.get_by_role("heading", name="Almost there")).to_be_visible()
        page.get_by_label("Full name").fill("Gus Guest")
        page.get_by_label("Email").fill("gus@example.net")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Please check what you entered")).to_be_visible()
        expect(page.get_by_label("Full name")).to_have_value("Gus Guest")
        page.get_by_label("Phone").fill("030 1234567")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Symptoms").fill("a dull ache")
        page.get_by_label("I agree").check()
        page.get_by_role("button", name="Confirm booking").click()
        expect(page.get_by_role("heading", name="You are booked, Gus Guest")).to_be_visible()
        with db.as_owner():
            stored = Appointment.objects.get()
        assert stored.starts_at == cast.at(9, 30)
        expect(page.get_by_text(" ".join(stored.booking_reference)).first).to_be_attached()


def test_an_unknown_page_still_knows_the_clinic(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        answer = page.goto(f"{server}/nothing-here")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
