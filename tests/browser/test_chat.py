"""The chat window in a real Chromium: by keyboard alone, live, and with the network away."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect

from appointments.models import Appointment
from availability import schedule
from availability.models import Closure
from availability.schedule import WeeklyInterval
from clinic.core import db
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import is_live, people
from tests.factories import Cast

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# Without motion, so that colours are what they will be.
STILL = PHONE | {"reduced_motion": "reduce"}
# The next answer that a page gets has been read on the server, and comes when the test lets it.
HOLD_THE_FIRST = """() => {
    const { fetch } = window;
    let isFirst = true, arrived, passed;
    window.held = new Promise((done) => (arrived = done));
    window.came = new Promise((done) => (passed = done));
    window.fetch = async (...request) => {
        const isLate = isFirst;
        isFirst = false;
        const answer = await fetch(...request), words = await answer.text();
        if (isLate) await new Promise((come) => { window.come = come; arrived(); });
        answer.text = async () => (isLate && setTimeout(passed), words);
        return answer;
    };
}"""
NOTHING_GRAVE = (":none", ":bearable", ":no")


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def complaints(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page, options=RULES).response["violations"]]


def say(page: Page, text: str, lines: int) -> None:
    """Types a message, sends it with the return key, and waits until so many messages are on show."""
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-chat][data-messages="{lines}"]')).to_be_attached()


def tab_to(page: Page, target: Locator) -> None:
    """Goes on to an element with the tab key alone."""
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not lead to {target}")


def ask_for_monday(cast: Cast, page: Page) -> Locator:
    """Opens the window and asks for that Monday; gives the offered times."""
    page.get_by_role("button", name="Ask us").click()
    say(page, f"check-up on {cast.monday:%-d %B %Y} with Dr. Weber, nothing hurts", 3)
    return page.locator(".chat-time")


def free(chips: Locator) -> Locator:
    return chips.and_(chips.page.locator(":not([aria-disabled])"))


def take(cast: Cast, chip: Locator) -> None:
    """Somebody else books what the chip offers."""
    start, dentist = chip.get_attribute("data-start"), chip.get_attribute("data-dentist")
    cast.booked(
        cast.as_ben, datetime.fromisoformat(str(start)), dentist=UUID(dentist), contact=cast.guest("Ben Krause")
    )


def test_from_a_tooth_that_hurts_to_a_visit_without_a_mouse(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live, **STILL) as somebody:
        page = somebody("/find-visit")
        assert complaints(page) == [], "closed"
        tab_to(page, page.get_by_role("button", name="Ask us"))
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your message")).to_be_focused()
        assert complaints(page) == [], "open, with choices"
        say(page, "my tooth hurts", 3)
        for lines in range(5, 25, 2):
            choices = page.locator(".chat-choice:not(.chat-aside *)")
            ids = [str(one.get_attribute("value")) for one in choices.all()]
            if not ids[0].startswith("answer:"):
                break
            calm = next(number for number, one in enumerate(ids) if one.endswith(NOTHING_GRAVE))
            tab_to(page, choices.nth(calm))
            page.keyboard.press("Enter")
            expect(page.locator(f'[data-chat][data-messages="{lines}"]')).to_be_attached()
            expect(page.get_by_role("group", name="Answers")).to_be_focused()
        if page.locator(".chat-time").count() == 0:
            tab_to(page, page.locator(".chat-choice[value^='treatment:']").first)
            page.keyboard.press("Enter")
        tab_to(page, page.locator(".chat-time").first)
        assert complaints(page) == [], "times"
        page.keyboard.press("Enter")
        expect(page.get_by_text("What is your first and last name?")).to_be_visible()
        tab_to(page, page.get_by_label("Your message"))
        page.keyboard.type("Mia Sample, mia@example.org, 030 7654321")
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("button", name="Yes, book it"))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("link", name="See your visit"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="You are booked, Mia Sample")).to_be_visible()
    with db.as_owner():
        visit = Appointment.objects.get()
    assert (visit.booking_source, visit.triage_band) == ("chatbot", "soon")


def test_offers_grey_out_and_are_replaced_under_the_readers_eyes(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live, **STILL) as somebody:
        page = somebody("/find-visit")
        chips = ask_for_monday(cast, page)
        count, first = chips.count(), chips.nth(1)
        place = first.bounding_box()
        first.focus()
        take(cast, first)
        expect(first).to_have_attribute("aria-disabled", "true")
        expect(first).to_contain_text("no longer free")
        expect(chips).to_have_count(count + 1)
        expect(free(chips)).to_have_count(count)
        expect(first).to_be_focused()
        assert first.bounding_box() == place
        expect(page.locator("[data-chat-status]")).to_contain_text("is no longer free. Free instead: Mon")
        page.keyboard.press("Enter")
        expect(page.locator("[data-chat][data-messages='3']")).to_be_attached()

        hours = [WeeklyInterval(0, time(13), time(16), "everyone")]
        schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, hours)
        expect(chips.filter(has_text="09:00")).to_have_attribute("aria-disabled", "true")
        expect(free(chips)).to_have_count(count)
        expect(free(chips).filter(has_text="13:15").or_(free(chips).filter(has_text="13:30")).first).to_be_visible()

        with db.as_owner():
            Closure.objects.create(date=cast.monday, name="Water damage")
        expect(page.get_by_role("log")).to_contain_text("Nothing is free then")
        expect(page.get_by_role("group", name="Answers")).to_be_focused()
        expect(free(chips).first).not_to_contain_text(f"{cast.monday:%a} {cast.monday.day} ")
        free(chips).first.click()
        expect(page.get_by_text("What is your first and last name?")).to_be_visible()


def test_what_the_chat_books_the_dentist_and_the_admin_see_at_once(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live) as somebody:
        dentist = somebody(f"/dentist/?day={cast.monday}", email=cast.weber.email)
        admin = somebody("/admin/appointments/appointment/", email="ada@example.org")
        for page in (dentist, admin):
            is_live(page)
        chat = somebody("/", **PHONE)
        ask_for_monday(cast, chat).first.click()
        expect(chat.get_by_text("What is your first and last name?")).to_be_visible()
        say(chat, "Mia Sample, mia@example.org, 030 7654321", 7)
        chat.get_by_role("button", name="Yes, book it").click()
        expect(chat.get_by_role("link", name="See your visit")).to_be_visible()
        expect(dentist.get_by_role("article", name="Mia Sample")).to_contain_text("Chatbot")
        expect(dentist.locator(".toast[data-source=chatbot]")).to_contain_text("Mia Sample")
        expect(admin.locator("#result_list tr", has_text="Mia Sample")).to_contain_text("Chatbot")


def test_the_window_keeps_its_place_its_words_and_its_manners(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, **STILL) as somebody:
        page = somebody("/find-visit")
        button, field = page.get_by_role("button", name="Ask us"), page.get_by_label("Your message")
        button.click()
        expect(field).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
        page.reload()
        expect(page.get_by_role("dialog")).to_be_hidden()
        button.click()
        say(page, "what are your opening hours?", 3)
        page.goto(f"{server}/accounts/sign-in")
        expect(page.get_by_role("dialog")).to_contain_text("what are your opening hours?")

        page.context.set_offline(True)
        field.fill("my face is swollen and I can hardly breathe")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("You are offline")
        expect(field).to_have_value("my face is swollen and I can hardly breathe")
        assert complaints(page) == [], "not sent"
        page.context.set_offline(False)
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
        expect(page.locator(".said-own")).to_have_count(2)
        expect(field).to_have_value("")
        expect(page.locator(".chat-time")).to_have_count(0)
        assert complaints(page) == [], "an emergency"
        page.get_by_role("link", name="New conversation").click()
        expect(page.locator(".said")).to_have_count(1)


def test_an_answer_that_gets_lost_is_not_said_twice(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, **STILL) as somebody:
        page = somebody("/chat")
        lost: list[Any] = []

        def lose(route: Any) -> None:
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch(max_redirects=0))
                route.abort()
            else:
                route.continue_()

        page.route("**/chat**", lose)
        page.get_by_label("Your message").fill("hello")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("could not be sent")
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("[data-chat][data-messages='3']")).to_be_attached()
        expect(page.locator(".said-own")).to_have_count(1)

        # What was asked for before a message and comes after its answer shows nothing of the past.
        page.unroute("**/chat**")
        page.evaluate(HOLD_THE_FIRST)
        page.evaluate("dispatchEvent(new Event('online'))")
        page.evaluate("held")
        say(page, "what are your opening hours?", 5)
        page.evaluate("come(), came")
        expect(page.get_by_role("log")).to_contain_text("We are open")
        expect(page.locator("[data-chat][data-messages='5']")).to_be_attached()


@pytest.mark.thorough
def test_the_window_covers_nothing_of_a_page_that_has_room(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, **DESKTOP) as somebody:
        page = somebody("/")
        page.get_by_role("button", name="Ask us").click()
        expect(page.locator(".said")).to_be_visible()
        covered = page.evaluate(
            "() => [...document.querySelectorAll('main *, footer *, header *')].filter((one) =>"
            " one.getBoundingClientRect().right > document.querySelector('.chat-window').getBoundingClientRect().left + 1"
            " && one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80))"
        )
        assert covered == []
        page.get_by_role("link", name="Dr. Eva Weber").click()
        expect(page.get_by_role("heading", name="Dr. Eva Weber")).to_be_visible()
        expect(page.locator(".said")).to_be_visible()
        page.set_viewport_size({"width": 800, "height": 700})
        expect(page.locator("html[data-chat=over]")).to_be_attached()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.thorough
@pytest.mark.parametrize("screen", [PHONE, DESKTOP, {"viewport": {"width": 320, "height": 568}}], ids=str)
def test_the_button_hides_no_focus(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with people(browser, server, **screen) as somebody:
        page = somebody("/")
        hidden = []
        for _ in range(60):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "() => { const one = document.activeElement, a = one.getBoundingClientRect();"
                " const b = document.querySelector('[data-chat-open]').getBoundingClientRect();"
                " const under = a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;"
                " return [one.dataset.chatOpen !== undefined, under, one.outerHTML.slice(0, 80)] }"
            )
            if found[0]:
                break
            if found[1]:
                hidden.append(found[2])
        assert hidden == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["viewport"]["width"]


@pytest.mark.thorough
def test_two_pages_of_one_person_say_the_same_until_the_session_ends(cast: Cast, live: str, browser: Browser) -> None:
    with people(browser, live, **(DESKTOP | {"reduced_motion": "reduce"})) as somebody:
        first = somebody("/chat", email="ana@example.org")
        say(first, "hello", 3)
        second = first.context.new_page()
        second.goto(f"{live}/chat")
        expect(second.locator("[data-chat][data-messages='3']")).to_be_attached()
        say(first, "what are your opening hours?", 5)
        expect(second.get_by_role("log")).to_contain_text("We are open")
        first.get_by_role("button", name="Sign out").click()
        expect(second.get_by_role("alert")).to_contain_text("no longer open here")
        expect(second.get_by_role("log")).not_to_contain_text("hello")
