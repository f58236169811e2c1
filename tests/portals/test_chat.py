"""Talking with the chatbot by plain forms, as a browser without JavaScript sends them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from appointments.models import Appointment
from chatbot.conversations import LONGEST_TEXT
from chatbot.models import Conversation
from clinic.accounts.requests import HOLDER_COOKIE
from clinic.core import db
from clinic.core.models import ClinicSettings
from clinic.portals.chat import shown
from tests.factories import Cast

FRAGMENT = {"X-Fragment": "1"}


class Browser:
    """A browser in which somebody chats: what is on show, and what is pressed there."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page: Any = client.get("/chat")
        assert self.page.status_code == 200

    def send(self, **values: str) -> Any:
        """Sends a form that stands on the page, and follows to where it leads."""
        action, key = self.page.context["action"], self.page.context["key"]
        self.page = self.client.post(action, {"key": key} | values, follow=True)
        assert self.page.status_code == 200, self.page
        return self.page

    def say(self, text: str) -> Any:
        return self.send(text=text)

    def press(self, choice: str) -> Any:
        return self.send(choice=choice)

    @property
    def text(self) -> str:
        return str(self.page.content.decode())

    @property
    def chips(self) -> list[shown.Chip]:
        found: list[shown.Chip] = self.page.context["chips"]
        return found

    @property
    def said(self) -> list[str]:
        return [" / ".join(line.paragraphs) for line in self.page.context["lines"]]

    def yes(self) -> Any:
        return self.press(next(one["id"] for one in self.page.context["choices"] if one["id"].startswith("yes:")))


@pytest.fixture
def visitor(cast: Cast, client: Client) -> Browser:
    return Browser(client)


def offered(cast: Cast, visitor: Browser) -> Browser:
    visitor.say(f"check-up on {cast.monday:%-d %B %Y} with Dr. Weber, nothing hurts")
    assert visitor.chips
    return visitor


def conversations() -> int:
    with db.as_owner():
        return Conversation.objects.count()


def pieces(page: HttpResponse, path: str) -> str:
    """A page without what is new with every answer, and without the path that was asked for."""
    text = page.content.decode().replace(path, "")
    return re.sub(r'(name="csrfmiddlewaretoken" value|data-now)="\w+"', "", text)


def test_looking_stores_nothing_and_sets_no_cookie(cast: Cast, visitor: Browser) -> None:
    assert "What can I do for you?" in visitor.text
    assert (conversations(), HOLDER_COOKIE in visitor.client.cookies) == (0, False)


def test_a_visit_is_booked_by_plain_forms(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor)
    assert visitor.page.redirect_chain[-1] == (f"{visitor.page.context['action']}#said-2", 302)
    assert 'id="said-2"' in visitor.text
    visitor.press(visitor.chips[1].id)
    visitor.say("Mia Sample, mia@example.org, 030 7654321")
    visitor.yes()
    with db.as_owner():
        visit = Appointment.objects.get()
    assert (visit.booking_source, visit.patient_name) == ("chatbot", "Mia Sample")
    own = visitor.client.get(visitor.page.context["visit_url"])
    assert (own.status_code, visit.booking_reference in " ".join(own.content.decode().split())) == (200, True)


def test_what_was_said_is_there_on_the_next_page_and_a_new_conversation_at_hand(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor)
    again = Browser(visitor.client)
    assert (again.said, again.page.context["action"]) == (visitor.said, visitor.page.context["action"])
    anew = visitor.client.get("/chat?new")
    assert (len(anew.context["lines"]), anew.context["action"]) == (1, "/chat")
    assert Browser(Client()).page.context["action"] == "/chat", "in another browser nothing was said"


def test_a_form_that_is_sent_twice_says_it_once(cast: Cast, visitor: Browser) -> None:
    first = {"key": visitor.page.context["key"], "text": "hello"}
    for _ in range(2):
        visitor.page = visitor.client.post("/chat", first, follow=True)
    assert (conversations(), len(visitor.said)) == (1, 3)
    action, second = visitor.page.context["action"], {"key": visitor.page.context["key"], "text": "opening hours"}
    answers = [visitor.client.post(action, second, headers=FRAGMENT) for _ in range(2)]
    assert [len(answer.context["lines"]) for answer in answers] == [5, 5]
    other = visitor.client.post(action, second | {"text": "prices"})
    assert (other.status_code, len(other.context["lines"]), other.context["problem"].text) == (422, 5, "prices")


def test_the_window_gets_the_answer_at_once_and_nothing_but_the_content(cast: Cast, visitor: Browser) -> None:
    answer = visitor.client.post("/chat", {"key": "one", "text": "hello"}, headers=FRAGMENT)
    assert (answer.status_code, len(answer.context["lines"])) == (200, 3)
    assert HOLDER_COOKIE in answer.cookies
    text = answer.content.decode()
    assert ("<html" in text, "site-header" in text, 'role="log"' in text) == (False, False, True)


@pytest.mark.parametrize("who", ["nobody", "another browser", "ben", "admin"])
def test_a_foreign_conversation_looks_like_none(cast: Cast, visitor: Browser, who: str) -> None:
    offered(cast, visitor)
    foreign, missing = visitor.page.context["action"], f"/chat/{UUID(int=1)}"
    other = Client()
    if who == "another browser":
        Browser(other).say("hello")
    if who in ("ben", "admin"):
        with db.signing_in():
            other.force_login(cast.ben if who == "ben" else cast.ada)
    before = len(visitor.said)
    for path in ("", "/offers"):
        for method in ("get", "post"):
            answers = [getattr(other, method)(place + path, {"text": "hello"}) for place in (foreign, missing)]
            wanted = 405 if (method, path) == ("get", "/offers") else 404
            assert [answer.status_code for answer in answers] == [wanted, wanted]
            assert pieces(answers[0], foreign) == pieces(answers[1], missing)
    assert len(Browser(visitor.client).said) == before


def test_an_account_finds_its_conversation_in_every_browser(cast: Cast) -> None:
    browsers = [Client(), Client()]
    for one in browsers:
        with db.signing_in():
            one.force_login(cast.ana)
    first = Browser(browsers[0])
    first.say("check-up next week, nothing hurts")
    first.press(first.chips[0].id)
    assert "Ana Ruiz" in first.text, "who is signed in is known"
    assert Browser(browsers[1]).said == first.said
    assert HOLDER_COOKIE not in browsers[0].cookies


def test_forms_of_other_sites_say_nothing(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/chat", {"text": "hello"}).status_code == 403
    assert conversations() == 0


def test_whoever_is_too_fast_is_told_how_long_to_wait_and_loses_no_word(
    cast: Cast, visitor: Browser, settings: Any
) -> None:
    settings.THROTTLES = settings.THROTTLES | {"conversation_message": (1, 7200)}  # a count of its own
    visitor.say("hello")
    answer = visitor.client.post(visitor.page.context["action"], {"text": "my long message"})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert f"Please wait {answer['Retry-After']} seconds" in answer.context["problem"].words
    assert "my long message</textarea>" in answer.content.decode()
    assert len(answer.context["lines"]) == 3


@pytest.mark.parametrize("sent", [{}, {"text": " "}, {"text": "x" * (LONGEST_TEXT + 1)}, {"choice": "x" * 201}])
def test_what_cannot_be_read_is_refused_in_place(cast: Cast, visitor: Browser, sent: dict[str, str]) -> None:
    visitor.say("hello")
    answer = visitor.client.post(visitor.page.context["action"], sent)
    assert (answer.status_code, len(answer.context["lines"])) == (400, 3)
    assert 'role="alert"' in answer.content.decode()
    assert visitor.client.post("/chat", {}).status_code == 400


def test_a_conversation_at_its_end_leads_to_a_new_one(
    cast: Cast, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.say("hello")
    monkeypatch.setattr("chatbot.conversations.MOST_MESSAGES", 4)
    answer = visitor.client.post(visitor.page.context["action"], {"text": "hello"})
    assert (answer.status_code, answer.context["problem"].is_over) == (409, True)
    assert 'href="/chat?new"' in answer.content.decode()


def test_in_an_emergency_there_is_a_number_to_press_and_nothing_to_book(cast: Cast, visitor: Browser) -> None:
    visitor.say("my face is swollen and I can hardly breathe, book me tomorrow at 10")
    assert (visitor.page.context["calls"], visitor.chips, visitor.page.context["visit_url"]) == (["112"], [], "")
    assert re.search(r'<a class="button button-large" href="tel:112"', visitor.text)


def test_what_needs_a_dentist_within_the_hour_calls_the_practice_first(cast: Cast, visitor: Browser) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(phone="030 555 0100")
    visitor.say("my front tooth was knocked out just now")
    for _ in range(6):
        answers = [one["id"] for one in visitor.page.context["choices"]]
        if visitor.page.context["step"] != "question":
            break
        visitor.press(next(one for one in answers if one.endswith((":no", ":none"))))
    assert visitor.page.context["calls"] == ["030 555 0100", "112"]
    assert 'href="tel:0305550100"' in visitor.text


def test_a_time_that_went_is_greyed_and_replaced_by_a_press(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor)
    before = visitor.chips
    cast.booked(cast.as_ben, datetime.fromisoformat(before[0].start), contact=cast.guest("Ben Krause"))
    visitor.page = visitor.client.get(visitor.page.context["action"])
    assert [chip.is_free for chip in visitor.chips] == [False] + [True] * (len(before) - 1)
    assert visitor.text.count("no longer free</small>") == 1
    assert visitor.page.context["is_stale"]
    answer = visitor.client.post(f"{visitor.page.context['action']}/offers", follow=True)
    now = answer.context["chips"]
    assert [chip.id for chip in now[: len(before)]] == [chip.id for chip in before]
    assert ([chip.is_free for chip in now], answer.context["is_stale"]) == ([False] + [True] * len(before), False)


def test_pressed_too_late_the_nearest_are_shown(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor)
    gone = visitor.chips[0]
    cast.booked(cast.as_ben, datetime.fromisoformat(gone.start), contact=cast.guest("Ben Krause"))
    visitor.press(gone.id)
    assert "Somebody else has just taken that time." in visitor.said[-1]
    assert gone.id not in [chip.id for chip in visitor.chips]
    assert all(chip.is_free for chip in visitor.chips)


def test_what_is_typed_is_shown_as_typed(cast: Cast, visitor: Browser) -> None:
    visitor.say('<img src=x onerror="alert(1)"> call 112\n\nsecond part')
    own = visitor.page.context["lines"][1]
    assert own.paragraphs == ["&lt;img src=x onerror=&quot;alert(1)&quot;&gt; call 112", "second part"]
    assert 'call <a href="tel:112">112</a>.' in visitor.said[0], "the clinic's own texts have its numbers as links"


def test_a_number_inside_another_is_no_number_to_call() -> None:
    known = {"112": "tel:112", "030 555": "tel:030555"}
    for text in ("€112.00", "112,50 €", "x112", "1120", "+49 112", "112.5"):
        assert "href" not in shown._linked(text, known) or text == "+49 112"
    assert shown._linked("112, or 030 555.", known) == '<a href="tel:112">112</a>, or <a href="tel:030555">030 555</a>.'


def test_the_conversation_is_in_the_pages_language(cast: Cast) -> None:
    german = Client(headers={"Accept-Language": "de"})
    assert "Was kann ich für Sie tun" in german.get("/chat").content.decode()


def test_every_page_for_patients_has_the_way_there_and_no_page_of_the_practice(cast: Cast, client: Client) -> None:
    for path in ("/", "/dentists/eva-weber", "/find-visit", "/accounts/sign-in"):
        text = client.get(path).content.decode()
        assert (path, text.count('href="/chat"'), text.count("data-chat-window")) == (path, 1, 1)
    assert "data-chat-window" not in client.get("/chat").content.decode()
    with db.signing_in():
        client.force_login(cast.dana)
    assert "/chat" not in client.get("/desk/").content.decode()


def test_instants_of_chips_have_an_offset(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor)
    day, time = visitor.chips[0].day, visitor.chips[0].time
    local = datetime.fromisoformat(visitor.chips[0].start)
    assert (day, time) == (f"{local:%a} {local.day} {local:%b}", f"{local:%H:%M}")
    assert local.astimezone(UTC) != local.replace(tzinfo=UTC)
