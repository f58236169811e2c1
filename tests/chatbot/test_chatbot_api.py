"""Conversations over REST: shapes, tokens, owners, repeated and simultaneous messages."""

from __future__ import annotations

from typing import Any

from appointments.models import Appointment
from clinic.core import db
from tests.api.calling import Caller
from tests.factories import Cast


class Chat:
    """A conversation over HTTP, as a program has it."""

    def __init__(self, caller: Caller, **begun: Any) -> None:
        answer = caller.post("chatbot/conversations", begun)
        assert answer.status == 201, answer
        self.caller, self.begun = caller, answer.json
        self.path = f"chatbot/conversations/{self.begun['id']}"
        self.shown = {"Conversation_Token": self.begun["token"]} if self.begun["token"] else {}
        self.last: Any = self.begun

    def send(self, body: dict[str, str], **headers: str) -> Any:
        answer = self.caller.post(f"{self.path}/messages", body, **self.shown, **headers)
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
        return self.caller.get(self.path, **self.shown)


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
