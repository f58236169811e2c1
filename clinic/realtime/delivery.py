"""Who is told which event. Pure, and without a wait anywhere: nothing comes between a look and what follows from it.

Positions are dense, so what is missing shows by its number. An event is delivered when all before it were; a subscription
that is behind is served from what is kept here or was asked of the database, and turns live in the same moment in which it
has reached the position that the live ones have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from clinic.realtime import figures
from clinic.realtime.events import Event
from clinic.realtime.frames import Message, event_message, message
from clinic.realtime.subscriptions import WINDOW, Course, Reader, Subscription

KEPT = 1000  # events
MOST_MISSED = 500  # events of one channel; whoever missed more fetches what is shown
_FRAMES = 2000


class Delivery:
    """The readers of one process. `ask` is called with a subscription whose missed events must come from the database:
    `answer` brings them."""

    def __init__(self, ask: Callable[[Subscription], None]) -> None:
        self.position = 0  # everything up to it was delivered to whoever was live
        self.paused: set[Reader] = set()
        self._ask = ask
        self._channels: dict[str, dict[str, dict[Subscription, None]]] = {}
        self._kept: deque[Event] = deque(maxlen=KEPT)  # without a hole, the last one at `position`
        self._frames: dict[tuple[int, str, str], Message | None] = {}

    def begin(self, position: int, before: Sequence[Event] = ()) -> None:
        """From this position on; `before` are the last events up to it."""
        self.position = position
        self._kept.clear()
        if before and before[-1].position == position and before[0].position == position - len(before) + 1:
            self._kept.extend(before)

    def take(self, events: Iterable[Event]) -> bool:
        """Delivers what is next. False when an event before one of these is missing: from that one on none was taken."""
        for event in events:
            if event.position <= self.position:
                continue
            if event.position > self.position + 1:
                return False
            self._deliver(event)
            self.position = event.position
            self._kept.append(event)
            figures.EVENTS.inc()
        return True

    def jump(self, position: int) -> None:
        """What lies before this position cannot be had any more: everybody is to fetch what is shown."""
        self.begin(position)
        for names in self._channels.values():
            for subscriptions in names.values():
                for subscription in subscriptions:
                    self._refetch(subscription)

    def add(self, reader: Reader, name: str, stored: str, position: int | None) -> Subscription:
        """A subscription from the position on that its client knows, or from now on; an earlier one under this name
        ends."""
        self.remove(reader, name)
        start = self.position if position is None else position
        subscription = reader.subscriptions[name] = Subscription(reader, name, stored, start)
        self._channels.setdefault(stored, {}).setdefault(name, {})[subscription] = None
        reader.tell(message("subscribed", channel=name, position=self.position))
        if start > self.position:
            self._ask_for(subscription)
        else:
            self._go_on(subscription)
        return subscription

    def remove(self, reader: Reader, name: str) -> bool:
        """Ends a subscription; false when there is none."""
        subscription = reader.subscriptions.pop(name, None)
        if subscription is None:
            return False
        subscription.course = Course.ENDED
        names = self._channels[subscription.stored]
        del names[name][subscription]
        if not names[name]:
            del names[name]
        if not names:
            del self._channels[subscription.stored]
        return True

    def leave(self, reader: Reader) -> None:
        """Ends all subscriptions of a reader."""
        for name in list(reader.subscriptions):
            self.remove(reader, name)
        self.paused.discard(reader)

    def has_read(self, reader: Reader, frames: int) -> None:
        """A reader has read so many event frames in all. Raises `ValueError` for more than were sent."""
        if not reader.has_read(frames):
            return
        self.paused.discard(reader)
        for subscription in list(reader.subscriptions.values()):
            if subscription.course is Course.WAITING:
                self._go_on(subscription)

    def answer(self, subscription: Subscription, missed: Sequence[Event], head: int, horizon: int) -> None:
        """What the database has of a channel after `subscription.known`, at least up to `head`."""
        if subscription.course is not Course.ASKING:
            return
        subscription.course = Course.WAITING
        if not horizon <= subscription.known <= head or len(missed) > MOST_MISSED:
            self._refetch(subscription)
        elif self._serve(subscription, missed):
            subscription.known = max(subscription.known, head, missed[-1].position if missed else 0)
            self._go_on(subscription)

    def _go_on(self, subscription: Subscription) -> None:
        """Live as soon as nothing is missing any more."""
        if subscription.reader.paused:
            return
        if subscription.known < self.position:
            if not self._kept or self._kept[0].position > subscription.known + 1:
                self._ask_for(subscription)
                return
            missed = self._kept_after(subscription.known, subscription.stored)
            if len(missed) > MOST_MISSED:
                self._refetch(subscription)
                return
            if not self._serve(subscription, missed):
                return
        subscription.course = Course.LIVE

    def _kept_after(self, position: int, stored: str) -> list[Event]:
        found = []
        for event in reversed(self._kept):
            if event.position <= position:
                break
            if stored in event.channels:
                found.append(event)
        return found[::-1]

    def _ask_for(self, subscription: Subscription) -> None:
        subscription.course = Course.ASKING
        self._ask(subscription)

    def _serve(self, subscription: Subscription, events: Iterable[Event]) -> bool:
        """False when the reader's window closed on the way; then it goes on from there when it opens."""
        reader = subscription.reader
        for event in events:
            if reader.is_full or reader.paused:
                self._pause(reader, self.position)
                return False
            previous = event.previous[event.channels.index(subscription.stored)]
            subscription.known = event.position
            if (frame := self._frame(event, subscription.stored, previous, subscription.name)) is not None:
                subscription.told = event.position
                reader.sent += 1
                reader.tell(frame)
                figures.TOLD.inc()
        return True

    def _deliver(self, event: Event) -> None:
        position, told = event.position, 0
        for stored, previous in zip(event.channels, event.previous, strict=True):
            for name, subscriptions in self._channels.get(stored, {}).items():
                frame = self._frame(event, stored, previous, name)
                if frame is None:
                    continue
                for subscription in subscriptions:
                    if subscription.course is not Course.LIVE or subscription.told >= position:
                        continue
                    reader = subscription.reader
                    if reader.sent - reader.read >= WINDOW:
                        self._pause(reader, position - 1)
                        continue
                    subscription.told = position
                    reader.sent += 1
                    reader.tell(frame)
                    told += 1
        figures.TOLD.inc(told)

    def _frame(self, event: Event, stored: str, previous: int, name: str) -> Message | None:
        """Encoded once for all who call the channel so."""
        key = (event.position, stored, name)
        if key not in self._frames:
            if len(self._frames) >= _FRAMES:
                self._frames.clear()
            self._frames[key] = event_message(event, stored, previous, name)
        return self._frames[key]

    def _pause(self, reader: Reader, known: int) -> None:
        if not reader.paused:
            reader.pause(known)
            figures.PAUSES.inc()
            self.paused.add(reader)

    def _refetch(self, subscription: Subscription) -> None:
        subscription.told = subscription.known = self.position
        subscription.course = Course.WAITING if subscription.reader.paused else Course.LIVE
        figures.REFETCHES.inc()
        subscription.reader.tell(message("refetch", channel=subscription.name, position=self.position))
