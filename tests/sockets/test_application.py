"""What a handshake ends in when nobody can be asked, or somebody must show more."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from clinic.accounts.browsers import PROVEN
from clinic.sockets import application, identity
from clinic.sockets.application import SocketApplication
from clinic.sockets.arrival import Arrival
from tests.factories import Cast
from tests.sockets.client import session_of

HOST = "127.0.0.1"


def _scope(session: str = "", **headers: str) -> dict[str, Any]:
    brought = {
        "host": HOST,
        "origin": f"http://{HOST}",
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
    } | headers
    return {
        "type": "websocket",
        "path": "/ws/",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in brought.items()],
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "server": (HOST, 80),
        "subprotocols": ["clinic.v1"],
    }


def _told(scope: dict[str, Any]) -> list[Any]:
    """What the server does until the client goes, which it does at once: what it says in short."""
    sent: list[Any] = []

    async def story() -> None:
        site = SocketApplication()
        coming = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect"}])

        async def receive() -> dict[str, Any]:
            return next(coming)

        async def send(message: dict[str, Any]) -> None:
            said = json.loads(message["text"]) if "text" in message else message
            sent.append(said.get("code") or said.get("role") or said["type"])

        await site(scope, receive, send)
        assert site.board is not None
        await site.board.stop()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result(60)
    return sent


def test_while_the_database_is_away_nobody_can_say_who_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(arrival: Arrival) -> None:
        raise OperationalError

    monkeypatch.setattr(application, "of_arrival", away)
    assert _told(_scope("a" * 32)) == ["websocket.accept", "unavailable", 4013]


def test_staff_in_production_must_have_shown_a_second_factor(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    assert _told(_scope(session_of(cast.ada))) == ["websocket.accept", "otp_required", 4401]
    assert _told(_scope(session_of(cast.ada, **{PROVEN: True}))) == ["websocket.accept", "admin"]
    assert _told(_scope(session_of(cast.ana))) == ["websocket.accept", "patient"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://clinic.example", "websocket.accept"),
        ("https://a.pages.example", "websocket.accept"),
        ("http://a.pages.example", "websocket.close"),
        ("https://pages.example.evil", "websocket.close"),
        ("https://clinic.example.evil", "websocket.close"),
        ("https://evildesk.example", "websocket.close"),
    ],
)
def test_other_origins_are_trusted_by_name(monkeypatch: pytest.MonkeyPatch, origin: str, status: str) -> None:
    monkeypatch.setattr(
        settings, "CSRF_TRUSTED_ORIGINS", ["https://clinic.example", "https://*.pages.example", "https://*desk.example"]
    )
    assert _told(_scope(origin=origin))[0] == status


def test_an_address_is_believed_of_our_own_proxies_only(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, said = Arrival(_scope()), Arrival(_scope(x_forwarded_for="9.9.9.9, 8.8.8.8"))
    assert plain.address == said.address
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", 1)
    assert said.address == Arrival(_scope(x_forwarded_for="8.8.8.8")).address != plain.address


def test_one_query_asks_for_everybody(cast: Cast) -> None:
    people = [identity.of_arrival(Arrival(_scope(session_of(user)))) for user in (cast.ana, cast.ben, cast.ada)]

    def queries(*asked: identity.Identity) -> int:
        with CaptureQueriesContext(connections["default"]) as captured:
            assert identity.ended(asked) == set()
        return len(captured)

    assert queries(*people, identity.NOBODY) == queries(people[0])
    assert queries(identity.NOBODY) == 0
