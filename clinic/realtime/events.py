"""Events as the relay sends them and a hub reads them (docs/realtime.md)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple

from clinic.core import db
from clinic.core.actor import HUB

GROUP = "realtime"  # the Channels group that every hub joins
_TYPE = "realtime.events"
_SINCE: LiteralString = "SELECT * FROM realtime_since(%s, %s, %s)"  # bound: Django would leave JSON as text
_REACH = "SELECT head, horizon FROM realtime_reach()"


@dataclass(frozen=True, slots=True)
class Event:
    """`previous` names, for each of `channels`, the position before this one there; `at` is ISO 8601 in UTC. What
    everybody may know of it, `open_kind` and `open_body` say; they are None when nothing is public."""

    position: int
    previous: tuple[int, ...]
    channels: tuple[str, ...]
    kind: str
    body: dict[str, Any]
    open_kind: str | None
    open_body: dict[str, Any] | None
    at: str


class State(NamedTuple):
    """The last position that was given, and the last one that was forgotten."""

    head: int
    horizon: int


def of_row(row: Sequence[Any]) -> Event:
    """An event as `realtime_drain`, `realtime_unpublished` and `realtime_since` return it."""
    position, previous, channels, kind, body, open_kind, open_body, written_at = row
    return Event(position, tuple(previous), tuple(channels), kind, body, open_kind, open_body, _instant(written_at))


def pack(events: Iterable[Event]) -> dict[str, Any]:
    """The group message for these events."""
    return {
        "type": _TYPE,
        "events": [
            [e.position, list(e.previous), list(e.channels), e.kind, e.body, e.open_kind, e.open_body, e.at]
            for e in events
        ],
    }


def unpack(message: dict[str, Any]) -> list[Event]:
    """The events of a group message; none of a message that is something else."""
    if message.get("type") != _TYPE:
        return []
    return [Event(p, tuple(before), tuple(channels), *rest) for p, before, channels, *rest in message["events"]]


def state() -> State:
    """How far positions reach, from the database."""
    with db.reading(HUB):
        return State(*db.rows(_REACH)[0])


def since(after: int, limit: int) -> list[Event]:
    """The events after this position, ascending."""
    with db.reading(HUB):
        return [of_row(row) for row in db.bound(_SINCE, [after, limit, None])]


def missed(channel: str, after: int, limit: int) -> list[Event]:
    """The events of one channel, by its stored name, after this position, ascending."""
    with db.reading(HUB):
        return [of_row(row) for row in db.bound(_SINCE, [after, limit, channel])]


class _Recent:
    """What was asked last, and when, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._position, self._asked = 0, float("-inf")

    def get(self) -> int:
        with self._lock:
            fresh = time.monotonic() - self._asked < _RECENT_SECONDS
            known = self._position
        if fresh:
            return known
        asked = time.monotonic()
        position = State(*db.rows(_REACH)[0]).head if db.acting() else state().head
        with self._lock:
            self._position, self._asked = position, asked
        return position


_RECENT_SECONDS = 1.0
_recent = _Recent()


def recent_position() -> int:
    """A position, at most a second old, whose events every query from now on sees: what a page is made with. In the
    transaction of whoever is acting, if there is one."""
    return _recent.get()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
