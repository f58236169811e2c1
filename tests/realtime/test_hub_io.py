"""The hub while the database or Redis cannot be asked: it keeps what it has, says so, and goes on by itself."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from channels.layers import channel_layers

from clinic.realtime.events import GROUP, Event, State, pack
from clinic.realtime.frames import Message
from clinic.realtime.hub import Hub
from clinic.realtime.subscriptions import Reader

Outcome = TypeVar("Outcome")


class Database:
    """Stands for `clinic.realtime.events`, and is away at will."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.horizon = 0
        self.is_away = False
        self.asked = 0

    def happen(self, *, more: int = 1) -> list[Event]:
        first = self.events[-1].position + 1 if self.events else 1
        fresh = [
            Event(position, (position - 1,), ("sync",), "appointment.created", {}, None, None, "")
            for position in range(first, first + more)
        ]
        self.events += fresh
        return fresh

    def state(self) -> State:
        self._ask()
        return State(self.events[-1].position if self.events else 0, self.horizon)

    def since(self, after: int, limit: int) -> list[Event]:
        self._ask()
        return [event for event in self.events if event.position > max(after, self.horizon)][:limit]

    def missed(self, channel: str, after: int, limit: int) -> list[Event]:
        return [event for event in self.since(after, 10**6) if channel in event.channels][:limit]

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise ConnectionError


class Ear:
    def __init__(self, hub: Hub) -> None:
        self.reader = Reader(self._hear)
        self.said: list[dict[str, Any]] = []
        self.hub = hub

    def _hear(self, frame: Message) -> None:
        self.said.append(json.loads(frame["text"]))

    def positions(self) -> list[int]:
        return [said["position"] for said in self.said if said["type"] == "event"]

    def kinds(self) -> list[str]:
        return [said["type"] for said in self.said]


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


def _run(database: Database, story: Callable[[Hub, Ear], Awaitable[Outcome]]) -> Outcome:
    async def told() -> Outcome:
        hub = Hub(database)
        hub.start()
        try:
            return await story(hub, Ear(hub))
        finally:
            await hub.stop()

    work: Coroutine[Any, Any, Outcome] = told()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result(60)


async def _publish(*events: Event) -> None:
    layer = channel_layers.make_backend("default")
    await layer.group_send(GROUP, pack(events))
    await layer.flush()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.realtime.hub._EVERY", 0.05)
    monkeypatch.setattr("clinic.realtime.hub._ON_ITS_WAY", 0.01)


def test_a_database_that_is_away_at_first_is_waited_for() -> None:
    database = Database()
    database.happen(more=3)
    database.is_away = True

    async def story(hub: Hub, ear: Ear) -> tuple[bool, bool, int]:
        before = await hub.begun(0.2)
        database.is_away = False
        return before, await hub.begun(20), hub.delivery.position

    assert _run(database, story) == (False, True, 3)


def test_a_database_that_goes_away_is_said_and_what_happened_meanwhile_is_told_afterwards() -> None:
    database = Database()

    async def story(hub: Hub, ear: Ear) -> tuple[list[int], bool]:
        await hub.begun(20)
        hub.delivery.add(ear.reader, "sync", "sync", None)
        await _until(lambda: hub.is_live)
        database.is_away = True
        await _until(lambda: not hub.is_live)
        database.happen(more=4)
        database.is_away = False
        await _until(lambda: hub.is_live)
        return ear.positions(), hub.is_live

    assert _run(database, story) == ([1, 2, 3, 4], True)


def test_who_comes_back_while_the_database_is_away_is_served_when_it_is_there() -> None:
    database = Database()
    database.happen(more=1500)  # more than the hub keeps

    async def story(hub: Hub, ear: Ear) -> tuple[list[int], list[str]]:
        await hub.begun(20)
        database.is_away = True
        hub.delivery.add(ear.reader, "sync", "sync", 1490)
        at_once = ear.positions()
        others = [Ear(hub) for _ in range(50)]
        for other in others:
            hub.delivery.add(other.reader, "sync", "sync", 300)
        asked = database.asked
        await _until(lambda: database.asked > asked + 3)
        hub.delivery.leave(others[0].reader)
        database.is_away = False
        await _until(lambda: others[-1].kinds()[-1] == "refetch")
        assert {tuple(other.kinds()) for other in others[1:]} == {("subscribed", "refetch")}
        return at_once, others[0].kinds()

    assert _run(database, story) == (list(range(1491, 1501)), ["subscribed"])


def test_however_often_somebody_asks_the_database_is_asked_for_the_last_time_only() -> None:
    database = Database()
    database.happen(more=1500)
    asking, may_answer = threading.Event(), threading.Event()
    plain, questions = database.missed, 0

    def slow(channel: str, after: int, limit: int) -> list[Event]:
        nonlocal questions
        questions += 1
        asking.set()
        assert may_answer.wait(20)
        return plain(channel, after, limit)

    database.missed = slow  # type: ignore[method-assign]  # a slow database

    async def story(hub: Hub, ear: Ear) -> tuple[int, list[int]]:
        await hub.begun(20)
        for position in range(100):
            hub.delivery.add(ear.reader, "sync", "sync", position)
        hub.delivery.add(ear.reader, "sync", "sync", 450)
        await _until(asking.is_set)
        fresh = database.happen(more=2)
        await _until(lambda: hub.delivery.position == fresh[-1].position)  # what is new is read meanwhile
        hub.delivery.add(ear.reader, "sync", "sync", 1499)
        may_answer.set()
        await _until(lambda: len(ear.positions()) == 3 and not hub._asked)
        return questions, ear.positions()

    assert _run(database, story) == (1, [1500, 1501, 1502])


def test_what_is_forgotten_before_it_was_read_is_to_be_fetched() -> None:
    database = Database()

    async def story(hub: Hub, ear: Ear) -> tuple[list[str], list[int]]:
        await hub.begun(20)
        hub.delivery.add(ear.reader, "sync", "sync", None)
        database.is_away = True
        database.happen(more=5)
        database.horizon = 3
        database.is_away = False
        await _until(lambda: len(ear.said) == 4)
        database.is_away = True
        database.happen(more=5)
        database.horizon = 10
        database.is_away = False
        await _until(lambda: len(ear.said) == 5)
        return ear.kinds(), [said["position"] for said in ear.said]

    kinds, positions = _run(database, story)
    assert kinds == ["subscribed", "refetch", "event", "event", "refetch"]
    assert positions == [0, 3, 4, 5, 10]


def test_an_older_database_is_restored() -> None:
    database = Database()
    database.happen(more=9)

    async def story(hub: Hub, ear: Ear) -> list[str]:
        await hub.begun(20)
        hub.delivery.add(ear.reader, "sync", "sync", None)
        del database.events[4:]
        await _until(lambda: hub.delivery.position == 4)
        await _publish(*database.happen())
        await _until(lambda: hub.delivery.position == 5)
        return ear.kinds()

    assert _run(database, story) == ["subscribed", "refetch", "event"]


def test_redis_is_away_at_first_and_something_else_is_said_in_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    layer = channel_layers.make_backend("default")
    tried = 0

    class Late:
        """The layer, which cannot be reached at first."""

        async def new_channel(self) -> str:
            nonlocal tried
            tried += 1
            if tried < 3:
                raise ConnectionError
            return str(await layer.new_channel())

        def __getattr__(self, name: str) -> Any:
            return getattr(layer, name)

    monkeypatch.setattr("clinic.realtime.hub.get_channel_layer", Late)

    async def story(hub: Hub, ear: Ear) -> list[int]:
        await hub.begun(20)
        hub.delivery.add(ear.reader, "sync", "sync", None)
        database.happen()
        await _until(lambda: hub.delivery.position == 1)  # found at the tail
        await _until(lambda: tried == 3)
        await layer.group_send(GROUP, {"type": "something.else"})
        await layer.group_send(GROUP, {"type": "realtime.events", "events": [["nonsense"]]})
        await _publish(*database.happen())
        await _until(lambda: hub.delivery.position == 2)
        found = ear.positions()
        await hub.stop()
        await layer.flush()
        return found

    assert _run(database, story) == [1, 2]
