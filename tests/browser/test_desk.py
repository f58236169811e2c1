"""The front desk in a real browser: by keyboard alone, and on a sheet that changes under one's eyes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, Route, expect

from appointments.booking import book
from appointments.models import Appointment
from clinic.core import clock, db
from tests.browser.people import is_live, people, tab_to
from tests.factories import Cast

pytestmark = pytest.mark.browser
DESK = "dana@example.org"


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def visit_on(cast: Cast, hour: int, name: str = "Gus Guest", **changes: Any) -> Appointment:
    return cast.booked(cast.nobody(name), cast.at(hour), contact=cast.guest(name), **changes).appointment


def stored() -> list[Appointment]:
    with db.as_owner():
        return list(Appointment.objects.order_by("created_at"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")).strip()


def type_out(page: Page, *keys: str) -> int:
    """Presses these keys, one after the other, as a hand would: a text letter by letter. Returns how many there were."""
    pressed = 0
    for key in keys:
        if len(key) == 1 or key in NAMED:
            page.keyboard.press(key)
            pressed += 1
        else:
            page.keyboard.type(key)
            pressed += len(key)
    return pressed


NAMED = {"Enter", "Tab", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Escape"}


# Seconds that people who type a little need, by the keystroke-level model (Card, Moran and Newell 1980).
TO_PRESS_A_KEY, TO_THINK = 0.28, 1.35


def test_somebody_known_is_booked_from_a_gap_by_keyboard_alone(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}#g-{cast.weber.pk}-09:30", email=DESK)
        expect(desk.locator("[data-cell]:focus")).to_have_attribute("id", f"g-{cast.weber.pk}-09:30")
        pressed = type_out(desk, "Enter")
        expect(desk.get_by_role("combobox", name="Person", exact=True)).to_be_focused()
        pressed += type_out(desk, "ana", "Enter")
        expect(desk.locator("[data-known]")).to_contain_text("Ana Ruiz")
        expect(desk.get_by_label("Treatment")).to_be_focused()
        pressed += type_out(desk, "Enter")
        expect(desk.locator(".messages")).to_contain_text("Booked: Ana Ruiz")
        expect(desk.locator(".messages")).to_be_in_viewport()
        assert [(one.patient_id, one.starts_at, one.dentist_id) for one in stored()] == [
            (cast.ana_herself.pk, cast.at(9, 30), cast.weber.pk)
        ]
        assert pressed == 6
        expect(desk.locator("[data-cell]:focus")).to_contain_text("Ana Ruiz")


def test_enter_waits_for_the_answer_to_what_was_typed(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/book?date={cast.monday}&dentist={cast.weber.pk}&time=09:30", email=DESK)
        waiting: list[Route] = []
        desk.route("**/*q=ana*", lambda route: waiting.append(route))
        with desk.expect_request("**/*q=ana*"):
            type_out(desk, "ana")
        type_out(desk, "Enter")
        (asked,) = waiting
        asked.continue_()
        expect(desk.locator("[data-known]")).to_contain_text("Ana Ruiz")
        assert stored() == []


def test_somebody_new_is_booked_at_the_first_free_time_by_keyboard_alone(
    cast: Cast, live: str, browser: Browser
) -> None:
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}", email=DESK)
        pressed = type_out(desk, "n")
        expect(desk.get_by_role("combobox", name="Person", exact=True)).to_be_focused()
        pressed += type_out(desk, "Nora New", "Enter")
        expect(desk.get_by_role("textbox", name="Phone")).to_be_focused()
        pressed += type_out(desk, "0305550123", "Enter")
        expect(desk.locator(".messages")).to_contain_text("Booked: Nora New")
        assert [(one.patient_name, one.patient_phone, one.starts_at) for one in stored()] == [
            ("Nora New", "+49305550123", cast.at(9))
        ]
        assert pressed * TO_PRESS_A_KEY + 3 * TO_THINK < 20  # seconds


def test_another_treatment_brings_its_own_first_free_time(cast: Cast, live: str, browser: Browser) -> None:
    visit_on(cast, 9)
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/book?date={cast.monday}&person={cast.ana_herself.pk}", email=DESK)
        expect(desk.get_by_label("Treatment")).to_be_focused()
        waiting: list[Route] = []
        desk.route("**/desk/book?treatment=*", lambda route: waiting.append(route))
        with desk.expect_request("**/desk/book?treatment=*"):
            desk.keyboard.type("fill")
        desk.keyboard.press("Enter")  # before the times of a filling are there
        (asked,) = waiting
        asked.continue_()
        expect(desk.locator(".messages")).to_contain_text("Booked: Ana Ruiz")
        assert [(one.treatment_name, one.starts_at) for one in stored()] == [
            ("Check-up", cast.at(9)),
            ("Filling", cast.at(9, 45)),
        ]


def test_a_time_that_somebody_else_takes_is_told_with_the_nearest(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody(
            f"/desk/book?date={cast.monday}&dentist={cast.weber.pk}&time=09:00&person={cast.ana_herself.pk}", email=DESK
        )
        expect(desk.locator("[data-hold-line]")).to_contain_text("Kept for you until")
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute("DELETE FROM availability_reservation")  # as if its minutes had passed
        visit_on(cast, 9)
        desk.get_by_role("button", name="Book", exact=True).press("Enter")
        expect(desk.get_by_role("alert")).to_contain_text("Somebody else has just taken this time.")
        chip = desk.locator(".chip").first
        expect(chip).to_contain_text("9:30")
        chip.press("Enter")
        expect(desk.get_by_role("textbox", name="Time")).to_have_value("09:30")
        desk.keyboard.press("Enter")
        expect(desk.locator(".messages")).to_contain_text("Booked: Ana Ruiz")
        assert [one.starts_at for one in stored()] == [cast.at(9), cast.at(9, 30)]


@pytest.mark.thorough
def test_arrow_keys_walk_through_the_day(cast: Cast, live: str, browser: Browser) -> None:
    visit_on(cast, 10)
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}#g-{cast.weber.pk}-09:30", email=DESK)
        told = [focused(desk)]
        for key in ("ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight", "Home", "ArrowDown", "End"):
            desk.keyboard.press(key)
            told.append(desk.evaluate("document.activeElement.id || document.activeElement.className"))
        visit = stored()[0]
        w, o = cast.weber.pk, cast.okafor.pk
        assert told[1:] == [
            f"v-{visit.pk}", f"g-{o}-10:00", f"g-{o}-09:30", f"g-{w}-09:30", "absent", f"g-{w}-09:00", f"g-{w}-16:30",
        ]  # fmt: skip
        assert desk.locator("[data-sheet] [tabindex='0']").count() == 1


@pytest.mark.thorough
def test_shortcuts_rest_while_somebody_types_and_can_be_switched_off(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}", email=DESK)
        type_out(desk, "/")
        expect(desk.locator("#find")).to_be_focused()
        type_out(desk, "tnj?")
        expect(desk.locator("#find")).to_have_value("tnj?")
        desk.locator("h1").click()
        type_out(desk, "?")
        expect(desk.get_by_role("dialog")).to_be_visible()
        desk.get_by_label("Use shortcuts of a single letter").uncheck()
        type_out(desk, "Escape")
        expect(desk.get_by_role("dialog")).to_be_hidden()
        type_out(desk, "j", "?")
        expect(desk.get_by_role("dialog")).to_be_hidden()
        expect(desk).to_have_url(re.compile(f"date={cast.monday}"))
        desk.get_by_role("button", name="Keyboard shortcuts").click()
        desk.get_by_label("Use shortcuts of a single letter").check()
        type_out(desk, "Escape", "j")
        expect(desk).to_have_url(re.compile(f"date={cast.monday + timedelta(days=1)}"))


@pytest.mark.thorough
def test_a_person_is_found_in_a_few_keystrokes(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody("/desk/absence", email=DESK)
        type_out(desk, "/", "ben", "Enter")
        expect(desk.get_by_role("heading", name="Ben Krause")).to_be_visible()


def todays(cast: Cast) -> Appointment:
    """A visit that should have begun ten minutes ago."""
    start = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    wish = cast.wish(start, contact=cast.guest("Late Larry"), outside_rules=True)
    return book(cast.as_desk, wish).appointment


@pytest.mark.thorough
def test_who_is_late_is_checked_in_by_one_key(cast: Cast, live: str, browser: Browser) -> None:
    visit = todays(cast)
    day = clock.local(visit.starts_at).date()
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={day}#v-{visit.pk}", email=DESK)
        block = desk.locator(f'[data-key="{visit.pk}"]')
        expect(block).to_contain_text(re.compile(r"1\d min late"))
        type_out(desk, "c")
        expect(block).to_contain_text("Checked in")
        expect(desk.locator(f"#v-{visit.pk}")).to_be_focused()
        type_out(desk, "u")
        expect(block).to_contain_text("min late")
        type_out(desk, "x")
        expect(desk.get_by_role("region", name="Cancelled and missed")).to_contain_text("Late Larry")
        expect(desk.locator(f"#v-{visit.pk}")).to_be_focused()
        type_out(desk, "u")
        expect(block).to_contain_text("min late")
        assert [one.status for one in stored()] == ["confirmed"]


def handled(page: Page, key: str, *, repeat: bool) -> bool:
    """Whether the page does something on a key that is pressed, or that goes on being held."""
    down = "new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true })"
    done: bool = page.evaluate(
        f"({{ key, repeat }}) => !document.body.dispatchEvent({down})", {"key": key, "repeat": repeat}
    )
    return done


def test_a_caller_is_found_checked_in_and_that_undone_by_keys_alone(cast: Cast, live: str, browser: Browser) -> None:
    todays(cast)
    with people(browser, live) as somebody:
        desk = somebody("/desk/", email=DESK)
        type_out(desk, "/", "larry", "Enter")
        expect(desk.get_by_role("heading", name="Late Larry")).to_be_visible()
        tab_to(desk, ".rows a")
        type_out(desk, "Enter")
        expect(desk.get_by_role("heading", name="What now?")).to_be_visible()
        for key, status in (("c", "checked_in"), ("u", "confirmed"), ("x", "no_show"), ("u", "confirmed")):
            type_out(desk, key)
            expect(desk.locator(".messages")).to_contain_text("Saved")
            assert [one.status for one in stored()] == [status]
            desk.reload()
        assert [handled(desk, "m", repeat=held) for held in (True, False)] == [False, True]


def test_the_sheet_changes_under_the_desks_eyes_and_keeps_the_place(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}#g-{cast.weber.pk}-09:30", email=DESK)
        is_live(desk)
        visit = visit_on(cast, 11)
        expect(desk.locator(f'[data-key="{visit.pk}"]')).to_contain_text("Gus Guest")
        expect(desk.locator("[data-live-status]")).to_contain_text("Gus Guest")
        expect(desk.locator("[data-cell]:focus")).to_have_attribute("id", f"g-{cast.weber.pk}-09:30")
        desk.keyboard.press("ArrowDown")
        expect(desk.locator("[data-cell]:focus")).to_have_attribute("id", f"g-{cast.weber.pk}-10:00")


def test_a_phone_shows_one_dentist_and_switches(cast: Cast, live: str, browser: Browser) -> None:
    visit_on(cast, 9)
    late = todays(cast)
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with people(browser, live, java_script_enabled=False, **phone) as somebody:
        desk = somebody(f"/desk/?date={cast.monday}", email=DESK)
        expect(desk.get_by_role("row")).to_have_count(1)
        desk.get_by_role("navigation", name="Dentist", exact=True).get_by_role("link", name="Dr. Eva Weber").click()
        block = desk.get_by_role("gridcell").filter(has_text="Gus Guest")
        expect(block).to_be_visible()
        small = [box for one in desk.locator(".piece a:visible").all() if (box := one.bounding_box())["height"] < 44]  # type: ignore[index]  # visible, so it has a box
        assert small == []
        block.get_by_role("link").click()
        expect(desk.get_by_role("heading", name="Gus Guest")).to_be_visible()
        desk.goto(f"{live}/desk/visits/{late.pk}")
        desk.get_by_role("button", name="Check in").click()
        expect(desk.locator(".messages")).to_contain_text("Late Larry, Checked in")


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_desk_keeps_to_wcag(
    cast: Cast, live: str, browser: Browser, screen: dict[str, Any], scheme: str
) -> None:
    visit, late = visit_on(cast, 9), todays(cast)
    paths = [
        f"/desk/?date={cast.monday}", f"/desk/?date={late.appointment_date}", "/desk/book", "/desk/people?q=ana",
        f"/desk/people/{visit.patient_id}", f"/desk/visits/{visit.pk}",
        f"/desk/absence?dentist={cast.weber.pk}&date={cast.monday}",
    ]  # fmt: skip
    found: dict[str, Any] = {}
    with people(browser, live, color_scheme=scheme, **screen) as somebody:
        desk = somebody(email=DESK)
        for path in paths:
            desk.goto(f"{live}{path}")
            issues = Axe().run(desk, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
            if issues.violations_count:
                found[path] = [(one["id"], one["nodes"][0]["html"][:200]) for one in issues.response["violations"]]
            if desk.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found[f"{path} is"] = "too wide"
    assert found == {}
