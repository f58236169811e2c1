"""The admin's front page stays open all day: what is booked elsewhere stands on it a moment later."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from appointments import transitions
from tests.browser.people import is_live, people
from tests.factories import Cast

pytestmark = pytest.mark.browser
ADMIN = "ada@example.org"


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def figure(page: Page, name: str) -> Any:
    return page.locator(f'.key-figures [data-key="{name}"] dd').first


def test_a_booking_through_the_api_appears_marked_and_is_said(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any]
) -> None:
    with people(browser, live, **screen) as somebody:
        office = somebody("/admin/", email=ADMIN)
        is_live(office)
        expect(office.get_by_text("Nothing was booked today yet.")).to_be_visible()
        office.evaluate("window.unloaded = false")
        caller = somebody("/").context.request
        wish = {
            "dentist_id": str(cast.weber.pk), "treatment": "check-up", "appointment_date": f"{cast.monday}",
            "appointment_time": "09:00",
            "patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "030 1234567",
            "booking_source": "chatbot",
        }  # fmt: skip
        answer = caller.post(f"{live}/api/appointments", data=wish, headers={"Idempotency-Key": "front-page"})
        assert answer.status == 201, answer.text()
        row = office.locator(f'.bookings [data-key="{answer.json()["id"]}"]')
        expect(row).to_have_attribute("data-changed", "")
        expect(row.get_by_role("link", name="Gus Guest")).to_be_visible()
        expect(row.locator(".how")).to_contain_text("Chatbot")
        expect(office.locator("[data-live-status]")).to_contain_text("New booking: Gus Guest")
        expect(figure(office, "booked-today")).to_have_text("1")
        expect(row).not_to_have_attribute("data-changed", "")
        assert office.evaluate("window.unloaded") is False


@pytest.mark.thorough
def test_what_becomes_of_a_booking_and_who_is_focused(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with people(browser, live) as somebody:
        office = somebody("/admin/", email=ADMIN)
        is_live(office)
        link = office.locator(".bookings").get_by_role("link", name="Gus Guest")
        link.focus()
        cast.booked(cast.as_ana, cast.at(11), contact=cast.guest("Ana Ruiz"))
        expect(office.locator(".bookings li")).to_have_count(2)
        transitions.cancel(cast.as_desk, visit.pk)
        expect(figure(office, "cancelled")).to_have_text("1")
        expect(office.locator(f'.bookings [data-key="{visit.pk}"] .how')).to_contain_text("Cancelled")
        expect(office.locator(".bookings li a").first).to_have_text("Ana Ruiz")
        expect(link).to_be_focused()
        expect(office.get_by_text("Healthy", exact=True)).to_be_visible()
        office.context.set_offline(True)
        expect(office.locator("[data-connection]")).to_contain_text("You are offline")


@pytest.mark.thorough
def test_a_list_counts_what_comes(cast: Cast, live: str, browser: Browser) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with people(browser, live) as somebody:
        office = somebody("/admin/appointments/appointment/?booking_source__exact=manual", email=ADMIN)
        is_live(office)
        pager, heading = office.locator("[data-pager]"), office.locator("h1")
        expect(pager).to_contain_text("1 appointment")
        expect(heading).to_contain_text("1 result")
        office.locator(".action-select").check()
        cast.booked(cast.as_ana, cast.at(13), contact=cast.guest("Ana Ruiz"))
        expect(pager).to_contain_text("2 appointments")
        expect(heading).to_contain_text("2 results")
        expect(office.locator(".action-select:checked")).to_have_count(1)


def test_without_scripts_it_shows_the_same(cast: Cast, live: str, browser: Browser) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with people(browser, live, java_script_enabled=False) as somebody:
        office = somebody("/admin/", email=ADMIN)
        expect(figure(office, "booked-today")).to_have_text("1")
        expect(office.locator(".bookings li")).to_have_count(1)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_keeps_to_wcag(cast: Cast, live: str, browser: Browser, screen: dict[str, Any], scheme: str) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with people(browser, live, color_scheme=scheme, **screen) as somebody:
        office = somebody("/admin/", email=ADMIN)
        is_live(office)
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
        issues = Axe().run(office, context=".front-page", options=rules)
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in issues.response["violations"]] == []
        assert office.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_and_forms_keep_to_wcag(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any], scheme: str
) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    found = []
    with people(browser, live, color_scheme=scheme, **screen) as somebody:
        office = somebody("/admin/appointments/appointment/", email=ADMIN)
        for path in (
            "appointments/appointment",
            "history/change",
            "core/clinicsettings/1/change",
            "dentists/dentist/add",
        ):
            office.goto(f"{live}/admin/{path}/")
            issues = Axe().run(office, options=rules)
            found += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in issues.response["violations"]]
            assert office.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert found == []
