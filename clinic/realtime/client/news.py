"""What a subscription brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One change, told once. `kind` and `data` as docs/realtime.md lists them; `at` is ISO 8601 in UTC; `previous` is the
    position before this one on the same channel."""

    channel: str
    position: int
    previous: int
    kind: str
    at: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refetch:
    """Fetch what you show: what happened up to `position` is not told one by one. The first news of a subscription that
    named no position, and later of one that missed too much."""

    channel: str
    position: int


News = Event | Refetch


def event_of(message: dict[str, Any]) -> Event:
    """An event from a message of the server. Raises `KeyError` where it lacks something."""
    return Event(
        message["channel"], message["position"], message["previous"], message["kind"], message["at"], message["data"]
    )
