"""A whole live sync in one thread: a database, a wire that loses, repeats and mixes up, the hub's delivery, and readers who
check every frame. Everything that happens is a step, and steps come in any order."""

from __future__ import annotations

import json
from typing import Any

from clinic.realtime.delivery import Delivery
from clinic.realtime.events import Event
from clinic.realtime.frames import Message
from clinic.realtime.subscriptions import Course, Reader, Subscription

CHANNELS = ("clinic", "schedule.1", "sync")


class Page:
    """A reader as the browser's module is one: applies what comes, and holds the server to its promise."""

    def __init__(self, world: World, channel: str) -> None:
        self.world, self.channel = world, channel
        self.reader = Reader(self.hear)
        self.last: int | None = None  # the last position known
        self.frame = 0  # the last position told since it subscribed
        self.read = 0
        self.pauses = 0

    def subscribe(self) -> None:
        self.frame = self.last or 0
        self.world.delivery.add(self.reader, self.channel, self.channel, self.last)

    def come_back(self) -> None:
        """The socket broke; a new one goes on from the last position."""
        self.world.delivery.leave(self.reader)
        self.reader, self.read = Reader(self.hear), 0
        self.subscribe()

    def hear(self, frame: Message) -> None:
        said: dict[str, Any] = json.loads(frame["text"])
        if (said["type"] == "subscribed" and self.last is None) or said["type"] == "refetch":
            self.last = self.frame = said["position"]
        elif said["type"] == "paused":
            self.pauses += 1
        elif said["type"] == "event":
            self.read += 1
            assert self.last is not None
            assert said["position"] > self.frame, "told twice, or out of order"
            assert said["previous"] <= self.last, "one was passed over"
            self.last = self.frame = said["position"]

    def acknowledge(self) -> None:
        self.world.delivery.has_read(self.reader, self.read)


class World:
    def __init__(self, pages: int) -> None:
        self.stored: list[Event] = []
        self.head = self.horizon = 0
        self.wire: list[Event] = []
        self.asked: list[Subscription] = []
        self.answers: list[tuple[Subscription, list[Event], int, int]] = []
        self.delivery = Delivery(self.asked.append)
        self.last_on: dict[str, int] = {}
        self.pages = [Page(self, CHANNELS[number % len(CHANNELS)]) for number in range(pages)]
        for page in self.pages:
            page.subscribe()

    def happen(self, *channels: str) -> None:
        self.head += 1
        previous = tuple(self.last_on.get(channel, 0) for channel in channels)
        self.last_on |= dict.fromkeys(channels, self.head)
        event = Event(self.head, previous, channels, "appointment.created", {}, None, None, "")
        self.stored.append(event)
        self.wire.append(event)

    def arrive(self, which: int, *, again: bool = False) -> None:
        """One of the messages under way arrives, not always the oldest; perhaps it will once more."""
        if self.wire:
            event = self.wire[which % len(self.wire)]
            if not again:
                self.wire.remove(event)
            self.delivery.take([event])

    def lose(self, which: int) -> None:
        if self.wire:
            del self.wire[which % len(self.wire)]

    def fill(self) -> None:
        """The hub reads from the database what comes next."""
        found = [event for event in self.stored if event.position > self.delivery.position]
        if not self.delivery.take(found):
            self.delivery.jump(found[0].position - 1)
            self.delivery.take(found)
        elif self.head > self.delivery.position:  # all of it is forgotten already
            self.delivery.jump(self.head)

    def look_up(self) -> None:
        """The database reads for the first who asked; the answer is on its way."""
        if self.asked:
            one = self.asked.pop(0)
            missed = [event for event in self.stored if event.position > one.known and one.stored in event.channels]
            self.answers.append((one, missed, self.head, self.horizon))

    def answer(self, which: int) -> None:
        if self.answers:
            one, missed, head, horizon = self.answers.pop(which % len(self.answers))
            self.delivery.answer(one, missed, head, horizon)

    def forget(self, but: int) -> None:
        """Only the last few events are kept."""
        self.stored = self.stored[len(self.stored) - but :] if but < len(self.stored) else self.stored
        self.horizon = max(self.horizon, self.stored[0].position - 1 if self.stored else self.head)

    def settle(self) -> None:
        """Nothing more happens; whatever is under way comes to its end."""
        self.fill()
        for _ in range(1000):
            for page in self.pages:
                page.acknowledge()
            self.look_up()
            self.answer(0)
        assert {s.course for page in self.pages for s in page.reader.subscriptions.values()} <= {Course.LIVE}
        for page in self.pages:
            assert page.last is not None
            assert page.last >= self.last_on.get(page.channel, 0), "the end is missing"
