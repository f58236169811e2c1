"""The least HTTP client that is correct against our own server, so that the client costs next to nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float  # from the first byte sent to the last byte received
    size: int  # bytes on the wire, head and body

    def json(self) -> Any:
        return json.loads(self.body)


def address(number: int) -> dict[str, str]:
    """As if a proxy passed the request on for somebody at an address of their own: limits count by address."""
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def packed(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> bytes:
    """A request as bytes; `body` goes as JSON."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Reader:
    """Puts one answer together from what arrives; every answer of this site has a Content-Length."""

    def __init__(self) -> None:
        self._read = bytearray()
        self._head_ends = -1
        self._ends = -1

    def take(self, part: bytes) -> bool:
        """Whether the answer is complete. Raises ConnectionError when the server hangs up before."""
        if not part:
            raise ConnectionError("The server closed the connection in the middle of an answer.")
        self._read += part
        if self._head_ends < 0 and (found := self._read.find(b"\r\n\r\n")) >= 0:
            self._head_ends = found + 4
            self._ends = self._head_ends + int(self._headers().get("content-length", "0"))
        return 0 <= self._ends <= len(self._read)

    def _headers(self) -> dict[str, str]:
        lines = self._read[: self._head_ends - 4].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def answer(self, seconds: float) -> Answer:
        status = int(self._read[9:12])
        return Answer(status, self._headers(), bytes(self._read[self._head_ends :]), seconds, len(self._read))


class Wire:
    """One keep-alive connection to a port on loopback."""

    def __init__(self, port: int, *, timeout: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send_packed(packed(method, path, body, headers))

    def send_packed(self, request: bytes) -> Answer:
        reader = Reader()
        began = perf_counter()
        self.socket.sendall(request)
        while not reader.take(self.socket.recv(65536)):
            pass
        return reader.answer(perf_counter() - began)
