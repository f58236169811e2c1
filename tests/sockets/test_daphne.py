"""What a server process does with bytes: frames as they must be, and an end to what nobody reads."""

from __future__ import annotations

import base64
import json
import secrets
import socket
from contextlib import suppress

import pytest

from clinic.core.websockets import frame
from tests.sockets.client import Client
from tests.sockets.conftest import Opener
from tests.sockets.happening import placed_each, published


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, "8100"), (125, "817d"), (126, "817e007e"), (65535, "817effff"), (65536, "817f0000000000010000")],
)
def test_a_frame_says_how_long_it_is(size: int, head: str) -> None:
    assert frame("x" * size) == bytes.fromhex(head) + b"x" * size


def test_a_text_of_other_letters_is_counted_in_bytes() -> None:
    assert frame("ä" * 63) == bytes((0x81, 126, 0, 126)) + ("ä" * 63).encode()


class Liar:
    """Reads its welcome and nothing more, and says that it has."""

    def __init__(self, site: str) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        name, _, port = site.partition(":")
        self.socket.connect((name, int(port)))
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.socket.sendall(
            f"GET /ws/ HTTP/1.1\r\nHost: {site}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        came = b""
        while b"welcome" not in came:
            came += self.socket.recv(4096)

    def say(self, **message: object) -> None:
        text = json.dumps(message).encode()
        assert len(text) < 126
        self.socket.sendall(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text)


def test_what_nobody_reads_is_not_kept_without_end(opened: Opener) -> None:
    client: Client = opened()
    client.hear()
    start = client.subscribed("availability")
    for _ in range(4):  # 3 KB each
        published(*placed_each(*(["availability"] for _ in range(100)), taken=100 * ["when something is taken"]))
    client.heard()
    liar = Liar(opened.site)
    with liar.socket, suppress(ConnectionError):
        for number in range(10):  # 12 MB
            liar.say(type="subscribe", channel="availability", position=start)
            liar.say(type="heartbeat", read=400 * (number + 1))
        liar.socket.settimeout(20)
        came = 0
        while data := liar.socket.recv(1 << 20):
            came += len(data)
            assert came < 11_000_000
    assert client.heard() == []
