"""A language model of our own, on loopback: says what a test tells it to, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clinic.language_model import LanguageModel

Script = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One request to the fake; a script answers it, well or badly."""

    protocol_version = "HTTP/1.1"
    server: FakeModel
    sent: dict[str, Any]

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent = json.loads(raw)
        self.server.heard.append(raw.decode())
        self.server.next()(self)

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


class FakeModel(ThreadingHTTPServer):
    """`heard` are the requests' bodies as they came, `scripts` answer them one after the other, the last one all others."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.heard: list[str] = []
        self.scripts: list[Script] = []
        self.released = threading.Event()

    def settings(self, **more: Any) -> LanguageModel:
        return LanguageModel(f"http://127.0.0.1:{self.server_port}/v1", "fake", **more)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is asked too slowly hangs up, which is none of the fake's business."""

    def next(self) -> Script:
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]

    def says(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.heard.clear()

    def shown(self) -> list[str]:
        """All that it was told: messages of people and what it looked up."""
        said = [one for body in self.heard for one in json.loads(body)["messages"]]
        return [one["content"] for one in said if one["role"] in ("user", "tool")]

    def asked(self) -> Any:
        """What it was asked last."""
        return json.loads(self.shown()[-1])


@contextmanager
def running() -> Iterator[FakeModel]:
    fake = FakeModel()
    serving = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield fake
    finally:
        fake.released.set()
        fake.shutdown()
        serving.join()
        fake.server_close()


def calls(*made: tuple[str, Any], content: str | None = None, **more: Any) -> Script:
    """An answer that calls these tools; arguments that are text go as they are."""
    asked = [
        {
            "id": f"call-{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(made)
    ]
    message = {"role": "assistant", "content": content, "tool_calls": asked or None}
    choice = {"index": 0, "finish_reason": "tool_calls" if asked else "stop", "message": message}
    told = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake", "choices": [choice]}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return raw(json.dumps({**told, "usage": usage, **more}).encode())


def understood(**given: Any) -> Script:
    return calls(("Understood", given))


def phrased(text: str) -> Script:
    return calls(("Phrased", {"text": text}))


def raw(body: bytes, status: int = 200, **headers: str) -> Script:
    return lambda exchange: exchange.answer(body, status, **headers)
