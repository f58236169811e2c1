"""The right to a channel that lies in the database, while something happens there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from clinic.core.actor import Actor
from clinic.realtime import channels
from clinic.realtime.events import Event
from clinic.realtime.hub import Hub
from clinic.sockets.board import Board
from clinic.sockets.connection import Socket
from clinic.sockets.hearing import Hearing
from clinic.sockets.identity import NOBODY


class Visit:
    """Somebody's visit, whoever shows its token; what `meanwhile` does happens after the look at the right to it."""

    def __init__(self) -> None:
        self.good = "first"
        self.meanwhile: Callable[[], None] = lambda: None

    def authorize(self, actor: Actor, detail: str, token: str) -> str:
        may = token == self.good
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if not may:
            raise channels.Refused("forbidden")
        return "visit.1"


class Scene:
    """One socket of one server process, and the visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.said: list[dict[str, Any]] = []
        self.loop = asyncio.get_running_loop()
        hub = Hub()
        hub.delivery.begin(7)
        hub._begun.set()
        self.board = Board(hub)
        socket = self.board.enter(self._send, NOBODY, "somewhere")
        assert socket is not None
        self.socket: Socket = socket
        self.hearing = Hearing(self.board, socket, "somewhere")

    async def _send(self, message: dict[str, Any]) -> None:
        self.said.append(json.loads(message["text"]))

    async def subscribe(self, token: str) -> None:
        await self.hearing.take(json.dumps({"type": "subscribe", "channel": "visit:1", "token": token}))

    async def happen(self, position: int) -> None:
        self.board.hub.delivery.take([Event(position, (0,), ("visit.1",), "appointment.updated", {}, None, None, "")])

    def from_its_thread(self, *steps: Any) -> None:
        async def one_after_the_other() -> None:
            for step in steps:
                await step

        asyncio.run_coroutine_threadsafe(one_after_the_other(), self.loop).result(10)

    def kinds(self) -> list[str]:
        return [said.get("code", said["type"]) for said in self.said]


def _played(monkeypatch: pytest.MonkeyPatch, story: Callable[[Scene], Any]) -> list[str]:
    visit = Visit()
    monkeypatch.setitem(channels._channels, "visit", channels.Channel(visit.authorize, asks_database=True))

    async def told() -> list[str]:
        scene = Scene(visit)
        await story(scene)
        await scene.board.stop()
        return scene.kinds()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, told()).result(60)


def test_a_right_that_goes_while_it_is_looked_at_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(scene: Scene) -> None:
        def moves_to_somebody_else() -> None:
            scene.visit.good = "another"
            scene.from_its_thread(scene.happen(8))

        scene.visit.meanwhile = moves_to_somebody_else
        await scene.subscribe("first")
        await scene.board.check()
        await scene.happen(9)

    assert _played(monkeypatch, story) == ["subscribed", "forbidden"]


def test_a_right_that_is_shown_anew_is_not_ended_by_a_look_at_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(scene: Scene) -> None:
        await scene.subscribe("first")
        await scene.happen(8)
        scene.visit.good = "second"
        scene.visit.meanwhile = lambda: scene.from_its_thread(scene.subscribe("second"))
        await scene.board.check()
        await scene.happen(9)
        await scene.board.check()

    assert _played(monkeypatch, story) == ["subscribed", "event", "subscribed", "event"]
