"""Many WebSocket clients in one process, which cost next to nothing: they note when frames come, and read little of them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from bench.wire import address

_OPENING = b'{"type":"event"'
_ACKNOWLEDGED = 100  # frames


def masked(text: bytes) -> bytes:
    """A text frame as clients send it, with a mask that changes nothing."""
    size = len(text)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
    return head + b"\0\0\0\0" + text


class Client(asyncio.Protocol):
    """One open socket. `arrivals` are the seconds (perf_counter) at which its event frames came."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []
        self.messages: list[dict[str, Any]] = []
        self.acknowledges = True
        self.closed = False
        self._transport: Any = None
        self._buffer = b""
        self._open = False
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        self._wake()

    def send(self, message: dict[str, Any]) -> None:
        self._transport.write(masked(json.dumps(message).encode()))

    def stop_reading(self) -> None:
        """From now on what is sent stays with the kernel and the server."""
        self._transport.pause_reading()

    def close(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        self._buffer += data
        if not self._open:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(head.decode("latin-1"))
            self._open, self._buffer = True, rest
        self._frames(now)
        self._wake()

    def _frames(self, now: float) -> None:
        buffer, at, size = self._buffer, 0, len(self._buffer)
        while size - at >= 2:
            length, start = buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            if size - start < length:
                break
            payload = buffer[start : start + length]
            at = start + length
            if payload.startswith(_OPENING):
                self.arrivals.append(now)
                if self.acknowledges and len(self.arrivals) % _ACKNOWLEDGED == 0:
                    self.send({"type": "heartbeat", "read": len(self.arrivals)})
            elif payload.startswith(b"{"):
                self.messages.append(json.loads(payload))
        self._buffer = buffer[at:]

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def until(self, true: Any, within: float = 30.0) -> None:
        """Waits for what the server says. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not true():
                if self.closed:
                    raise ConnectionError("The server closed the socket.")
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter

    def said(self, kind: str) -> bool:
        return any(message["type"] == kind for message in self.messages)


async def opened(
    port: int, number: int = 0, *, path: str = "/ws/", protocols: Sequence[str] = ("clinic.v1",)
) -> Client:
    """A socket that is open, from an address of its own."""
    _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
             f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13",
             f"Sec-WebSocket-Protocol: {', '.join(protocols)}", *(f"{k}: {v}" for k, v in address(number).items())]  # fmt: skip
    client._transport.write("\r\n".join([*lines, "", ""]).encode())
    await client.until(lambda: client._open)
    return client


async def subscribed(port: int, number: int, channel: str = "availability") -> Client:
    """A socket that has been welcomed and listens to a channel."""
    client = await opened(port, number)
    client.send({"type": "subscribe", "channel": channel})
    await client.until(lambda: client.said("subscribed"))
    return client


async def crowd(port: int, count: int, channel: str = "availability") -> list[Client]:
    """So many of them, thirty at a time."""
    clients: list[Client] = []
    for first in range(0, count, 30):
        numbers = range(first, min(first + 30, count))
        clients += await asyncio.gather(*(subscribed(port, number, channel) for number in numbers))
    return clients
