"""Conversations as scripts: say or press something, then look at the reply."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from chatbot.dialogue import BookVisit, Message, Reply, State, answer, dump, greet, load
from tests.chatbot.dialogue_world import CLINIC, Practice


class Conversation:
    """One person and the practice. The state goes through JSON between two messages, as it does when it is stored."""

    def __init__(self, practice: Practice | None = None, language: str = "") -> None:
        self.practice = practice or Practice()
        opened = greet(self.practice.world, self.practice.now, language=language)
        assert opened.reply is not None
        self.reply: Reply = opened.reply
        self.state: State = opened.state

    def say(self, *texts: str) -> Reply:
        for text in texts:
            self._turn(Message(text=text))
        return self.reply

    def press(self, *choices: str) -> Reply:
        for choice in choices:
            self._turn(Message(choice=choice))
        return self.reply

    def _turn(self, message: Message) -> None:
        stored = load(json.loads(json.dumps(dump(self.state))))
        self.state, self.reply = answer(stored, message, self.practice.world, self.practice.now, self.practice)

    def pick(self, place: int = 0) -> Reply:
        return self.press(self.reply.slots[place].id)

    def calm(self) -> Reply:
        """Answers triage questions with what rules the grave things out, until there are none."""
        while self.reply.step == "question":
            question = self.state.question
            best = {"swelling": "none", "pain": "bearable", "mouth_opening": "yes", "bite": "yes", "bleeding": "stopped",
                    "tooth_after_blow": "fine"}  # fmt: skip
            self.press(f"answer:{question}:{best.get(question, 'no')}")
        return self.reply

    def later(self, minutes: int) -> Conversation:
        self.practice.now += timedelta(minutes=minutes)
        return self

    @property
    def text(self) -> str:
        return self.reply.text

    @property
    def step(self) -> str:
        return self.reply.step

    @property
    def starts(self) -> list[str]:
        """The offered starts on the clinic's wall clock, as in "Thu 19 09:00"."""
        return [slot.start.astimezone(CLINIC.zone).strftime("%a %d %H:%M") for slot in self.reply.slots]

    @property
    def dentists(self) -> set[str]:
        return {slot.dentist for slot in self.reply.slots}

    @property
    def choices(self) -> set[str]:
        return {choice.id for choice in self.reply.choices}

    @property
    def yes(self) -> str:
        return next(choice.id for choice in self.reply.choices if choice.id.startswith("yes:"))

    @property
    def bookings(self) -> list[BookVisit]:
        return [request for request in self.practice.asked if isinstance(request, BookVisit)]


def talk(*messages: str, language: str = "", **practice: object) -> Conversation:
    conversation = Conversation(Practice(**practice), language)  # type: ignore[arg-type]  # fields of the practice
    conversation.say(*messages)
    return conversation


def for_caller(practice: Practice, caller: object) -> Practice:
    practice.world = replace(practice.world, caller=caller)  # type: ignore[arg-type]  # a Caller
    return practice


DETAILS = ("Ana Ruiz", "ana@example.org", "030 1234567")


def at_read_back(*first: str, **practice: object) -> Conversation:
    """A conversation that has come to the read-back of a cleaning."""
    conversation = talk(*(first or ("cleaning tomorrow at 10 with Dr Weber",)), **practice)
    conversation.say(*DETAILS)
    assert conversation.step == "confirm", conversation.text
    return conversation
