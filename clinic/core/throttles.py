"""How often: counted in Redis, so that one limit holds across all processes.

A limit is `(times, seconds)` in `settings.THROTTLES`, counted in fixed windows: at most so many in each window, and
`Retry-After` is what is left of it. Counting is one atomic increment, so that requests at the same moment all count.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any, ClassVar

import redis
from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from clinic.core import clock
from clinic.core.callers import actor_of
from clinic.core.errors import Busy, TooMany

log = logging.getLogger(__name__)

# Guessing must stay slow even while nobody can count; everything else goes on without Redis.
FAILS_CLOSED = frozenset({"sign_in", "sign_in_address", "reference", "register"})


def spend(limit: str, who: str) -> None:
    """Counts one use of this limit by somebody. Raises `TooMany` with the seconds to wait."""
    times, seconds = settings.THROTTLES[limit]
    window, into = divmod(int(clock.now().timestamp()), seconds)
    key = f"throttle:{limit}:{hashlib.sha256(who.encode()).hexdigest()[:32]}:{window}"
    try:
        used = _increment(key, seconds)
    except (redis.RedisError, OSError) as error:
        log.warning("Nobody counts: Redis does not answer.")
        if limit in FAILS_CLOSED:
            raise Busy() from error
        return
    if used > times:
        raise TooMany(retry_after=seconds - into)


def _increment(key: str, seconds: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:
        cache.add(key, 0, timeout=2 * seconds)  # whoever comes first; the others' zero is not taken
        return int(cache.incr(key))


class Throttle(BaseThrottle):
    """Spends limits for the caller of a request: an account by its id, anybody else by network address."""

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        """The limits to spend, each with whom to count."""
        raise AssertionError("Each throttle says what it counts.")

    def allow_request(self, request: Any, view: Any) -> bool:
        for limit, who in self.limits(request, view):
            spend(limit, who)
        return True


def caller_key(request: Any) -> str:
    actor = actor_of(request)
    return str(actor.user_id or actor.address)


class Requests(Throttle):
    """Every request of the API, reading and writing apart."""

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        kind = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
        whose = "" if actor_of(request).user_id else "anonymous_"
        return [(whose + kind, caller_key(request))]


class ByAddress(Throttle):
    """One limit for a network address, whoever signs in there."""

    limit: ClassVar[str]

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        return [(self.limit, actor_of(request).address)] if request.method == "POST" else []


class References(ByAddress):
    limit = "reference"


class Registrations(ByAddress):
    limit = "register"


class Bookings(ByAddress):
    """Bookings without an account: who has one is known, and can be asked."""

    limit = "anonymous_booking"

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        return super().limits(request, view) if actor_of(request).is_anonymous else []


class SignIns(Throttle):
    """Attempts for one account from one address, and from the address for any account: nobody far away can lock
    somebody out."""

    def limits(self, request: Any, view: Any) -> list[tuple[str, str]]:
        email = request.data.get("email") if isinstance(request.data, dict) else None
        address = actor_of(request).address
        found = [("sign_in_address", address)]
        if isinstance(email, str):
            found.append(("sign_in", f"{email.strip().lower()} {address}"))
        return found
