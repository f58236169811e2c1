"""A client of the socket, as an outside program would write one."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from clinic.accounts import tokens
from clinic.accounts.models import User
from clinic.accounts.sessions import SessionStore
from clinic.core import clock
from tests.sockets.happening import happened

PATIENCE = 20.0  # seconds
MARK = "availability:00000000-0000-4000-8000-000000000000"  # where nothing happens but the end of a test's events


def session_of(user: User, **more: Any) -> str:
    """The key of a session in which somebody is signed in."""
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "signed_in_at": int(clock.now().timestamp()),
            **more,
        }
    )
    session.save()
    return str(session.session_key)


def token_of(user: User) -> str:
    return tokens.issue(user).access


class Client:
    """`as_browser` signs in by session cookie, `as_program` by bearer subprotocol."""

    def __init__(
        self, site: str, *, as_browser: User | None = None, as_program: User | None = None, session: str = "",
        token: str = "", origin: str | None = None, path: str = "/ws/", protocols: tuple[str, ...] = ("clinic.v1",),
        host: str = "",
        **headers: str,
    ) -> None:  # fmt: skip
        if as_browser:
            session = session_of(as_browser)
        if session:
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session}"
            origin = f"http://{site}" if origin is None else origin
        if token := token or (token_of(as_program) if as_program else ""):
            protocols = (*protocols, f"bearer.{token}")
        self._marked = False
        name, _, port = site.partition(":")
        self._opening = connect(
            f"ws://{host or site}{path}", sock=socket.create_connection((name, int(port))),
            origin=origin or None, subprotocols=protocols or None, additional_headers=headers,
            compression=None, open_timeout=PATIENCE, close_timeout=2, max_queue=None,
        )  # fmt: skip
        self.socket: ClientConnection = self._opening.__enter__()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._opening.__exit__(None, None, None)

    def say(self, kind: str, **content: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **content}))

    def hear(self, *, within: float = PATIENCE) -> dict[str, Any]:
        """The next message that is no heartbeat."""
        while True:
            said: dict[str, Any] = json.loads(self.socket.recv(timeout=within))
            if said["type"] != "heartbeat":
                return said

    def heard(self) -> list[dict[str, Any]]:
        """The events that have been published so far and were not read yet."""
        heard = []
        if not self._marked:
            self._marked = True
            self.say("subscribe", channel=MARK)
            while (said := self.hear())["type"] == "event":
                heard.append(said)
            assert said == {"type": "subscribed", "channel": MARK, "position": said["position"]}
        happened(f"availability.{MARK.partition(':')[2]}")
        while (said := self.hear())["channel"] != MARK:
            heard.append(said)
        return heard

    def subscribed(self, channel: str, **more: Any) -> int:
        """Subscribes; the position from which on it is told."""
        self.say("subscribe", channel=channel, **more)
        said = self.hear()
        assert (said["type"], said["channel"]) == ("subscribed", channel), said
        return int(said["position"])

    def refused(self, channel: str, **more: Any) -> str:
        """The code with which a subscription is refused."""
        self.say("subscribe", channel=channel, **more)
        said = self.hear()
        assert (said["type"], said["channel"]) == ("error", channel), said
        return str(said["code"])

    def closed_with(self, *, within: float = PATIENCE) -> int | None:
        """The code with which the server closes, None without one; what it says before is skipped."""
        with pytest.raises(ConnectionClosed) as closed:
            self._hear_out(within)
        return closed.value.rcvd.code if closed.value.rcvd else None

    def _hear_out(self, within: float) -> None:
        while True:
            self.socket.recv(timeout=within)
