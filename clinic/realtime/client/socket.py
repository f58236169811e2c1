"""One connection to `/ws/`, from its opening to its end: messages, heartbeats, and what its end means."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

_handshakes = logging.getLogger(f"{__name__}.handshakes")
_handshakes.setLevel(logging.INFO)  # below that it would write down the token

PROTOCOL = "clinic.v1"
SILENCE = 75.0  # seconds without a word, after which nobody is there
READ_EVERY = 100  # events between two acknowledgements

# No address can ever be taken by whoever gets these on the first attempt.
_NOT_HERE = {301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 426}

Message = dict[str, Any]


def address_of(url: str) -> str:
    """The socket's address from that of the site or of the socket. Raises `ValueError`."""
    scheme, place, path, query, _ = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(scheme, scheme)
    if scheme not in ("ws", "wss") or not place:
        raise ValueError(f"{url!r} is no address of a site")
    return urlunsplit((scheme, place, "/ws/" if path in ("", "/") else path, query, ""))


class _Straight(connect):
    """Follows nobody elsewhere: the token would go along."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Wire:
    """What is said and heard over one connection. `take` is called with each message."""

    def __init__(self, take: Callable[[Message], None]) -> None:
        self._take = take
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        self._read = self._acknowledged = 0
        self.close_code: int | None = None

    def say(self, **message: Any) -> None:
        self._out.put_nowait(message)

    def has_read(self, events: int) -> None:
        """So many more events were read; the server is told of each hundred."""
        self._read += events
        if self._read - self._acknowledged >= READ_EVERY:
            self.acknowledge()

    def acknowledge(self) -> None:
        self._acknowledged = self._read
        self.say(type="heartbeat", read=self._read)

    async def beat(self, seconds: float) -> None:
        """Shows that somebody is here, without end."""
        while True:
            await asyncio.sleep(seconds)
            self.acknowledge()

    async def run(self, address: str, token: str | None, **options: Any) -> None:
        """Opens, and returns when it is closed again, `close_code` then says how. Raises `OSError`, `TimeoutError` and what
        `websockets` does when it cannot be opened; `ValueError` for what is no message."""
        protocols = [PROTOCOL, *([f"bearer.{token}"] if token else [])]
        opening = _Straight(
            address, subprotocols=[Subprotocol(one) for one in protocols], **{"logger": _handshakes, **options}
        )
        async with opening as socket:
            writing = asyncio.create_task(self._write(socket))
            try:
                while True:
                    async with asyncio.timeout(SILENCE):
                        text = await socket.recv()
                    self._take(_message(text))
            except ConnectionClosed as closed:
                self.close_code = closed.rcvd.code if closed.rcvd else None
            finally:
                writing.cancel()

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(json.dumps(await self._out.get()))
        except ConnectionClosed:
            return  # whoever reads hears of it


def is_not_here(error: Exception) -> bool:
    """Whether what answered is no server of live sync, or does not take this client."""
    return isinstance(error, InvalidStatus) and error.response.status_code in _NOT_HERE


def _message(text: str | bytes) -> Message:
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError("a message of live sync is an object")
    return said
