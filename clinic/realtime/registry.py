"""Which sockets are open in all server processes together, kept in Redis.

Each process has one hash, `clinic:sockets:<process>`, with a field `<user or ->:<connection>` for each of its sockets. It
runs out after 15 s of silence, so that what a killed process had open is forgotten by itself. `clinic:sockets` has the
processes, each with the second at which its hash runs out.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinic.core import clock

PROCESSES = "clinic:sockets"
LASTS = 15  # seconds
_PATIENCE = 0.5  # seconds


class Subscribed(TypedDict):
    id: str
    channel: str
    created: str


class Connection(TypedDict):
    """`user` is None for nobody in particular; instants are ISO 8601 in UTC."""

    id: str
    user: str | None
    role: str
    created: str
    last_heartbeat: str
    subscriptions: list[Subscribed]


def field_of(user_id: UUID | None, connection: str) -> str:
    return f"{user_id or '-'}:{connection}"


class Registry:
    """This process' side of it, for one event loop. What could not be written is written whole the next time."""

    def __init__(self) -> None:
        self._key = f"{PROCESSES}:{secrets.token_hex(8)}"
        self._redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
        self._whole = True

    @property
    def wants_all(self) -> bool:
        """Whether the next writing must bring every open socket."""
        return self._whole

    async def write(self, open_now: dict[str, str], closed: Iterable[str]) -> None:
        """Stores what changed: JSON texts by field, and the fields of sockets that are closed. Raises what Redis does."""
        whole, self._whole = self._whole, True
        gone = list(closed)
        async with self._redis.pipeline(transaction=True) as pipe:
            if whole:
                pipe.delete(self._key)
            elif gone:
                pipe.hdel(self._key, *gone)
            if open_now:
                pipe.hset(self._key, mapping=dict[Any, Any](open_now))
            pipe.expire(self._key, LASTS)
            until = clock.now().timestamp() + LASTS
            pipe.zadd(PROCESSES, {self._key: until})
            pipe.zremrangebyscore(PROCESSES, 0, until - 2 * LASTS)
            await pipe.execute()
        self._whole = False

    async def keep(self, any_open: bool) -> None:
        """Lets it last a while longer; to be called at least every 5 s. Raises what Redis does."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.expire(self._key, LASTS)
            pipe.zadd(PROCESSES, {self._key: clock.now().timestamp() + LASTS})
            is_there, _ = await pipe.execute()
        if any_open and not is_there:  # Redis was emptied, or this process stood still
            self._whole = True

    async def leave(self) -> None:
        """This process has no sockets any more."""
        try:
            await self._redis.delete(self._key)
            await self._redis.zrem(PROCESSES, self._key)
        except (redis.RedisError, OSError):
            pass  # it runs out by itself
        await self._redis.aclose()


def connections(user_id: UUID | None = None) -> tuple[list[Connection], bool]:
    """The open sockets of all processes, or of one account, the oldest first; and whether Redis could be asked: without it
    there are none."""
    try:
        now = clock.now().timestamp()
        found: list[Connection] = []
        for process in _reader().zrangebyscore(PROCESSES, now, "+inf"):
            match = f"{user_id}:*" if user_id else None
            for name, text in _reader().hscan_iter(process, match=match, count=500):
                owner, _, connection = name.decode().partition(":")
                shown: Any = {"id": connection, "user": None if owner == "-" else owner, **json.loads(text)}
                found.append(shown)
    except (redis.RedisError, OSError):
        return [], False
    return sorted(found, key=lambda one: one["created"]), True


@lru_cache(maxsize=1)
def _reader() -> Any:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0)
    )
