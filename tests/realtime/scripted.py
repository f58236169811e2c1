"""A server of live sync that says what a test has it say, and clients that talk to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, TypeVar

from websockets.asyncio.server import Request, Response, ServerConnection, serve

from clinic.realtime.client import LiveClient

Outcome = TypeVar("Outcome")
SOON = 10.0  # seconds


def told(story: Callable[[], Coroutine[Any, Any, Outcome]]) -> Outcome:
    """Runs a story in a thread of its own: where a browser was driven before, the main thread's event loop still runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(story(), 2 * SOON))).result()


class Peer:
    """One connection, seen from the server."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        offered = ",".join(socket.request.headers.get_all("Sec-WebSocket-Protocol")) if socket.request else ""
        tokens = [one.strip() for one in offered.split(",") if one.strip().startswith("bearer.")]
        self.token = tokens[0].removeprefix("bearer.") if tokens else None

    async def heard(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(await asyncio.wait_for(self._socket.recv(), SOON))
        return said

    async def say(self, message: str, /, **content: Any) -> None:
        await self._socket.send(json.dumps({"type": message, **content}))

    async def event(self, channel: str, position: int, previous: int, kind: str = "slots.changed") -> None:
        await self.say("event", channel=channel, position=position, previous=previous, kind=kind, at="", data={})

    async def welcome(self, **other: Any) -> Peer:
        content = {"version": 1, "connection": "1", "role": "patient", "user": "u", "position": 7, "heartbeat": 30}
        await self.say("welcome", **{**content, **other})
        return self

    async def stands(self, channel: str, position: int) -> dict[str, Any]:
        """Hears a request for this channel and grants it; the request."""
        said = await self.heard()
        assert (said["type"], said["channel"]) == ("subscribe", channel)
        await self.say("subscribed", channel=channel, position=position)
        return said

    async def nonsense(self) -> None:
        await self._socket.send("[]")

    async def drop(self) -> None:
        """As when the network is gone."""
        self._socket.transport.abort()

    async def close(self, code: int) -> None:
        await self._socket.close(code)


class Server:
    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []  # HTTP statuses with which the next handshakes are refused
        self._came: asyncio.Queue[Peer] = asyncio.Queue()

    async def peer(self) -> Peer:
        """The next connection."""
        return await asyncio.wait_for(self._came.get(), SOON)

    async def take(self, socket: ServerConnection) -> None:
        self._came.put_nowait(Peer(socket))
        await socket.wait_closed()

    def judge(self, socket: ServerConnection, request: Request) -> Response | None:
        if not self.answers:
            return None
        answer = socket.respond(HTTPStatus(self.answers.pop(0)), "")
        answer.headers["Location"] = f"{self.url}/elsewhere/"
        return answer


@asynccontextmanager
async def talking(**options: Any) -> AsyncIterator[tuple[Server, LiveClient]]:
    """A server and a client that connects to it."""
    server = Server()
    async with serve(
        server.take, "127.0.0.1", 0, process_request=server.judge, subprotocols=["clinic.v1"], compression=None
    ) as listening:
        server.url = f"http://127.0.0.1:{next(iter(listening.sockets)).getsockname()[1]}"
        async with LiveClient(server.url, **{"first_delay": 0.01, **options}) as live:
            yield server, live
