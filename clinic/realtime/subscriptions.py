"""A reader and what it listens to."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from clinic.realtime.frames import Message, message

WINDOW = 500  # event frames that are sent and not yet said to be read
_ROOM_AGAIN = WINDOW // 2


class Course(IntEnum):
    """How far a subscription has come."""

    LIVE = 1  # knows all up to the hub's position, and is told what comes
    WAITING = 2  # for its reader to read
    ASKING = 3  # the database, for what it missed
    ENDED = 4


class Subscription:
    """One channel of one reader: `name` as the client calls it, `stored` as events do.

    `told` is the position that the client knows as its last one. `known` counts while the subscription is not live:
    everything up to it was delivered.
    """

    __slots__ = ("course", "known", "name", "reader", "stored", "told")

    def __init__(self, reader: Reader, name: str, stored: str, position: int) -> None:
        self.reader = reader
        self.name = name
        self.stored = stored
        self.told = self.known = position
        self.course = Course.WAITING


class Reader:
    """Somebody with an open socket. `tell` sends at once and never waits, which is why there is a window."""

    __slots__ = ("__weakref__", "paused", "read", "sent", "subscriptions", "tell")

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self.tell = tell
        self.subscriptions: dict[str, Subscription] = {}
        self.sent = 0  # event frames
        self.read = 0
        self.paused = False

    @property
    def is_full(self) -> bool:
        return self.sent - self.read >= WINDOW

    def pause(self, known: int) -> None:
        """Nothing more until it has read; up to `known` its live subscriptions are served."""
        self.paused = True
        for subscription in self.subscriptions.values():
            if subscription.course is Course.LIVE:
                subscription.course = Course.WAITING
                subscription.known = max(known, subscription.told)
        self.tell(message("paused"))

    def has_read(self, frames: int) -> bool:
        """Takes note of how many event frames were read in all; true when it may have more now. Raises `ValueError`
        for more than were sent."""
        if not self.read <= frames <= self.sent:
            if frames < self.read:
                return False
            raise ValueError(frames)
        self.read = frames
        if not self.paused or self.sent - frames > _ROOM_AGAIN:
            return False
        self.paused = False
        return True
