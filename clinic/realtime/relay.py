"""The relay: gives events their positions and publishes them, the only one at work among those that run.

It needs a connection of its own to PostgreSQL, not through a pooler in transaction mode: it listens, and holds a lock for
as long as it is the active one. Whatever is cut off, it takes up again: what has no position gets one, what was perhaps
not published is published again, and hubs know by its position what they have seen (docs/realtime.md).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from channels.layers import get_channel_layer  # type: ignore[import-untyped]  # Channels has no types
from django.db import connections

from clinic.jobs.rounds import pause
from clinic.realtime.events import GROUP, Event, of_row, pack

log = logging.getLogger(__name__)

BATCH = 200  # events of one transaction and of one message
POLL = 1.0  # seconds after which an active relay looks, were nobody to wake it
STAND_BY = 0.4  # seconds between a standby's attempts to become the active one
_LOCK = 72036  # one number for the active relay of a database
_BACK_IN = 0.5  # seconds after the database was lost
_REDIS_PATIENCE = 2.0  # seconds for one message; then Redis counts as away
_OPTIONS: dict[str, Any] = {
    # The database, too, notices in some ten seconds that a relay is gone without a word: until then it holds its lock.
    "options": "-c role=app_service -c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=10000",
    # A database that is gone without a word is noticed in some ten seconds.
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "application_name": "clinic-relay",
}
_DRAIN: LiteralString = "SELECT * FROM realtime_drain(%s)"
_UNPUBLISHED: LiteralString = "SELECT * FROM realtime_unpublished(%s)"
_PUBLISHED: LiteralString = "SELECT realtime_published(%s, %s)"
_BEAT: LiteralString = "SELECT realtime_beat(%s, %s)"


class Relay:
    """One relay: stands by until no other is active, then works until `stop` is set."""

    def __init__(self) -> None:
        self.id = uuid4()
        self._stop = asyncio.Event()
        self._behind = False  # whether something has a position and was not published
        self._beat_at, self._was_active = 0.0, False

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        """Relays until `stop` is called; a database that is away is asked again until it answers."""
        while not self._stop.is_set():
            try:
                async with _connected() as database:
                    await self._serve(database)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                log.warning("the database was lost (%s); relaying goes on when it is back", type(error).__name__)
            except psycopg.Error:
                log.exception("the database refuses; relaying is tried again")
            if not self._stop.is_set():
                await pause(self._stop, _BACK_IN)

    async def _serve(self, database: psycopg.AsyncConnection[Any]) -> None:
        while not await self._becomes_active(database):
            await self._beat(database, active=False)
            await pause(self._stop, STAND_BY)
            if self._stop.is_set():
                return
        log.info("this relay is the active one")
        await database.execute("LISTEN realtime")  # before the first look, so that nothing falls in between
        self._behind = True
        while not self._stop.is_set():
            await self._beat(database, active=True)
            if not await self._pass_on(database):
                async for _ in database.notifies(timeout=_BACK_IN if self._behind else POLL, stop_after=1):
                    break

    async def _becomes_active(self, database: psycopg.AsyncConnection[Any]) -> bool:
        # The lock ends with the connection, so a relay that has lost its database is no longer active, and knows it.
        row = await (await database.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))).fetchone()
        return bool(row and row[0])

    async def _pass_on(self, database: psycopg.AsyncConnection[Any]) -> bool:
        """Gives the next events their positions and publishes them; whether there may be more at once."""
        fresh = await _events(database, _DRAIN)
        # Positions are given while Redis is away, too: hubs read from the database what Redis does not bring.
        due = await _events(database, _UNPUBLISHED) if self._behind else fresh
        if due:
            if not await self._send(due):
                self._behind = True
                return len(fresh) == BATCH
            await self._mark(database, due[0].position, due[-1].position)
        self._behind = self._behind and len(due) == BATCH
        return self._behind or len(fresh) == BATCH

    async def _send(self, events: list[Event]) -> bool:
        layer = get_channel_layer()
        assert layer is not None, "CHANNEL_LAYERS names the Redis layer"  # noqa: S101 - a setting, not an input
        try:
            await asyncio.wait_for(layer.group_send(GROUP, pack(events)), _REDIS_PATIENCE)
        except Exception as error:  # redis-py raises many kinds, and none of them may end relaying
            if not self._behind:
                log.warning("Redis does not answer (%s); hubs read from the database meanwhile", type(error).__name__)
            return False
        return True

    async def _mark(self, database: psycopg.AsyncConnection[Any], first: int, last: int) -> None:
        await database.execute(_PUBLISHED, (first, last))

    async def _beat(self, database: psycopg.AsyncConnection[Any], *, active: bool) -> None:
        """Shows itself, once a second and when it becomes the active one."""
        if time.monotonic() - self._beat_at >= 1.0 or active != self._was_active:
            await database.execute(_BEAT, (self.id, active))
            self._beat_at, self._was_active = time.monotonic(), active


@asynccontextmanager
async def _connected() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A connection as the service's login, which has stepped into its role from the start. Each statement commits."""
    given = connections["service"].get_connection_params()
    params = {name: value for name, value in given.items() if name not in ("cursor_factory", "context")}
    async with await psycopg.AsyncConnection.connect(**{**params, **_OPTIONS}, autocommit=True) as database:
        yield database


async def _events(database: psycopg.AsyncConnection[Any], statement: LiteralString) -> list[Event]:
    cursor = await database.execute(statement, (BATCH,))
    return [of_row(row) for row in await cursor.fetchall()]
