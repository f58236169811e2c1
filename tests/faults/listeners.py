"""Clients that keep a picture of what they listen to, by events alone, and what the database says it should be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from django.db import connections

from clinic.core import db
from clinic.realtime.client import Event, LiveClient, Refetch, Subscription
from tests.polling import until

Outcome = TypeVar("Outcome")
Picture = dict[Any, Any]

_VISITS = """
    SELECT id::text, status, dentist_id::text, realtime_instant(starts_at), realtime_instant(ends_at)
      FROM appointments_appointment
"""
_TAKEN = "SELECT dentist_id::text, realtime_instant(starts_at), realtime_instant(ends_at) FROM availability_occupancy"


class Backstage:
    """An event loop in a thread of its own, so that the test itself may wait and ask the database."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Outcome]) -> Outcome:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.loop.shutdown_default_executor()


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with db.as_owner():
        return db.rows(sql, params)


def visits() -> Picture:
    return {key: tuple(rest) for key, *rest in rows(_VISITS)}


def taken() -> Picture:
    return dict.fromkeys(rows(_TAKEN), True)


class Listener:
    """One subscription. `stored` is the channel's name in the database."""

    def __init__(self, name: str, live: LiveClient, subscription: Subscription, stored: str) -> None:
        self.name, self.live, self.subscription, self.stored = name, live, subscription, stored
        self.applied: list[int] = []
        self.refetched: list[int] = []
        self.picture: Picture = {}
        self.listening: asyncio.Task[None] | None = None
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._is_open = stored.startswith("availability")

    async def listen(self) -> None:
        async for news in self.subscription:
            if isinstance(news, Refetch):
                self.picture = await asyncio.to_thread(self.truth)
                self.refetched.append(news.position)
            else:
                self._apply(news)
                self.applied.append(news.position)
            await self.may_read.wait()

    def truth(self) -> Picture:
        """What the picture should be."""
        try:
            whole = taken() if self._is_open else visits()
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()
        dentist = self.stored.partition(".")[2] if self.stored.startswith("schedule.") else ""
        return {key: value for key, value in whole.items() if not dentist or value[1] == dentist}

    def expected(self) -> list[int]:
        """The positions that happened on this channel since it was fetched last."""
        found = rows(
            "SELECT position FROM realtime_events WHERE %s = ANY (channels) AND position > %s ORDER BY position",
            self.stored, self.refetched[0],
        )  # fmt: skip
        return [position for (position,) in found]

    @property
    def last(self) -> int:
        return max([*self.applied[-1:], *self.refetched[-1:]])

    def _apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "slots.changed":
            for span in data["freed"]:
                self.picture.pop((span["dentist_id"], span["start"], span["end"]), None)
            for span in data["taken"]:
                self.picture[(span["dentist_id"], span["start"], span["end"])] = True
        elif event.kind == "appointment.deleted":
            self.picture.pop(data["id"], None)
        elif event.kind.startswith("appointment."):
            is_here = not self.stored.startswith("schedule.") or self.stored == f"schedule.{data['dentist_id']}"
            if is_here:
                self.picture[data["id"]] = (data["status"], data["dentist_id"], data["start"], data["end"])
            else:
                self.picture.pop(data["id"], None)


def has_settled(listeners: Iterable[Listener]) -> bool:
    """Whether all that happened has its position, and the last of it is known to everybody."""
    if rows("SELECT 1 FROM realtime_events WHERE position IS NULL LIMIT 1"):
        return False
    heads = dict(rows("SELECT name, position FROM realtime_channels"))
    return all(one.refetched and one.last >= heads.get(one.stored, 0) for one in listeners)


def verdicts(listeners: Iterable[Listener]) -> dict[str, str]:
    """What is wrong with what somebody was told: nothing, for nobody, if all is well."""
    found = {}
    for one in listeners:
        expected = one.expected()
        if len(one.applied) != len(set(one.applied)):
            found[one.name] = "told twice"
        elif len(one.refetched) > 1:
            found[one.name] = f"had to fetch again at {one.refetched[1:]}"
        elif one.applied != expected:
            found[one.name] = f"passed over {sorted(set(expected) - set(one.applied))[:5]}"
        elif one.picture != one.truth():
            found[one.name] = "sees something else than what is there"
    return found


def assert_all_told(listeners: list[Listener], *, at_most: float = 30.0) -> None:
    """Waits until nothing is under way, then holds everybody to the database."""
    try:
        until(lambda: has_settled(listeners), at_most=at_most)
    except AssertionError:
        wrong = verdicts(listeners)
        assert not wrong, f"not over yet, and {wrong}"
        raise
    wrong = verdicts(listeners)
    assert not wrong, f"{wrong}"


def connect_all(
    backstage: Backstage, wanted: list[tuple[str, Callable[[], LiveClient], str, str]]
) -> list[Listener]:  # fmt: skip
    """Clients of `(name, what makes it, channel, stored channel)`, each of which has fetched by now."""

    async def begin() -> list[Listener]:
        found = []
        for name, make, channel, stored in wanted:
            live = await make().__aenter__()
            listener = Listener(name, live, live.subscribe(channel), stored)
            listener.listening = asyncio.create_task(listener.listen())
            found.append(listener)
        return found

    listeners = backstage.run(begin())
    until(lambda: all(one.refetched for one in listeners))
    return listeners


def close_all(backstage: Backstage, listeners: list[Listener]) -> None:
    async def end() -> None:
        await asyncio.gather(*(one.live.close() for one in listeners))

    backstage.run(end())
