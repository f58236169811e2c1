"""The dentist's calendar in a real Chromium: moving by pointer and by keys, booking and time off from free time, live."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, expect

from appointments.models import Appointment
from availability.models import TimeOff
from clinic.core import db
from tests.browser.calendar_page import block, calendar, drag, stands, stored
from tests.browser.conftest import PHONE
from tests.browser.people import is_live, people, tab_to
from tests.browser.test_content_policy import listen
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def test_a_visit_is_dragged_to_another_day_and_back_by_undo(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=1.25, days=1, drop=False)
        expect(page.locator("[data-ghost]")).to_contain_text("10:15")
        page.mouse.up()
        stands(page, visit, cast.at(10, 15, days=1))
        assert stored(visit) == cast.at(10, 15, days=1)
        expect(page.locator("[data-answer]")).to_contain_text("Gus Guest is moved")
        page.get_by_role("button", name="Undo").click()
        stands(page, visit, cast.at(9))
        assert stored(visit) == cast.at(9)


def test_a_taken_time_gives_the_block_back_says_why_and_offers_the_nearest(
    cast: Cast, live: str, browser: Browser
) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    cast.booked(cast.nobody("other"), cast.at(10), contact=cast.guest("Olga Other"))
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=1)
        answer = page.locator("[data-answer]")
        expect(answer).to_contain_text("Somebody else has just taken this time.")
        expect(answer).to_be_focused()
        stands(page, visit, cast.at(9))
        answer.get_by_role("button", name=re.compile("10:30")).click()
        stands(page, visit, cast.at(10, 30))
    assert stored(visit) == cast.at(10, 30)


@pytest.mark.thorough
def test_outside_the_hours_only_knowingly(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(11)).appointment
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=1.25)
        expect(page.locator("[data-answer]")).to_contain_text("The dentist offers no visit at this time.")
        assert stored(visit) == cast.at(11)
        page.get_by_role("button", name="Move it there all the same").click()
        stands(page, visit, cast.at(12, 15))


@pytest.mark.thorough
def test_escape_leaves_a_drag_and_a_click_opens_the_visit(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        drag(page, visit, hours=2, drop=False)
        page.keyboard.press("Escape")
        expect(page.locator("[data-ghost]")).to_be_hidden()
        page.mouse.up()
        assert stored(visit) == cast.at(9)
        block(page, visit).click()
        expect(page.get_by_role("heading", name="Gus Guest")).to_be_visible()


def test_a_visit_is_moved_by_keys_alone(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        link = block(page, visit).locator("a")
        said = page.locator("[data-calendar-status]")
        link.focus()
        page.keyboard.press("m")
        expect(said).to_contain_text("Moving Gus Guest")
        for key in ("ArrowDown", "ArrowDown", "PageDown", "ArrowRight"):
            page.keyboard.press(key)
        expect(said).to_contain_text("10:30")
        page.keyboard.press("Escape")
        expect(said).to_have_text("Gus Guest stays where it was.")
        assert stored(visit) == cast.at(9)
        for key in ("m", "PageDown", "ArrowRight", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        stands(page, visit, cast.at(9, 45, days=1))
        expect(link).to_be_focused()
    assert stored(visit) == cast.at(9, 45, days=1)


def test_a_click_on_free_time_books_from_there(cast: Cast, live: str, browser: Browser) -> None:
    with calendar(cast, browser, live) as page:
        gap = page.locator(f'[data-column="{cast.monday}"] .gap').first
        gap.click(position={"x": 40, "y": 96 * 1.5 + 20})
        expect(page.get_by_label("Time")).to_have_value("10:30")
        page.get_by_label("Full name").fill("Nora New")
        page.get_by_role("button", name="Book this visit").click()
        expect(page.get_by_text("Nora New is booked.")).to_be_visible()
    with db.as_owner():
        assert Appointment.objects.get().starts_at == cast.at(10, 30)


@pytest.mark.thorough
def test_a_drag_over_free_time_takes_it_off(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(15)).appointment
    with calendar(cast, browser, live) as page:
        column = page.locator(f'[data-column="{cast.monday}"]')
        column.scroll_into_view_if_needed()
        box = column.bounding_box()
        assert box is not None
        x, top = box["x"] + 60, box["y"]
        page.mouse.move(x, top + 96 * 6 + 5)
        page.mouse.down()
        page.mouse.move(x, top + 96 * 7, steps=4)
        page.mouse.move(x, top + 96 * 8, steps=4)
        expect(page.locator("[data-ghost]")).to_contain_text("Take time off")
        page.mouse.up()
        expect(page.get_by_label("At")).to_have_value("14:00")
        page.get_by_role("button", name="Save my time off").click()
        expect(page.get_by_text("This hits 1 booked visit")).to_be_visible()
        page.get_by_role("button", name="Save all the same").click()
        expect(page.get_by_text("Your time off is saved")).to_be_visible()
    with db.as_owner():
        assert list(TimeOff.objects.values_list("starts_at", "ends_at")) == [(cast.at(14), cast.at(16))]
    assert stored(visit) == cast.at(15)


def test_time_off_is_taken_by_keys_alone(cast: Cast, live: str, browser: Browser) -> None:
    with calendar(cast, browser, live) as page:
        said, ghost = page.locator("[data-calendar-status]"), page.locator("[data-ghost]")
        tab_to(page, f'[data-column="{cast.monday}"] .gap a')
        page.keyboard.press("o")
        expect(said).to_contain_text("Arrow keys change the end")
        expect(ghost).to_contain_text(re.compile("9:00.AM – 10:00.AM"))
        page.keyboard.press("Escape")
        expect(ghost).to_be_hidden()
        for key in ("o", "PageDown", "ArrowDown", "Shift+PageDown", "Shift+ArrowUp"):
            page.keyboard.press(key)
        expect(ghost).to_contain_text(re.compile("9:45.AM – 11:15.AM"))
        page.keyboard.press("Enter")
        expect(page.get_by_label("Until")).to_have_value("11:15")
        tab_to(page, "form.card button")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your time off is saved")).to_be_visible()
    with db.as_owner():
        assert list(TimeOff.objects.values_list("starts_at", "ends_at")) == [(cast.at(9, 45), cast.at(11, 15))]


@pytest.mark.thorough
def test_neither_policy_nor_script_complains_of_a_move(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with calendar(cast, browser, live) as page:
        said = listen(page)
        page.reload()
        is_live(page)
        drag(page, visit, hours=1, days=2)
        stands(page, visit, cast.at(10, days=2))
        assert said == []


def test_a_phone_shows_one_day_and_a_long_press_moves(cast: Cast, live: str, browser: Browser) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    cast.booked(cast.nobody("other"), cast.at(9, days=1), contact=cast.guest("Olga Other"))
    with calendar(cast, browser, live, **PHONE) as page:
        expect(page.get_by_text("Gus Guest")).to_be_visible()
        expect(page.get_by_text("Olga Other")).to_be_hidden()
        box = block(page, visit).bounding_box()
        assert box is not None
        finger = page.context.new_cdp_session(page)

        def touch(kind: str, y: float) -> None:
            points = [] if kind == "touchEnd" else [{"x": box["x"] + 50, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        top = box["y"] + 10
        touch("touchStart", top)
        expect(page.locator("[data-ghost]")).to_be_visible()
        for part in (20, 60, 120):
            touch("touchMove", top + part)
        touch("touchEnd", 0)
        stands(page, visit, cast.at(10))
        page.get_by_role("navigation", name="Days of the week").get_by_role("link", name="Tuesday").click()
        expect(page.get_by_text("Olga Other")).to_be_visible()
        expect(page.get_by_text("Gus Guest")).to_have_count(0)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_calendar_is_accessible(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any], scheme: Any
) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    cast.booked(cast.nobody("other"), cast.at(10), contact=cast.guest("Olga Other"), treatment=cast.filling.pk)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(14), ends_at=cast.at(16), reason="Course")
    year, week, _day = cast.monday.isocalendar()
    found: dict[str, list[str]] = {}
    with people(browser, server, color_scheme=scheme, **screen) as somebody:
        page = somebody(email=cast.weber.email)
        for path in (
            f"/dentist/calendar?week={year}-W{week:02}",
            f"/dentist/calendar?date={cast.monday}",
            f"/dentist/calendar?date={cast.monday + timedelta(days=6)}",
            f"/dentist/calendar/book?date={cast.monday}&time=11:00&q=o",
            f"/dentist/ill?date={cast.monday}",
            "/dentist/hours",
            "/dentist/profile",
            "/dentist/",
        ):
            page.goto(f"{server}{path}")
            issues = Axe().run(
                page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
            )
            if issues.violations_count:
                found[path] = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in issues.response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.setdefault(path, []).append("scrolls sideways")
    assert found == {}
