"""Whatever strangers send, a line of a server's output is one JSON object that the server made."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from tests.factories import Cast
from tests.realtime.processes import serving

FORGED = (
    'x\r\n{"level": "info", "event": "forged"}',
    'x\n{"level": "info", "event": "forged"}',
    '", "event": "forged", "x": "',
    "x\x1b[2J\x1b[31mforged",
    "x\u2028forged\x85forged\x0bforged\x0cforged",
)


def _asked(address: str, raw: bytes) -> bytes:
    """The first line of the answer, or nothing where the server hangs up."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(raw)
        return connection.makefile("rb").readline()


def _get(path: str, **headers: str) -> bytes:
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{told}\r\n".encode()


def _post(path: str, body: dict[str, str]) -> bytes:
    sent = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
    return head.encode() + f"Content-Length: {len(sent)}\r\n\r\n".encode() + sent


def test_no_line_of_the_log_is_a_strangers(cast: Cast, tmp_path: Path) -> None:
    wish = {"dentist_id": "eva-weber", "treatment": "check-up", "appointment_date": cast.monday.isoformat(),
            "appointment_time": "09:00", "patient_phone": "030 1234567"}  # fmt: skip
    told, log = [], tmp_path / "log"
    with serving(log, LOG_FORMAT="json", LOG_LEVEL="DEBUG", TRUSTED_PROXIES="1") as (address, _):
        for text in FORGED:
            quoted = "".join(f"%{byte:02X}" for byte in text.encode())
            asked = (
                _post("/api/appointments", wish | {"patient_name": text, "patient_email": "zed@example.net"}),
                _post("/api/appointments", wish | {"patient_name": "Zed", "patient_email": f"{text}@example.net"}),
                _post("/api/auth/token", {"email": text, "password": text}),
                _get(f"/nothing/{quoted}?q={quoted}"),
                _get(f"/visit/{quoted}"),
                # As it is: with a line break it is a header of its own, or a request that cannot be read.
                *(_get("/", **{name: text}) for name in ("User_Agent", "X_Request_ID", "Referer", "X_Forwarded_For")),
                _get(f"/{text}"),
            )
            told += [_asked(address, raw) for raw in asked]
    assert any(b" 404 " in line for line in told)
    assert {line.split()[1] for line in told if line} <= {
        b"200",
        b"201",
        b"400",
        b"401",
        b"404",
        b"409",
        b"422",
        b"429",
    }
    output = log.read_bytes()
    lines = [
        json.loads(line) for line in output.decode().splitlines()
    ]  # also at what only Python takes for a line's end
    assert [
        line for line in lines if not {"event", "level", "timestamp"} <= line.keys() or line["event"] == "forged"
    ] == []
    assert b"forged" not in output
    assert b"\x1b" not in output
    assert sum(line["event"] == "request_finished" for line in lines) > len(FORGED) * 5
