"""The scripts' stage in memory: the dialogue alone, with the small clinic of `dialogue_world`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from chatbot.dialogue import BookVisit, Reply, Slot, Treatment
from tests.chatbot.dialogue_play import Booked, Shown
from tests.chatbot.dialogue_script import Conversation, for_caller
from tests.chatbot.dialogue_world import BERLIN, Practice, signed_in


class Memory:
    """A `Stage`. `seconds` are how long each turn took, without what the world did."""

    def __init__(self) -> None:
        self.practice = Practice()
        self.chat: Conversation | None = None
        self.seconds: list[float] = []

    @property
    def now(self) -> datetime:
        return _wall(self.practice.now)

    def open(self, language: str, signed_in_as: str) -> Shown:
        if signed_in_as:
            for_caller(self.practice, signed_in(signed_in_as))
        self.chat = Conversation(self.practice, language)
        return _shown(self.chat.reply)

    @property
    def _chat(self) -> Conversation:
        assert self.chat is not None
        return self.chat

    def say(self, text: str) -> Shown:
        return self._timed(lambda: self._chat.say(text))

    def press(self, choice: str) -> Shown:
        return self._timed(lambda: self._chat.press(choice))

    def _timed(self, turn: Callable[[], Reply]) -> Shown:
        began, worked = time.process_time(), self.practice.seconds
        reply = turn()
        self.seconds.append(time.process_time() - began - (self.practice.seconds - worked))
        return _shown(reply)

    def _dentist(self, name: str) -> str:
        return next(one.id for one in self.practice.world.dentists if name in one.name)

    def take(self, dentist: str, start: datetime) -> None:
        self.practice.taken.add((self._dentist(dentist), start.replace(tzinfo=BERLIN)))

    def away(self, dentist: str) -> None:
        self.practice.away.add(self._dentist(dentist))

    def closed(self, day: date) -> None:
        self.practice.closed.add(day)

    def minutes_pass(self, minutes: int) -> None:
        self.practice.now += timedelta(minutes=minutes)

    def unreachable_once(self) -> None:
        self.practice.silent = True

    def add_visit(
        self, reference: str, email: str, dentist: str, start: datetime, *, changeable: bool, person: str
    ) -> None:
        begins = start.replace(tzinfo=BERLIN)
        treatment: Treatment = next(t for t in self.practice.world.treatments if t.id == "t-clean")
        who = next(one for one in self.practice.world.dentists if dentist in one.name)
        slot = Slot(reference, treatment.id, who.id, who.name, begins, begins + timedelta(minutes=treatment.minutes))
        self.practice.visit(slot, reference, can_change=changeable, person=person)
        self.practice.emails[reference] = email

    def booked(self) -> list[Booked]:
        names = {one.id: one.name for one in self.practice.world.treatments}
        done = [request for request in self.practice.asked if isinstance(request, BookVisit)]
        stored = {(visit.dentist, visit.start) for visit in self.practice.visits}
        last = {one.slot.token: one for one in done if (one.slot.dentist, one.slot.start) in stored}
        return [
            Booked(
                names[one.slot.treatment],
                _wall(one.slot.start),
                one.slot.dentist_name,
                one.person.name,
                one.triage.band,
            )
            for one in last.values()
        ]

    def visits(self) -> dict[str, datetime]:
        return {visit.reference: _wall(visit.start) for visit in self.practice.visits}

    def holds(self) -> bool:
        return bool(self.practice.held)


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN).replace(tzinfo=None)


def _shown(reply: Reply) -> Shown:
    return Shown(
        text=reply.text,
        step=reply.step,
        buttons=tuple((choice.id, choice.label) for choice in reply.choices),
        times=tuple((slot.id, _wall(slot.start), slot.dentist_name) for slot in reply.slots),
        band=reply.urgency.band if reply.urgency else "",
    )
