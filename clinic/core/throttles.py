"""How often: counted in Redis, so that one limit holds across all processes.

A limit is `(times, seconds)` in `settings.THROTTLES`, counted in fixed windows: at most so many in each window, and
`Retry-After` is what is left of it. Counting is one atomic increment, so that requests at the same moment all count.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from functools import lru_cache
from time import monotonic
from typing import Any, ClassVar

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

from clinic.core import clock
from clinic.core.callers import actor_of
from clinic.core.errors import Busy, TooMany

log = logging.getLogger(__name__)

# Guessing must stay slow even while nobody can count; everything else goes on without Redis.
_PATIENCE = 2.0  # seconds
FAILS_CLOSED = frozenset(
    {"sign_in", "sign_in_address", "second_factor", "second_factor_account", "mailed_code", "reference", "register"}
)


def spend(*limits: tuple[str, str]) -> None:
    """Counts one use of each limit by somebody: pairs of a limit's name and whose use it is. Raises `TooMany` with the
    seconds to wait."""
    now = int(clock.now().timestamp())
    uses = [(name, who, *settings.THROTTLES[name]) for name, who in limits]
    used = _increments([(_key(name, who, now // seconds), seconds) for name, who, _, seconds in uses])
    if used is None:
        if not FAILS_CLOSED.isdisjoint(name for name, _ in limits):
            raise Busy()
        return
    waits = [seconds - now % seconds for count, (_, _, times, seconds) in zip(used, uses, strict=True) if count > times]
    if waits:
        raise TooMany(retry_after=max(waits))


def is_used_up(name: str, who: str) -> bool:
    """Whether a limit was reached by somebody, without counting a use; no when nobody can say."""
    times, seconds = settings.THROTTLES[name]
    try:
        used = _counter().get(_key(name, who, int(clock.now().timestamp()) // seconds))
    except (redis.RedisError, OSError):
        log.warning("Nobody counts: Redis does not answer.")
        return False
    return int(used or 0) >= times


def _key(limit: str, who: str, window: int) -> str:
    """Keyed: without the key nobody can try which mail or network address a count belongs to."""
    whose = hmac.new(
        settings.IDENTITY_KEY, f"throttle:{who}".encode(errors="surrogatepass"), hashlib.sha256
    ).hexdigest()[:32]
    return f"clinic:throttle:{limit}:{whose}:{window}"


_silent_until = 0.0  # by the monotonic clock


def _increments(windows: list[tuple[str, int]]) -> list[int] | None:
    """How often each key was counted, this time included; one way to Redis and back. None when nobody counts: Redis did
    not answer now or a moment ago, and not every request shall wait for that."""
    global _silent_until
    if monotonic() < _silent_until:
        return None
    try:
        with _counter().pipeline(transaction=False) as pipe:
            for key, seconds in windows:
                pipe.incr(key)
                pipe.expire(key, 2 * seconds, nx=True)
            return [int(count) for count in pipe.execute()[::2]]
    except (redis.RedisError, OSError):
        log.warning("Nobody counts: Redis does not answer.")
        _silent_until = monotonic() + _PATIENCE
        return None


@lru_cache(maxsize=1)
def _counter() -> redis.Redis:
    """Straight to Redis: the cache asks twice for each increment."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def caller_key(request: Any) -> str:
    """An account by its id, anybody else by network address."""
    actor = actor_of(request)
    return str(actor.user_id or actor.address)


class Requests(BaseThrottle):
    """Every request of the API, reading and writing apart; what is limited further has a kind of its own."""

    def allow_request(self, request: Any, view: Any) -> bool:
        spend(*self.limits(request, view))
        return True

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        """The limits to spend, each with whose use it is."""
        kind = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
        whose = "" if actor_of(request).user_id else "anonymous_"
        return [(whose + kind, caller_key(request))]


class ByAddress(Requests):
    """A limit for a network address besides, whoever signs in there."""

    limit: ClassVar[str]

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        own = [(self.limit, actor_of(request).address)] if request.method == "POST" else []
        return super().limits(request, view) + own


class References(ByAddress):
    limit = "reference"


class Registrations(ByAddress):
    limit = "register"


class Bookings(ByAddress):
    """Bookings without an account: who has one is known, and can be asked."""

    limit = "anonymous_booking"

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        found = super().limits(request, view)
        return found if actor_of(request).is_anonymous else [one for one in found if one[0] != self.limit]


class SignIns(Requests):
    """Attempts for one account from one address, and from the address for any account: nobody far away can lock
    somebody out, and an address that is refused counts for no account."""

    def allow_request(self, request: Any, view: Any) -> bool:
        address = actor_of(request).address
        spend(*self.limits(request, view), ("sign_in_address", address))
        email = request.data.get("email") if isinstance(request.data, dict) else None
        if isinstance(email, str):
            spend(("sign_in", f"{email.strip().lower()} {address}"))
        return True
