"""A server process as it is started says neither what it is nor which version, whoever asks and however."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.polling import until
from tests.realtime.processes import PATIENCE, ROOT

ASKED = {
    "a page": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "nothing": b"GET /none HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "a handshake": b"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "a handshake elsewhere": b"GET /elsewhere HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "what it cannot read": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Tab: a\x0bb\r\n\r\n",
}


def web_of(procfile: str) -> list[str]:
    (line,) = (rest for name, _colon, rest in (one.partition(":") for one in procfile.splitlines()) if name == "web")
    return shlex.split(line)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a server process that the Procfile's line began."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    command = [str(number) if word == "$PORT" else word for word in web_of((ROOT / "Procfile").read_text())]
    command[0] = sys.executable
    log: Path = tmp_path_factory.mktemp("web") / "log"
    with log.open("wb") as written:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=written)
        try:
            until(lambda: _answers(number), at_most=PATIENCE)
            yield number
        finally:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("what", ASKED)
def test_no_answer_names_the_server(database: None, port: int, what: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        wire.sendall(ASKED[what])
        heard = b""
        while b"\r\n\r\n" not in heard:
            came = wire.recv(65536)
            assert came, heard
            heard += came
    head = heard.partition(b"\r\n\r\n")[0].decode().lower().splitlines()
    assert head[0].startswith("http/1.1 ")
    assert [line for line in head if line.startswith(("server:", "x-powered-by:"))] == []
    assert not any(name in line for line in head for name in ("daphne", "twisted", "autobahn"))


def test_the_image_starts_it_the_same_way() -> None:
    (line,) = (line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD"))
    assert "--no-server-name" in line
    assert "--no-server-name" in web_of((ROOT / "Procfile").read_text())
