"""What a server process does for its open sockets again and again, one turn at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinic.core.actor import ANONYMOUS, Actor, Role
from clinic.realtime import registry
from clinic.realtime.events import Event
from clinic.realtime.hub import Hub
from clinic.realtime.limits import HEARTBEAT, SILENCE
from clinic.realtime.subscriptions import WINDOW
from clinic.sockets.board import Board
from clinic.sockets.connection import Socket
from clinic.sockets.identity import NOBODY, Identity
from tests.factories import Cast

Outcome = TypeVar("Outcome")


class Line:
    """What a client at the other end hears."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.closed: int | None = None

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.said.append(json.loads(message["text"]))

    def kinds(self) -> list[str]:
        return [said["type"] for said in self.said]


@asynccontextmanager
async def _board() -> AsyncIterator[Board]:
    board = Board(Hub())
    board.hub.delivery.begin(7)
    yield board
    await board.stop()


def _entered(board: Board, identity: Identity = NOBODY) -> tuple[Socket, Line]:
    line = Line()
    socket = board.enter(line.send, identity, "somewhere")
    assert socket is not None
    return socket, line


def _event(position: int) -> Event:
    return Event(position, (position - 1,), ("sync",), "appointment.created", {}, None, None, "")


def _run(story: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """In a thread of its own: where a browser was driven before, the main thread's event loop still runs."""

    async def told() -> Outcome:
        return await story()

    work: Coroutine[Any, Any, Outcome] = told()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result(60)


def test_a_heartbeat_says_how_far_each_channel_has_come() -> None:
    async def story() -> list[dict[str, Any]]:
        async with _board() as board:
            socket, line = _entered(board)
            board.hub.delivery.add(socket, "sync", "sync", None)
            board.hub.delivery.take([_event(8)])
            await board.beat()
            due = socket.due
            socket.due -= HEARTBEAT
            await board.beat()
            await board.beat()
            assert socket.due == due
            return line.said[2:]

    assert _run(story) == [{"type": "heartbeat", "position": 8, "live": False, "channels": {"sync": 8}}]


def test_those_who_come_in_one_moment_are_not_told_in_one_moment() -> None:
    async def story() -> list[float]:
        async with _board() as board:
            return [socket.due - socket.heard for socket, _ in (_entered(board) for _ in range(HEARTBEAT))]

    waits = _run(story)
    assert sorted(round(wait) for wait in waits) == sorted(
        2 * [HEARTBEAT // 2 + more for more in range(HEARTBEAT // 2)]
    )


def test_a_socket_without_a_word_is_closed() -> None:
    async def story() -> tuple[list[int | None], int]:
        async with _board() as board:
            silent, talking = _entered(board), _entered(board)
            silent[0].heard -= SILENCE + 1
            talking[0].heard -= SILENCE - 10
            await board.beat()
            return [silent[1].closed, talking[1].closed], len(board.sockets)

    assert _run(story) == ([4408, None], 1)


def test_a_reader_that_never_reads_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> tuple[list[int | None], list[list[str]]]:
        async with _board() as board:
            lines = []
            for _ in range(2):
                socket, line = _entered(board)
                board.hub.delivery.add(socket, "sync", "sync", None)
                lines.append((socket, line))
            board.hub.delivery.take([_event(8 + number) for number in range(WINDOW + 5)])
            await board.beat()
            monkeypatch.setattr("clinic.sockets.board.UNREAD", -1.0)
            board.hub.delivery.has_read(lines[1][0], WINDOW)
            await board.beat()
            return [line.closed for _, line in lines], [line.kinds()[-3:] for _, line in lines]

    closed, kinds = _run(story)
    assert closed == [4408, None]
    assert kinds == [["event", "event", "paused"], ["event", "event", "event"]]


def test_a_socket_that_fails_is_left_alone_and_disturbs_nobody() -> None:
    async def broken(message: dict[str, Any]) -> None:
        raise ConnectionError

    async def slow(message: dict[str, Any]) -> None:
        await asyncio.sleep(0)

    async def story() -> tuple[list[str], int]:
        async with _board() as board:
            for send in (broken, slow):
                socket = board.enter(send, NOBODY, "somewhere")
                assert socket is not None
                board.hub.delivery.add(socket, "sync", "sync", None)
            socket, line = _entered(board)
            board.hub.delivery.add(socket, "sync", "sync", None)
            board.hub.delivery.take([_event(8)])
            await board.beat()
            return line.kinds(), len(board.sockets)

    assert _run(story) == (["subscribed", "event"], 1)


def test_all_processes_know_whose_sockets_are_open(cast: Cast) -> None:
    ana = Identity(Actor(Role.PATIENT, cast.ana.pk))

    async def story() -> list[Any]:
        found: list[Any] = []
        async with _board() as here, _board() as there:
            own, _ = _entered(here, ana)
            elsewhere, _ = _entered(there, ana)
            own.created -= timedelta(hours=1)
            _entered(there, Identity(ANONYMOUS))
            here.hub.delivery.add(own, "appointments", f"account.{cast.ana.pk}", None)
            here.listens(own, "appointments")
            for board in (here, there):
                await board.write()
            (first, second), is_told = registry.connections(cast.ana.pk)
            assert ([first["id"], second["id"]], is_told) == ([own.id, elsewhere.id], True)
            assert (first["user"], first["role"], second["subscriptions"]) == (str(cast.ana.pk), "patient", [])
            assert [one["channel"] for one in first["subscriptions"]] == ["appointments"]
            assert first["created"] == own.created.isoformat()
            found.append(sorted(str(one["user"]) for one in registry.connections()[0]))
            here.leave(own)
            redis.Redis.from_url(settings.REDIS_URL).delete(*_hashes())
            for board in (here, there):
                await board.write()
            found.append([one["id"] == elsewhere.id for one in registry.connections(cast.ana.pk)[0]])
            for _ in range(10):  # what Redis has forgotten is noticed, and written anew
                await there.write()
            found.append([one["id"] == elsewhere.id for one in registry.connections(cast.ana.pk)[0]])
        found.append(registry.connections()[0])
        return found

    assert _run(story) == [sorted(["None", str(cast.ana.pk), str(cast.ana.pk)]), [], [True], []]


def _hashes() -> list[bytes]:
    keys = redis.Redis.from_url(settings.REDIS_URL).zrange(registry.PROCESSES, 0, -1)
    return list(keys)  # type: ignore[arg-type]  # a synchronous client answers at once


def test_without_redis_nobody_is_known_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_reader", lambda: redis.Redis(port=1, retry=Retry(NoBackoff(), 0)))
    assert registry.connections() == ([], False)
