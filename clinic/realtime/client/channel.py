"""One channel of a client: what is known of it, what waits to be taken, what must be asked for."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol, TypedDict

from clinic.realtime.client.errors import ChannelRefused, LiveError
from clinic.realtime.client.news import Event, News, Refetch

log = logging.getLogger(__name__)

Told = Callable[[Event], Awaitable[None] | None]


class Callbacks(TypedDict, total=False):
    """Functions, or coroutine functions, which are awaited before the next is called. `created`, `updated` and `deleted`
    are told of appointments, `changed` of every event; `error` is the last one called."""

    created: Told
    updated: Told
    deleted: Told
    changed: Told
    refetch: Callable[[Refetch], Awaitable[None] | None]
    error: Callable[[LiveError], Awaitable[None] | None]


class Owner(Protocol):
    """The connection, as its channels see it."""

    def ask(self, subscription: Subscription) -> None: ...

    def leave(self, subscription: Subscription) -> None: ...

    def has_read(self, events: int) -> None: ...


class Subscription(AsyncIterator[News]):
    """An asynchronous iterator over what happens on a channel, for one consumer: each event once, in order.

    It ends when it is unsubscribed or its client closed, and raises `Forbidden`, `TokenEnded` … when nothing more can
    come. `position` is that of the news taken last, None before the first: kept somewhere, and given to `subscribe` in a
    later run, it makes that one go on from there.
    """

    def __init__(self, owner: Owner, channel: str, position: int | None, token: str) -> None:
        self.channel = channel
        self.position = position
        self._owner = owner
        self._token = token
        self._known = position  # the last one that came
        self._waiting: deque[News] = deque()
        self._asked = False
        self._over: LiveError | None = None
        self._ended = False
        self._changed = asyncio.Event()

    @property
    def active(self) -> bool:
        """Whether more may come."""
        return not self._ended

    def unsubscribe(self) -> None:
        """Ends it; what came and was not taken is dropped."""
        self._owner.leave(self)
        self.end()

    def refresh(self) -> None:
        """Asks for what is new, and has the consumer fetch what it shows."""
        if self._known is not None:
            self._put(Refetch(self.channel, self._known))
        self._owner.ask(self)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> News:
        while not self._waiting:
            if self._ended:
                if self._over is not None:
                    raise self._over
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        news = self._waiting.popleft()
        self.position = news.position
        if isinstance(news, Event):
            self._owner.has_read(1)
        return news

    async def call(self, callbacks: Callbacks) -> None:
        """Hands everything to callbacks until the end. One that fails is logged, and keeps nothing from the others."""
        try:
            async for news in self:
                if isinstance(news, Refetch):
                    await _safely(callbacks.get("refetch"), news)
                    continue
                about, _, what = news.kind.partition(".")
                if about == "appointment":
                    await _safely(callbacks.get(what), news)
                await _safely(callbacks.get("changed"), news)
        except LiveError as error:
            await _safely(callbacks.get("error"), error)

    # What the connection tells.

    def begin(self, *, afresh: bool = False) -> None:
        """A new connection is there. What came over the one before and was not taken is asked for again, so that no more
        ever waits than one connection may send. `afresh`: somebody else is signed in, who must fetch."""
        if afresh:
            self.position = None
        self._waiting.clear()
        self._known = self.position
        self._asked = False

    def request(self) -> dict[str, Any] | None:
        """The message that asks for what is missing; None while the answer to one is on its way."""
        if self._asked or self._ended:
            return None
        self._asked = True
        position = {} if self._known is None else {"position": self._known}
        token = {"token": self._token} if self._token else {}
        return {"type": "subscribe", "channel": self.channel, **position, **token}

    def stands(self, position: int) -> None:
        """The server has answered: everything up to `position` was or will be told."""
        self._asked = False
        if self._known is None:
            self.skip_to(position)

    def skip_to(self, position: int) -> None:
        """What lies before must be fetched."""
        self._known = position
        self._put(Refetch(self.channel, position))

    def take(self, event: Event) -> None:
        """An event as it came: taken if it is the next one, asked for again with all before it when one is missing."""
        if self._ended or (self._known is not None and event.position <= self._known):
            self._owner.has_read(1)
        elif self._is_missing_before(event):
            self._owner.has_read(1)
            self._owner.ask(self)
        else:
            self._known = event.position
            self._put(event)

    def compare(self, last: int) -> None:
        """The server says which position it told last."""
        if self._known is not None and last > self._known:
            self._owner.ask(self)

    def refuse(self, error: ChannelRefused) -> None:
        """The server does not give this channel."""
        self._asked = False
        if error.code == "unavailable":
            return
        self.end(error)

    def end(self, error: LiveError | None = None) -> None:
        """Nothing more comes; without an error what waits is dropped, too."""
        if self._ended:
            return
        self._ended, self._over = True, error
        if error is None:
            self._owner.has_read(sum(isinstance(news, Event) for news in self._waiting))
            self._waiting.clear()
        self._changed.set()

    def _is_missing_before(self, event: Event) -> bool:
        return self._known is None or event.previous > self._known

    def _put(self, news: News) -> None:
        self._waiting.append(news)
        self._changed.set()


async def _safely(callback: Any, news: News | LiveError) -> None:
    if callback is None:
        return
    try:
        answer = callback(news)
        if inspect.isawaitable(answer):
            await answer
    except Exception:
        log.exception("a callback of live sync failed")
