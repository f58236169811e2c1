"""A server's end of the page's socket, played by the test: what is said over it, and what the page says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

Message = dict[str, Any]


class SocketStub:
    """Takes the place of `/ws/` for one page. Every connection is welcomed, and every channel granted, unless told
    otherwise; `heard` are the page's messages in order, of all connections."""

    def __init__(self, page: Page, *, user: str | None = None, position: int = 100) -> None:
        self.page, self.user, self.position = page, user, position
        self.heard: list[Message] = []
        self.opened = 0
        self.answering = True
        self.closing: int | None = None  # the code with which every connection is closed at once
        self._route: WebSocketRoute | None = None
        page.route_web_socket("**/ws/", self._open)

    def _open(self, route: WebSocketRoute) -> None:
        self._route = route
        self.opened += 1
        if self.closing is not None:
            route.close(code=self.closing)
            return
        route.on_message(lambda text: self._take(json.loads(text)))
        if self.answering:
            self.say(type="welcome", version=1, connection="c", role="anonymous", user=self.user, position=self.position,
                     heartbeat=30)  # fmt: skip

    def _take(self, message: Message) -> None:
        self.heard.append(message)
        if self.answering and message["type"] == "subscribe":
            self.say(type="subscribed", channel=message["channel"], position=self.position)

    def say(self, **message: Any) -> None:
        assert self._route is not None
        self._route.send(json.dumps(message))

    def event(self, channel: str, position: int, previous: int, kind: str, **data: Any) -> None:
        self.say(type="event", channel=channel, position=position, previous=previous, kind=kind, at="", data=data)

    def close(self, code: int) -> None:
        assert self._route is not None
        self._route.close(code=code)

    def wait(self, done: Callable[[], object], seconds: float = 10) -> None:
        """Lets the page go on until this is so."""
        for _ in range(int(seconds * 50)):
            if done():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"It never came about; the page said {self.heard}")

    def subscriptions(self) -> list[Message]:
        return [message for message in self.heard if message["type"] == "subscribe"]
