"""How live sync is doing in all server processes together (docs/realtime.md, "Status").

Who is connected is known by the registry in Redis; whether events are passed on, and how fast, by the database. What
cannot be asked now is None, never 0.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import Error

from clinic.core import db
from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.errors import Busy
from clinic.realtime import registry
from clinic.realtime.limits import SILENCE
from clinic.realtime.registry import Connection

# A relay shows itself every second, and one that stands by takes over within two (clinic/realtime/relay.py).
RELAY_SILENCE = timedelta(seconds=5)
KINDS = ("appointments", "availability", "global", "visit", "conversation", "sync")
_RECENT_SECONDS = 1.0
_LOOKED_BACK = "interval '1 hour'"


class Relays(NamedTuple):
    """Whether one is at work, and how many stand by."""

    active: bool
    standing_by: int


class Sockets(NamedTuple):
    connections: int
    subscriptions: int


@dataclass(frozen=True)
class Health:
    """`relays` is None without the database, `sockets` without Redis."""

    relays: Relays | None
    sockets: Sockets | None

    @property
    def status(self) -> str:
        """Without an active relay nothing is told; without Redis it is told a second later, and nobody is counted."""
        if self.relays is None or not self.relays.active:
            return "unhealthy"
        return "degraded" if self.sockets is None else "healthy"


@dataclass(frozen=True)
class Passing:
    """What the relays did within the last hour: how many events they published, by kind, the milliseconds from commit to
    publishing that 50, 95 and 99 of 100 did not exceed (None without any), and how many events wait at the moment."""

    by_kind: dict[str, int]
    p50: float | None
    p95: float | None
    p99: float | None
    waiting: int

    @property
    def published(self) -> int:
        return sum(self.by_kind.values())


def relays() -> Relays:
    """In the transaction of whoever is acting."""
    active, standing_by = db.rows("SELECT active, standing_by FROM realtime_relays_there(%s)", [RELAY_SILENCE])[0]
    return Relays(active, standing_by)


def health() -> Health:
    """Asks the database in a transaction of its own, and Redis at most once a second in this process: anybody may ask."""
    try:
        with db.reading(ANONYMOUS):
            there = relays()
    except (Error, OSError, Busy):
        return Health(None, _recent.get())
    return Health(there, _recent.get())


class _Recent:
    """How many sockets there were when it was asked last, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Sockets | None = None
        self._asked = float("-inf")

    def get(self) -> Sockets | None:
        with self._lock:  # of many who ask at once, one goes to Redis
            if time.monotonic() - self._asked >= _RECENT_SECONDS:
                found, answered = registry.connections()
                self._known = count(found) if answered else None
                self._asked = time.monotonic()
            return self._known

    def forget(self) -> None:
        with self._lock:
            self._asked = float("-inf")


_recent = _Recent()


def count(found: Iterable[Connection]) -> Sockets:
    listening = [len(one["subscriptions"]) for one in found]
    return Sockets(len(listening), sum(listening))


def kind_of(channel: str) -> str:
    """What a subscription counts as, by its channel as a client calls it: `global` is everybody's availability."""
    name, _colon, detail = channel.partition(":")
    return "global" if name == "availability" and not detail else name


def by_kind(found: Iterable[Connection]) -> dict[str, int]:
    """Subscriptions of each of `KINDS`, and `total`."""
    counted = Counter(kind_of(subscribed["channel"]) for one in found for subscribed in one["subscriptions"])
    return {**{kind: counted[kind] for kind in KINDS}, "total": counted.total()}


def by_role(found: Iterable[Connection]) -> dict[str, Sockets]:
    """Connections and subscriptions of each role that is there."""
    of_role: dict[str, list[Connection]] = {}
    for one in found:
        of_role.setdefault(one["role"], []).append(one)
    return {role: count(ones) for role, ones in sorted(of_role.items())}


def is_active(connection: Connection, now: datetime) -> bool:
    """Whether its client was heard of so recently that the server would not have closed it."""
    return (now - datetime.fromisoformat(connection["last_heartbeat"])).total_seconds() <= SILENCE


def passing(actor: Actor) -> Passing:
    """By the database's clock. For admins: of others' events row-level security shows nothing."""
    published = f"FROM realtime_events WHERE published_at > now() - {_LOOKED_BACK}"
    with db.reading(actor):
        kinds = db.rows(f"SELECT kind, count(*) {published} GROUP BY kind ORDER BY kind")
        shares = db.rows(
            "SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99])"  # noqa: S608 - as above
            f" WITHIN GROUP (ORDER BY extract(epoch FROM published_at - committed_at) * 1000) {published}"
        )[0][0]
        waiting = db.value("SELECT count(*) FROM realtime_events WHERE published_at IS NULL")
    p50, p95, p99 = (round(one, 1) for one in shares) if shares else (None, None, None)
    kept: dict[str, Any] = dict(kinds)
    return Passing(kept, p50, p95, p99, waiting)
