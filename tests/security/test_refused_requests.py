"""Requests that are too large, packed or unreadable: refused in words, with the headers of every answer, by a server that
goes on serving. Daphne is driven over a plain connection, because clients are too polite for this."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path

from clinic.core.daphne_limits import PATIENCE
from clinic.core.limits import LONGEST_QUERY
from clinic.core.serving import ThreadedHandler
from tests.admin.conftest import signed_in
from tests.browser.conftest import server as _server
from tests.core.test_serving import Heard, ask, served
from tests.factories import Cast
from tests.security.test_headers import ALWAYS, DATA, PAGE, always, policy

server = _server
LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LOGIN = "/api/auth/token"
FIELDS = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0


def told(answer: Any) -> tuple[int, str]:
    """The status, and the code or the words."""
    is_api = answer["Content-Type"].startswith("application/json")
    return answer.status_code, answer.json()["error"]["code"] if is_api else answer.content.decode()


@pytest.mark.parametrize(
    ("address", "words"), [(LOGIN, "too_large"), ("/accounts/sign-in", "This is more than we take at once.")]
)
def test_a_body_that_is_too_large(database: None, address: str, words: str) -> None:
    answer = Client().post(address, b"x" * (LIMIT + 1), content_type="application/json")
    assert (told(answer), policy(answer.headers), always(answer.headers)) == ((413, words), DATA, ALWAYS)


@pytest.mark.parametrize(
    ("address", "words"),
    [(LOGIN, "unsupported_media_type"), ("/accounts/sign-in", "Send this as it is, not compressed.")],
)
def test_a_packed_body(database: None, address: str, words: str) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < LIMIT
    answer = Client().post(address, bomb, content_type="application/json", headers={"content-encoding": "gzip"})
    assert (told(answer), always(answer.headers)) == ((415, words), ALWAYS)


def test_an_endless_query(database: None) -> None:
    browser = Client()
    assert browser.get("/?q=" + "a" * (LONGEST_QUERY - 2)).status_code == 200
    assert told(browser.get("/?q=" + "a" * LONGEST_QUERY)) == (
        400,
        "Something in this request could not be read.",
    )
    assert told(browser.get("/api/dentists?q=" + "a" * LONGEST_QUERY)) == (400, "malformed")


def test_too_many_fields(cast: Cast) -> None:
    fields = {f"f{number}": "1" for number in range(FIELDS + 1)}
    page = Client().post("/accounts/sign-in", fields)
    assert (page.status_code, policy(page.headers)) == (400, PAGE)
    office = signed_in(cast.ada).post("/admin/dentists/treatment/add/", fields)
    assert (office.status_code, policy(office.headers)) == (400, PAGE)
    query = "&".join(f"f{number}" for number in range(FIELDS + 1))
    assert told(signed_in(cast.ada).get(f"/api/appointments?{query}")) == (400, "malformed")


@pytest.mark.parametrize("address", ["/accounts/sign-in", "/find-visit", "/hold", "/admin/dentists/treatment/add/"])
def test_no_page_takes_a_file(cast: Cast, address: str) -> None:
    file = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html")
    answer = signed_in(cast.ada).post(address, {"name": "x", "file": file})
    assert (answer.status_code, policy(answer.headers)) == (400, PAGE)


def test_the_api_takes_no_file(cast: Cast) -> None:
    answer = Client().post(LOGIN, {"email": "a@example.org", "file": SimpleUploadedFile("x", b"x")})
    assert told(answer) == (415, "unsupported_media_type")


async def _sent_in_parts(handler: ThreadedHandler, size: int) -> tuple[list[Any], int]:
    """What is answered to a body of unannounced length, and how many parts of 64 KB were read for it."""
    sent: list[Any] = []
    read = 0

    async def receive() -> Any:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": read * 65536 < size}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": LOGIN, "query_string": b"", "headers": [(b"host", b"127.0.0.1")]}
    await handler(scope, receive, send)
    return sent, read


def test_a_body_without_an_announced_length_is_read_to_the_limit_only(database: None) -> None:
    sent, read = served(_sent_in_parts(ThreadedHandler(), 1024**3))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert (sent[0]["status"], json.loads(sent[1]["body"])["error"]["code"]) == (413, "too_large")
    assert (read, policy(headers), always(headers)) == (LIMIT // 65536 + 1, DATA, ALWAYS)


def test_an_address_that_is_no_text(database: None) -> None:
    async def unreadable() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"\xff", "headers": []}
        await ThreadedHandler()(scope, receive, send)
        return sent

    sent = served(unreadable())
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert (sent[0]["status"], always(headers)) == (400, ALWAYS)


def broken(request: Any) -> None:
    raise ZeroDivisionError


def test_files_errors_and_refusals_carry_the_headers(cast: Cast) -> None:
    from clinic.portals import errors
    from clinic.urls import urlpatterns as site

    urls = type("urls", (), {"urlpatterns": [path("broken", broken), path("api/broken", broken), *site],
                             "handler500": errors.server_error, "handler404": errors.not_found})  # fmt: skip
    with override_settings(ROOT_URLCONF=urls):
        handler = ThreadedHandler()
        found: dict[str, Heard] = {address: served(ask(handler, address)) for address in (
            "/static/clinic/base.css", "/static/nothing.css", "/broken", "/api/broken", "/nothing", "/api/nothing",
            "/health", "/api/schema",
        )}  # fmt: skip
    assert {address: heard.status for address, heard in found.items()} == {
        "/static/clinic/base.css": 200, "/static/nothing.css": 404, "/broken": 500, "/api/broken": 500,
        "/nothing": 404, "/api/nothing": 404, "/health": 503, "/api/schema": 200,
    }  # fmt: skip
    assert {address: always(heard.headers) for address, heard in found.items()} == dict.fromkeys(found, ALWAYS)
    pages = {address for address, heard in found.items() if heard.headers["content-type"].startswith("text/html")}
    assert pages == {"/static/nothing.css", "/broken", "/nothing"}
    assert {address: policy(heard.headers) for address, heard in found.items()} == {
        address: PAGE if address in pages else DATA for address in found
    }


@override_settings(HTTP_LINE=0)
def test_whoever_is_asked_to_come_again_is_told_as_well(database: None) -> None:
    heard = served(ask(ThreadedHandler(), "/"))
    assert (heard.status, policy(heard.headers), always(heard.headers)) == (503, DATA, ALWAYS)


@pytest.fixture
def wire(server: str) -> Iterator[socket.socket]:
    """A plain connection to a Daphne; afterwards it must still serve others."""
    where = urlsplit(server)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=30) as connection:
        yield connection
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=30) as connection:
        assert _said(connection, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")[0] == 200


def _said(connection: socket.socket, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer."""
    connection.sendall(request)
    with HTTPResponse(connection) as answer:
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def _post(more: bytes) -> bytes:
    return b"POST " + LOGIN.encode() + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + more


def test_daphne_keeps_no_more_of_a_body_than_is_allowed(cast: Cast, wire: socket.socket) -> None:
    size = 4 * 1024 * 1024
    status, headers, body = _said(wire, _post(b"Content-Length: %d\r\n\r\n" % size) + b"x" * size)
    assert (status, json.loads(body)["error"]["code"], always(headers)) == (413, "too_large", ALWAYS)


def test_daphne_answers_a_large_body_in_chunks(cast: Cast, wire: socket.socket) -> None:
    chunks = (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 16 + b"0\r\n\r\n"
    status, headers, body = _said(wire, _post(b"Transfer-Encoding: chunked\r\n\r\n") + chunks)
    assert (status, json.loads(body)["error"]["code"], always(headers)) == (413, "too_large", ALWAYS)


def _sent_until_cut(connection: socket.socket, part: bytes, most: int) -> int:
    sent = 0
    while sent < most:
        try:
            connection.sendall(part)
        except ConnectionError:
            break
        sent += len(part)
    return sent


def test_daphne_hangs_up_on_an_endless_body(cast: Cast, wire: socket.socket) -> None:
    wire.sendall(_post(b"Transfer-Encoding: chunked\r\n\r\n"))
    sent = _sent_until_cut(wire, b"10000\r\n" + b"x" * 65536 + b"\r\n", 20 * PATIENCE)
    assert PATIENCE <= sent < 20 * PATIENCE


@pytest.mark.parametrize(
    "request_line",
    [b"GET /?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(600)) + b"\r\n"],
    ids=["query", "header", "many headers"],
)  # fmt: skip
def test_daphne_refuses_endless_headers(cast: Cast, wire: socket.socket, request_line: bytes) -> None:
    wire.sendall(request_line)
    # A line too long for Twisted ends the connection without a word.
    assert wire.recv(4096).split(b"\r\n")[0] in (b"", b"HTTP/1.1 400 Bad Request")


def test_what_daphne_itself_cannot_read_is_answered_with_the_headers(cast: Cast, wire: socket.socket) -> None:
    status, headers, body = _said(wire, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Tab: a\x0bb\r\n\r\n")
    assert (status, policy(headers), always(headers)) == (400, DATA, ALWAYS)
    assert (headers["content-type"], body) == ("text/plain; charset=utf-8", b"Bad Request.")
