"""Conversations over REST: shapes, tokens, owners, repeated and simultaneous messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from appointments.models import Appointment
from availability.models import Reservation
from chatbot.models import Conversation
from clinic.core import db
from dentists.models import Offer
from tests.api.calling import Caller, sign_in
from tests.factories import Cast, make_user

CALM = (":no", ":none", ":bearable", ":yes", ":stopped", ":fine")


class Chat:
    """A conversation over HTTP, as a program has it."""

    def __init__(self, who: Caller, **begun: Any) -> None:
        answer = who.post("chatbot/conversations", begun)
        assert answer.status == 201, answer
        self.who, self.begun = who, answer.json
        self.path = f"chatbot/conversations/{self.begun['id']}"
        self.shown = {"Conversation_Token": self.begun["token"]} if self.begun["token"] else {}
        self.last: Any = self.begun

    def send(self, body: dict[str, str], **headers: str) -> Any:
        answer = self.who.post(f"{self.path}/messages", body, **self.shown, **headers)
        assert answer.status == 200, answer
        self.last = answer.json
        return self.last

    def say(self, text: str) -> Any:
        return self.send({"text": text})

    def press(self, choice: str) -> Any:
        return self.send({"choice": choice})

    def pick(self, place: int = 0) -> Any:
        return self.press(self.last["messages"][-1]["slots"][place]["id"])

    def yes(self) -> Any:
        return self.press(next(one["id"] for one in self.bot["choices"] if one["id"].startswith("yes:")))

    @property
    def bot(self) -> Any:
        return self.last["messages"][-1]

    def read(self) -> Any:
        return self.who.get(self.path, **self.shown)


def to_read_back(chat: Chat) -> Chat:
    chat.say("I'd like a check-up next week, nothing hurts")
    chat.pick()
    chat.say("Mia Sample, mia@example.org, 030 7654321")
    assert chat.last["state"] == "confirm", chat.last
    return chat


def test_nobody_in_particular_books_a_visit(cast: Cast, anyone: Caller) -> None:
    chat = to_read_back(Chat(anyone))
    booked = chat.yes()
    assert booked["state"] == "booked"
    with db.as_owner():
        visit = Appointment.objects.get()
    assert (visit.booking_source, visit.patient_name, visit.consent_version) == ("chatbot", "Mia Sample", "2026-11")
    assert booked["visit"]["id"] == str(visit.pk)
    shown = anyone.get(f"appointments/{visit.pk}", X_Visit_Link=booked["visit"]["link"])
    assert shown.json["booking_source"] == "chatbot"


def test_the_price_that_is_read_back_is_the_one_that_is_booked(cast: Cast, anyone: Caller) -> None:
    with db.as_owner():
        Offer.objects.filter(dentist=cast.weber).update(price=77)
    chat = Chat(anyone)
    chat.say("check-up next week with Dr. Weber, nothing hurts")
    chat.pick()
    chat.say("Mia Sample, mia@example.org, 030 7654321")
    assert "€77.00" in chat.bot["text"]
    chat.yes()
    with db.as_owner():
        assert Appointment.objects.get().payment_amount == 77


def test_band_and_words_go_with_the_visit_for_the_dentist_to_see(cast: Cast, anyone: Caller, weber: Caller) -> None:
    chat = Chat(anyone)
    chat.say("my tooth is a bit sensitive to cold, for some days, Dr. Weber please")
    for _ in range(12):
        if chat.last["state"] != "question":
            break
        calm = [
            one
            for one in chat.bot["choices"]
            if one["id"].endswith((":no", ":none", ":bearable", ":yes", ":stopped", ":fine"))
        ]
        chat.press(calm[-1]["id"])
    assert chat.last["urgency"]["band"] == "soon", chat.last
    if chat.last["state"] == "treatment":
        chat.press(chat.bot["choices"][0]["id"])
    assert chat.last["state"] == "slot", chat.last
    chat.pick()
    chat.say("Mia Sample, mia@example.org, 030 7654321")
    visit = chat.yes()["visit"]["id"]
    told = weber.get(f"appointments/{visit}").json
    assert (told["triage_band"], "sensitive to cold" in told["symptoms"]) == ("soon", True)
    assert told["triage_reason"]


def test_an_emergency_gets_no_time_and_books_nothing(cast: Cast, anyone: Caller) -> None:
    chat = Chat(anyone)
    answer = chat.say("my face is swollen and I can hardly breathe, book me tomorrow at 10")
    assert (answer["state"], answer["urgency"]["band"], chat.bot["slots"]) == ("emergency", "emergency_medical", [])
    assert "112" in chat.bot["text"]
    for text in ("yes", "book it", "tomorrow at 10 please"):
        assert chat.say(text)["messages"][-1]["slots"] == []
    with db.as_owner():
        assert (Appointment.objects.count(), Reservation.objects.count()) == (0, 0)


def test_only_slots_that_were_offered_in_this_conversation_can_be_pressed(cast: Cast, anyone: Caller) -> None:
    other = Chat(Caller())
    other.say("check-up next week, nothing hurts")
    chat = Chat(anyone)
    chat.say("check-up next week, nothing hurts")
    mine = {slot["id"] for slot in chat.bot["slots"]}
    foreign = [slot["id"] for slot in other.bot["slots"]]
    assert mine.isdisjoint(foreign)
    assert chat.press(foreign[0])["state"] != "name"
    with db.as_owner():
        assert Reservation.objects.count() == 0


def test_a_slot_that_somebody_takes_greys_out_and_is_not_booked(cast: Cast, anyone: Caller) -> None:
    chat = Chat(anyone)
    chat.say("check-up next week with Dr. Weber, nothing hurts")
    slots = chat.bot["slots"]
    assert [slot["available"] for slot in slots] == [True] * len(slots)
    wish = {"dentist_id": slots[0]["dentist_id"], "treatment": "check-up", "appointment_date": slots[0]["start"]}
    taken = Caller().post("appointments", wish | {"patient_name": "Gus Guest", "patient_email": "gus@example.net",
                                                  "patient_phone": "030 1234567"})  # fmt: skip
    assert taken.status == 201, taken
    shown = chat.read().json["messages"][-1]["slots"]
    assert [slot["id"] for slot in shown] == [slot["id"] for slot in slots]
    assert [slot["available"] for slot in shown] == [False] + [True] * (len(slots) - 1)
    lost = chat.press(slots[0]["id"])
    assert (lost["state"], slots[0]["start"] in [slot["start"] for slot in chat.bot["slots"]]) == ("slot", False)


def test_hours_that_change_grey_offers_out(cast: Cast, anyone: Caller, admin: Caller) -> None:
    chat = Chat(anyone)
    chat.say("check-up next week with Dr. Weber, nothing hurts")
    slots = chat.bot["slots"]
    day = slots[0]["start"][:10]
    assert admin.post("availability/closures", {"date": day, "name": "Water damage"}).status == 201
    shown = chat.read().json["messages"][-1]["slots"]
    assert {slot["id"] for slot in shown if slot["available"]} == {
        slot["id"] for slot in slots if not slot["start"].startswith(day)
    }


def test_a_conversation_is_read_as_it_was_told(cast: Cast, anyone: Caller) -> None:
    chat = to_read_back(Chat(anyone))
    read = chat.read().json
    assert [one["role"] for one in read["messages"]] == ["bot"] + ["user", "bot"] * 3
    assert read["messages"][0] == chat.begun["messages"][0]
    assert (read["id"], read["state"], read["urgency"], read["visit"]) == (
        chat.begun["id"], "confirm", chat.last["urgency"], None,
    )  # fmt: skip
    pressed = [one for one in read["messages"] if one["role"] == "user"][1]
    assert pressed["text"] == read["messages"][2]["slots"][0]["label"]


def test_without_the_token_there_is_no_conversation(cast: Cast, anyone: Caller) -> None:
    chat = Chat(anyone)
    for shown in ({}, {"Conversation_Token": "another"}, {"Conversation_Token": chat.begun["token"][:-1]}):
        assert anyone.get(chat.path, **shown).told == (404, "not_found", [])
        assert anyone.post(f"{chat.path}/messages", {"text": "hello"}, **shown).told == (404, "not_found", [])
    assert chat.read().status == 200


def test_an_account_needs_no_token_and_shares_with_nobody(cast: Cast, ana: Caller, ben: Caller, admin: Caller) -> None:
    chat = Chat(ana)
    assert chat.begun["token"] is None
    assert [who.get(chat.path).status for who in (ana, ben, admin, Caller())] == [200, 404, 404, 404]


def test_an_account_is_known_and_books_under_itself(cast: Cast, ana: Caller) -> None:
    chat = Chat(ana, language="en")
    chat.say("check-up next week, nothing hurts")
    chat.pick()
    assert (chat.last["state"], "Ana Ruiz" in chat.bot["text"]) == ("confirm", True)
    visit = chat.yes()["visit"]["id"]
    listed = ana.get("appointments").json["results"]
    assert [(one["id"], one["booking_source"]) for one in listed] == [(visit, "chatbot")]
    chat.say("cancel my visit")
    if chat.last["state"] in ("visits", "visit"):
        chat.press(next(one["id"] for one in chat.bot["choices"] if "cancel" in one["id"] or visit in one["id"]))
    assert (chat.last["state"], chat.yes()["state"]) == ("confirm_cancel", "done")
    assert ana.get(f"appointments/{visit}").json["status"] == "cancelled"


def test_a_bot_speaks_for_callers_it_names_each_with_a_hold_of_their_own(cast: Cast) -> None:
    with db.as_owner():
        bea = make_user("Bea Bot", "bot")
    bot = sign_in(bea)
    named = {"name": "Mia Sample", "email": "mia@example.org", "phone": "030 7654321"}
    first, second = Chat(bot, caller=named), Chat(bot, caller=named | {"name": "Tom Sample"})
    for chat, place in ((first, 0), (second, 1)):
        chat.say("check-up next week with Dr. Weber, nothing hurts")
        chat.pick(place)
        assert chat.last["state"] == "confirm", chat.last
    with db.as_owner():
        assert Reservation.objects.count() == 2
    assert [chat.yes()["state"] for chat in (first, second)] == ["booked", "booked"]
    with db.as_owner():
        found = Appointment.objects.order_by("patient_name")
        assert [(one.patient_name, one.account_id, one.booking_source) for one in found] == [
            ("Mia Sample", None, "chatbot"), ("Tom Sample", None, "chatbot"),
        ]  # fmt: skip
    assert Caller().get(first.path).status == 404


def test_nobody_else_names_a_caller(cast: Cast, ana: Caller, anyone: Caller) -> None:
    for who in (ana, anyone):
        answer = who.post("chatbot/conversations", {"caller": {"name": "Ben Krause"}})
        assert answer.told == (403, "not_allowed", ["caller"])


def test_the_same_key_says_it_once(cast: Cast, anyone: Caller) -> None:
    chat = to_read_back(Chat(anyone))
    yes = {"choice": next(one["id"] for one in chat.bot["choices"] if one["id"].startswith("yes:"))}
    answers = [anyone.post(f"{chat.path}/messages", yes, Idempotency_Key="one yes", **chat.shown) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true"]
    with db.as_owner():
        assert Appointment.objects.count() == 1
    assert len(chat.read().json["messages"]) == 9
    other = anyone.post(f"{chat.path}/messages", {"text": "no"}, Idempotency_Key="one yes", **chat.shown)
    assert other.told == (422, "idempotency_key_reused", ["Idempotency-Key"])


def test_the_same_key_begins_one_conversation(cast: Cast, ana: Caller) -> None:
    answers = [ana.post("chatbot/conversations", {"language": "de"}, Idempotency_Key="begin") for _ in range(2)]
    assert answers[0].json == answers[1].json
    with db.as_owner():
        assert Conversation.objects.count() == 1


def test_two_messages_at_once_are_answered_one_after_the_other(
    cast: Cast, anyone: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.turns._PATIENCE", 60.0)  # on a machine that does other things, too
    chat = to_read_back(Chat(anyone))
    yes = {"choice": next(one["id"] for one in chat.bot["choices"] if one["id"].startswith("yes:"))}

    def press(_: int) -> int:
        try:
            return anyone.post(f"{chat.path}/messages", yes, **chat.shown).status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [200] * 4
    with db.as_owner():
        assert Appointment.objects.count() == 1
    told = chat.read().json["messages"]
    assert [one["role"] for one in told] == ["bot"] + ["user", "bot"] * 7
    assert sum("DC-" in one["text"] and one["role"] == "bot" for one in told[-8:]) >= 1


def test_what_cannot_be_read_is_refused(cast: Cast, anyone: Caller) -> None:
    chat = Chat(anyone)
    for body, fields in (({}, ["text"]), ({"text": "  "}, ["text"]), ({"text": "x" * 4001}, ["text"]),
                         ({"choice": "x" * 201}, ["choice"])):  # fmt: skip
        answer = anyone.post(f"{chat.path}/messages", body, **chat.shown)
        assert answer.told == (400, "malformed", fields)
    assert anyone.post("chatbot/conversations", {"language": "fr"}).told == (400, "malformed", ["language"])
    assert chat.say("hello")["messages"][0]["text"] == "hello"


def test_too_many_messages_are_told_to_wait(cast: Cast, anyone: Caller, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"conversation_message": (2, 3600)}
    chat = Chat(anyone)
    answers = [anyone.post(f"{chat.path}/messages", {"text": "hello"}, **chat.shown) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
