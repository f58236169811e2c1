"""WebSockets under Daphne: small messages, little work for a frame that many are sent, and an end to what nobody reads.

A frame that goes to a thousand sockets is put together once, and written at once where nothing is waiting before it: Daphne
would encode it a thousand times, and Twisted watch each socket until it can be written to, which it nearly always can.
Measured: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any

from daphne.server import Server  # type: ignore[import-untyped]  # Daphne has no types
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol  # type: ignore[import-untyped]  # as above
from twisted.internet.tcp import Connection

LARGEST_MESSAGE = 64 * 1024  # bytes, in both directions
LARGEST_BACKLOG = 512 * 1024  # bytes that wait for one client; whoever lets more wait is dropped
_TEXT = 0x81  # a whole message of text in one frame
_OPEN = WebSocketProtocol.STATE_OPEN
_daphnes_reply = Server.handle_reply


def bound_messages() -> None:
    """A client that announces more in one message is dropped before anything is kept for it; Daphne's own limit is a
    megabyte, for each of many."""
    plain = WebSocketFactory.setProtocolOptions

    def bounded(self: Any, **options: Any) -> None:
        plain(self, **{**options, "maxMessagePayloadSize": LARGEST_MESSAGE, "maxFramePayloadSize": LARGEST_MESSAGE})

    WebSocketFactory.setProtocolOptions = bounded


def share_frames() -> None:
    """Texts for open sockets go the short way, all else Daphne's."""
    last: tuple[str, bytes] = ("", b"")

    async def reply(self: Any, protocol: Any, message: dict[str, Any]) -> None:
        nonlocal last
        text = message.get("text") if message["type"] == "websocket.send" else None
        if text is None or protocol.state != _OPEN or protocol.send_queue:
            await _daphnes_reply(self, protocol, message)
            return
        if text is not last[0]:
            last = text, frame(text)
        _write(protocol.transport, last[1])

    Server.handle_reply = reply


def close_when_stopping() -> None:
    """A server that stops ends the applications of its sockets, which say so to their clients. Daphne gives that up when a
    connection has no application, or none any more, as each socket's handshake for up to a second."""
    plain = Server.kill_all_applications

    def end(self: Any) -> Any:
        nothing: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        nothing.set_result(None)
        for details in self.connections.values():
            details.setdefault("application_instance", nothing)
        return plain(self)

    Server.kill_all_applications = end


def frame(text: str) -> bytes:
    """A text as one frame from a server (RFC 6455, section 5.2)."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size <= 0xFFFF:
        return struct.pack("!BBH", _TEXT, 126, size) + payload
    return struct.pack("!BBQ", _TEXT, 127, size) + payload


def _write(transport: Any, data: bytes) -> None:
    if isinstance(transport, Connection):
        waiting = len(transport.dataBuffer) + transport._tempDataLen
        if not waiting and transport.connected and not transport.disconnecting:
            sent = transport.writeSomeData(data)
            if sent == len(data):
                return
            if isinstance(sent, int):
                data = data[sent:]
        elif waiting > LARGEST_BACKLOG:
            transport.abortConnection()
            return
    transport.write(data)
