"""HTTP under an ASGI server: whole requests in a small pool of threads."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import translation

from clinic.core import db
from clinic.core.serving import ThreadedHandler
from clinic.portals import errors
from clinic.urls import urlpatterns as site
from tests.factories import Cast

Answered = TypeVar("Answered")


@dataclass
class Heard:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(handler: ASGIHandler, address: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> Heard:
    scope = {
        "type": "http",
        "method": method,
        "path": address,
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-length", str(len(body)).encode()),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    await handler(scope, receive, send)
    named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Heard(sent[0]["status"], named, b"".join(part.get("body", b"") for part in sent[1:]))


def served(work: Coroutine[Any, Any, Answered]) -> Answered:
    """In a thread of its own: where a browser was driven before, the main thread's event loop still runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result(60)


@pytest.fixture
def handler() -> ThreadedHandler:
    return ThreadedHandler()


def test_a_page_and_an_answer(cast: Cast, handler: ThreadedHandler) -> None:
    page = served(ask(handler, "/"))
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Dr. Eva Weber" in page.body.decode()
    wish = {"dentist_id": cast.weber.slug, "treatment": "check-up", "start": cast.at(9).isoformat()}
    body = json.dumps(wish).encode()
    held = served(ask(handler, "/api/availability/reserve", method="POST", body=body, content_type="application/json"))
    assert held.status == 201
    assert json.loads(held.body)["dentist_id"] == str(cast.weber.pk)


def test_a_file_is_sent_whole(handler: ThreadedHandler) -> None:
    wanted = settings.BASE_DIR / "clinic" / "static" / "clinic" / "base.css"
    found = served(ask(handler, "/static/clinic/base.css"))
    assert (found.status, found.body) == (200, wanted.read_bytes())


def test_a_client_that_leaves_before_its_body_is_there_gets_nothing(handler: ThreadedHandler) -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    served(handler({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send))


def test_other_protocols_are_not_served(handler: ThreadedHandler) -> None:
    with pytest.raises(ValueError, match="websocket"):
        served(handler({"type": "websocket"}, None, None))


class Crowded:
    """Views that tell how many of them ran at once, and in which language."""

    def __init__(self) -> None:
        self.lock, self.now, self.most = threading.Lock(), 0, 0
        self.full = threading.Event()

    def view(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now == settings.HTTP_THREADS:
                self.full.set()
        # Nobody leaves before as many are here as there may be.
        assert self.full.wait(20)
        with self.lock:
            self.now -= 1
        return HttpResponse(translation.get_language())


def test_no_more_at_once_than_there_are_threads_and_everybody_is_served(handler: ThreadedHandler) -> None:
    crowd = Crowded()

    async def rush() -> list[Heard]:
        return await asyncio.gather(*(ask(handler, "/crowd") for _ in range(4 * settings.HTTP_THREADS)))

    with override_settings(ROOT_URLCONF=type("urls", (), {"urlpatterns": [path("crowd", crowd.view)]})):
        heard = served(rush())
    assert {one.status for one in heard} == {200}
    assert crowd.most == settings.HTTP_THREADS


@override_settings(HTTP_THREADS=1)
def test_nothing_of_a_request_stays_in_its_thread(cast: Cast) -> None:
    handler = ThreadedHandler()
    left: list[object] = []

    def broken(request: HttpRequest) -> HttpResponse:
        translation.activate("de")
        raise ZeroDivisionError

    def after(request: HttpRequest) -> HttpResponse:
        left.append(connections["default"].connection)
        return HttpResponse(translation.get_language())

    urls = type("urls", (), {"urlpatterns": [path("broken", broken), path("after", after), *site]})
    with override_settings(ROOT_URLCONF=urls):
        assert served(ask(handler, "/broken")).status == 500
        assert served(ask(handler, "/", accept_language="de")).status == 200
        assert served(ask(handler, "/after")).body == b"en"

        def look() -> None:
            left.append(connections["default"].connection)

        handler._threads.submit(look).result(20)
    assert left[-1] is None, "the connection is back in the pool"


def test_posted_bodies_are_left_to_django() -> None:
    from daphne.http_protocol import WebRequest  # type: ignore[import-untyped]  # Daphne has no types
    from twisted.web.test.requesthelper import DummyChannel

    import clinic.asgi

    assert isinstance(clinic.asgi._pages, ThreadedHandler)
    channel = DummyChannel()
    channel.factory = SimpleNamespace(server=SimpleNamespace(protocol_connected=lambda _: None))
    request = WebRequest(channel)
    assert request._parsePOSTFormSubmission is False


def test_a_failed_query_ends_in_the_page_that_says_so(cast: Cast, handler: ThreadedHandler) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        db.rows("SELECT nothing")
        raise AssertionError("unreachable")

    with override_settings(
        ROOT_URLCONF=type(
            "urls", (), {"urlpatterns": [path("broken", broken), *site], "handler500": errors.server_error}
        )
    ):
        heard = served(ask(handler, "/broken"))
    assert (heard.status, "</html>" in heard.body.decode()) == (500, True)


@override_settings(HTTP_THREADS=1, HTTP_LINE=3)
def test_when_too_many_wait_whoever_comes_is_asked_to_come_again() -> None:
    handler = ThreadedHandler()
    go, begun = threading.Event(), threading.Event()

    def slow(request: HttpRequest) -> HttpResponse:
        begun.set()
        assert go.wait(20)
        return HttpResponse("done")

    async def rush() -> list[Heard]:
        waiting = [asyncio.create_task(ask(handler, "/slow")) for _ in range(3)]
        await asyncio.to_thread(begun.wait, 20)
        refused = await ask(handler, "/slow")
        go.set()
        return [refused, *await asyncio.gather(*waiting)]

    with override_settings(ROOT_URLCONF=type("urls", (), {"urlpatterns": [path("slow", slow)]})):
        heard = served(rush())
    assert [one.status for one in heard] == [503, 200, 200, 200]
    assert heard[0].headers["retry-after"] == "5"


def test_a_request_that_ends_the_thread_gives_its_connection_back(database: None) -> None:
    handler = ThreadedHandler()
    left: list[object] = []

    def leaving(request: HttpRequest) -> HttpResponse:
        connections["default"].ensure_connection()
        raise SystemExit

    with override_settings(HTTP_THREADS=1, ROOT_URLCONF=type("urls", (), {"urlpatterns": [path("leaving", leaving)]})):
        handler = ThreadedHandler()
        with pytest.raises(SystemExit):
            served(ask(handler, "/leaving"))
        handler._threads.submit(lambda: left.append(connections["default"].connection)).result(20)
    assert left == [None]
