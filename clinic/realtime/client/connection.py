"""The client: connects, comes back after drops, and keeps every subscription where it was."""

from __future__ import annotations

import asyncio
import inspect
import logging
import random
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Literal, Unpack

from websockets.exceptions import WebSocketException

from clinic.realtime.client.channel import Callbacks, Subscription
from clinic.realtime.client.channels import Channels
from clinic.realtime.client.errors import LiveError, Rejected, TokenEnded, refusal
from clinic.realtime.client.news import event_of
from clinic.realtime.client.socket import Message, Wire, address_of, is_not_here

log = logging.getLogger(__name__)

State = Literal["connecting", "connected", "closed"]
Token = str | Callable[[], str | Awaitable[str]] | None

_STEADY = 5.0  # seconds that a connection must have lasted before the next drop counts as a first one
_ENDED, _NO_MESSAGE, _TOO_MANY = 4401, 4400, 4429  # as the server closes


class LiveClient(Channels):
    """One connection for any number of subscriptions, of one event loop. Use it in `async with`.

    `url` is the site's, or its socket's. `token` is a bearer token, or a function (a coroutine function, too) that gives a
    fresh one and is called before each connection; without one the caller is nobody in particular, who may listen to
    availability and, with their links, to visits. Delays and `ping` are seconds: the first and the longest between two
    attempts (half of each is chance), and how long the network may keep silent about a ping. More `options` go to
    `websockets`' `connect`. Raises `ValueError` for another kind of address.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Token = None,
        first_delay: float = 0.2,
        longest_delay: float = 20.0,
        ping: float = 15.0,
        **options: Any,
    ) -> None:
        self.address = address_of(url)
        self._token = token
        self._first_delay, self._longest_delay = first_delay, longest_delay
        self._options = {
            "ping_interval": ping, "ping_timeout": ping, "close_timeout": 1, "compression": None, **options,
        }  # fmt: skip
        self._channels: dict[str, Subscription] = {}
        self._watchers: list[Callable[[State], None]] = []
        self._calls: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._wire: Wire | None = None  # once welcome
        self._who: tuple[str | None, str] | None = None  # user and role, as the server says
        self._attempts = self._turned_away = 0
        self._welcomed_at: float | None = None
        self._said = ""  # the last error that was about no channel
        self._state: State = "connecting"
        self._changed = asyncio.Event()
        self.error: LiveError | None = None  # why it is closed, unless somebody closed it

    @property
    def state(self) -> State:
        return self._state

    @property
    def is_connected(self) -> bool:
        return self._state == "connected"

    @property
    def subscriptions(self) -> list[Subscription]:
        return list(self._channels.values())

    def on_state(self, watcher: Callable[[State], None]) -> Callable[[], None]:
        """Calls `watcher` with each new state; gives back what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    async def connected(self) -> None:
        """Waits until there is a connection. Raises the `LiveError` with which there will be none."""
        while not self.is_connected:
            if self._state == "closed":
                raise self.error or LiveError("closed")
            self._changed.clear()
            await self._changed.wait()

    async def __aenter__(self) -> LiveClient:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all subscriptions and the connection; once more does nothing. May be called from a callback."""
        own = asyncio.current_task()
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait([self._running])
        self._finish(None)
        if calls := [call for call in self._calls if call is not own]:
            _, slow = await asyncio.wait(calls, timeout=2)
            for call in slow:
                call.cancel()

    def subscribe(
        self, channel: str, position: int | None = None, *, token: str = "", **callbacks: Unpack[Callbacks]
    ) -> Subscription:
        """Any channel by its name: to be iterated over, or with callbacks that are called from now on. `position` is the
        last one known from an earlier run; without it the first news is `Refetch`. Raises `ValueError` for a channel that
        is subscribed to already, and `LiveError` when the client is closed."""
        if self._state == "closed":
            raise self.error or LiveError("closed")
        if channel in self._channels:
            raise ValueError(f"{channel} is subscribed to already")
        subscription = self._channels[channel] = Subscription(self, channel, position, token)
        if callbacks:
            call = asyncio.create_task(subscription.call(callbacks))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        self.ask(subscription)
        return subscription

    # What subscriptions want.

    def ask(self, subscription: Subscription) -> None:
        if self._wire and self._channels.get(subscription.channel) is subscription and (said := subscription.request()):
            self._wire.say(**said)

    def leave(self, subscription: Subscription) -> None:
        if self._channels.get(subscription.channel) is subscription:
            del self._channels[subscription.channel]
            if self._wire:
                self._wire.say(type="unsubscribe", channel=subscription.channel)

    def has_read(self, events: int) -> None:
        if self._wire and events:
            self._wire.has_read(events)

    # The connection.

    async def _run(self) -> None:
        try:
            while True:
                code = await self._once()
                self._become("connecting")
                await asyncio.sleep(self._delay(code))
        except LiveError as error:
            self._finish(error)

    async def _once(self) -> int | None:
        """One connection; the code with which the server closed it, None for a drop. Raises `LiveError`."""
        self._welcomed_at = None
        wire = Wire(lambda message: self._take(wire, message))
        try:
            await wire.run(self.address, await self._fresh_token(), **self._options)
        except LiveError:
            raise
        except Exception as error:  # of a network, a proxy, a name server, or of whoever gives tokens
            known = isinstance(error, (OSError, WebSocketException))
            log.log(logging.INFO if known else logging.WARNING, "live sync is interrupted (%r)", error)
            if self._who is None and is_not_here(error):
                raise Rejected("handshake", str(error)) from error
        finally:
            self._wire = None
            if self._beating is not None:
                self._beating.cancel()
        self._judge(wire.close_code)
        return wire.close_code

    async def _fresh_token(self) -> str | None:
        token = self._token() if callable(self._token) else self._token
        return await token if inspect.isawaitable(token) else token

    def _judge(self, code: int | None) -> None:
        """Raises `LiveError` when it makes no sense to come again."""
        if code == _NO_MESSAGE:
            raise Rejected("malformed", "The server could not read what this client said.")
        if code != _ENDED:
            return
        if self._welcomed_at is None:
            self._turned_away += 1
        # A fresh token may be good; two in a row that were not taken make clear that there is none.
        if not callable(self._token) or self._turned_away >= 2:
            raise TokenEnded(self._said or "Who this was has ended.")

    def _delay(self, code: int | None) -> float:
        now = asyncio.get_running_loop().time()
        if self._welcomed_at is not None and now - self._welcomed_at >= _STEADY:
            self._attempts = 0
        full = min(self._longest_delay, self._first_delay * 2.0 ** min(self._attempts, 30))
        self._attempts += 1
        if code == _TOO_MANY:
            full = 3 * self._longest_delay
        return full * (0.5 + random.random() / 2)  # noqa: S311 - only spreads the clients of a server that comes back

    def _take(self, wire: Wire, message: Message) -> None:
        kind = message.get("type")
        if kind == "welcome":
            self._welcome(wire, message)
        elif kind == "heartbeat":
            for name, position in message.get("channels", {}).items():
                if subscription := self._channels.get(name):
                    subscription.compare(position)
        elif kind == "paused":
            wire.acknowledge()
        elif kind == "error" and "channel" not in message:
            self._said = str(message.get("message", ""))
            log.warning("live sync: %s", self._said)
        elif subscription := self._channels.get(message.get("channel", "")):
            self._tell(subscription, message)
        elif kind == "event":
            wire.has_read(1)  # of a channel that was left meanwhile

    def _tell(self, subscription: Subscription, message: Message) -> None:
        match message["type"]:
            case "event":
                subscription.take(event_of(message))
            case "subscribed":
                subscription.stands(message["position"])
            case "refetch":
                subscription.skip_to(message["position"])
            case "error":
                self._refused(subscription, message)

    def _refused(self, subscription: Subscription, message: Message) -> None:
        subscription.refuse(refusal(message["code"], message.get("message", ""), subscription.channel))
        if subscription.active:  # it cannot be had for the moment
            asyncio.get_running_loop().call_later(
                10 * self._first_delay * (1 + random.random()),  # noqa: S311 - as above
                self.ask, subscription,
            )  # fmt: skip
        else:
            del self._channels[subscription.channel]

    def _welcome(self, wire: Wire, message: Message) -> None:
        if message.get("version") != 1:
            raise Rejected("version", f"The server speaks version {message.get('version')} of live sync.")
        loop = asyncio.get_running_loop()
        who = message.get("user"), str(message.get("role"))
        afresh = self._who is not None and self._who != who
        self._who, self._wire, self._welcomed_at, self._turned_away = who, wire, loop.time(), 0
        self._beating = loop.create_task(wire.beat(message.get("heartbeat", 30)))
        for subscription in self._channels.values():
            subscription.begin(afresh=afresh)
            self.ask(subscription)
        self._become("connected")

    def _finish(self, error: LiveError | None) -> None:
        if self._state == "closed":
            return
        self.error = error
        for subscription in self._channels.values():
            subscription.end(error)
        self._channels.clear()
        self._become("closed")

    def _become(self, state: State) -> None:
        if state == self._state:
            return
        self._state = state
        self._changed.set()
        for watcher in list(self._watchers):
            try:
                watcher(state)
            except Exception:
                log.exception("a watcher of live sync failed")
