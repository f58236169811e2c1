"""All open sockets of a server process, and what is done for them again and again."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from time import monotonic

from django.conf import settings

from clinic.core import clock
from clinic.realtime.channels import Refused
from clinic.realtime.frames import message
from clinic.realtime.hub import Hub, cancelled
from clinic.realtime.limits import HEARTBEAT, SILENCE, UNREAD, Places
from clinic.realtime.registry import Registry
from clinic.realtime.subscriptions import Reader
from clinic.realtime.threads import DatabaseThreads
from clinic.sockets.connection import Send, Socket
from clinic.sockets.identity import Identity, ended

log = logging.getLogger(__name__)

CLOSED_ENDED, CLOSED_SILENT, CLOSED_TOO_MANY = 4401, 4408, 4429
_CHECKS = 3.0  # seconds between two looks whether everybody still is who they were
_WRITES = 1.0  # between two writings of what changed
_KEEPS = 5  # of which each so manieth lets the unchanged last
_THREADS = 2


class Board:
    """Belongs to one event loop."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.threads = DatabaseThreads(_THREADS, "sockets")
        self.sockets: dict[str, Socket] = {}
        self._places = Places()
        self._paused_since: dict[Reader, float] = {}
        self._registry = Registry()
        self._changed: set[Socket] = set()
        self._left: set[str] = set()
        self._turn = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins its work; once."""
        self.hub.start()
        for work, seconds in ((self.beat, 1.0), (self.check, _CHECKS), (self.write, _WRITES)):
            self._tasks.append(asyncio.get_running_loop().create_task(_again_and_again(work, seconds)))

    async def stop(self) -> None:
        await cancelled(self._tasks)
        await self.hub.stop()
        await self._registry.leave()
        self.threads.close()

    def enter(self, send: Send, identity: Identity, address: str) -> Socket | None:
        """A socket for whoever came; None when they have as many as may be."""
        place, most = _place_of(identity, address)
        if not self._places.take(place, most):
            return None
        now = monotonic()
        socket = Socket(send, identity, place, now=clock.now(), heard=now)
        # Those who come in one moment are not told in one moment.
        socket.due = now + HEARTBEAT / 2 + next(self._turn) % (HEARTBEAT // 2)
        self.sockets[socket.id] = socket
        self._changed.add(socket)
        log.debug("a socket opened for %s, %d are open", identity.actor.role.value, len(self.sockets))
        return socket

    def identify(self, socket: Socket, identity: Identity, address: str) -> bool:
        """The socket has said who it is; false when that account has as many as may be."""
        place, most = _place_of(identity, address)
        if not self._places.take(place, most):
            return False
        self._places.give_back(socket.place)
        self._left.add(socket.field)
        socket.place, socket.identity = place, identity
        self._changed.add(socket)
        return True

    def changed(self, socket: Socket) -> None:
        """Something that the registry shows of it is different."""
        self._changed.add(socket)

    def listens(self, socket: Socket, name: str) -> None:
        """It has subscribed to a channel."""
        socket.since[name] = (secrets.token_hex(4), clock.now())
        self.changed(socket)

    def listens_no_more(self, socket: Socket, name: str) -> None:
        socket.since.pop(name, None)
        socket.proofs.pop(name, None)
        self.changed(socket)

    def leave(self, socket: Socket) -> None:
        """It is closed, or about to be."""
        if self.sockets.pop(socket.id, None) is None:
            return
        self.hub.delivery.leave(socket)
        self._places.give_back(socket.place)
        self._changed.discard(socket)
        self._left.add(socket.field)
        log.debug("a socket closed, %d are open", len(self.sockets))

    def dismiss(self, socket: Socket, code: int) -> None:
        """Closes it from this side."""
        socket.hang_up(code)
        self.leave(socket)

    def welcome(self, socket: Socket) -> None:
        user_id = socket.identity.user_id
        socket.tell(
            message(
                "welcome",
                version=1,
                connection=socket.id,
                role=socket.identity.actor.role.value,
                user=str(user_id) if user_id else None,
                position=self.hub.delivery.position,
                heartbeat=HEARTBEAT,
            )
        )

    async def beat(self) -> None:
        """Heartbeats that are due; the end of sockets on which nobody is, or nobody reads."""
        now = monotonic()
        for socket in list(self.sockets.values()):
            if now - socket.heard > SILENCE or socket.gone:
                self.dismiss(socket, CLOSED_SILENT)
            elif now >= socket.due:
                socket.due += HEARTBEAT
                told = {name: one.told for name, one in socket.subscriptions.items()}
                position, is_live = self.hub.delivery.position, self.hub.is_live
                socket.tell(message("heartbeat", position=position, live=is_live, channels=told))
        paused = self.hub.delivery.paused
        self._paused_since = {reader: self._paused_since.get(reader, now) for reader in paused}
        for reader, since in self._paused_since.items():
            if now - since > UNREAD and isinstance(reader, Socket):
                self.dismiss(reader, CLOSED_SILENT)

    async def check(self) -> None:
        """Closes what is open under an identity that has ended. While the database is away nobody can be asked, and nothing
        new is delivered either."""
        gone = await self.threads.run(ended, {socket.identity for socket in self.sockets.values()})
        for socket in list(self.sockets.values()) if gone else ():
            if socket.identity in gone:
                self.dismiss(socket, CLOSED_ENDED)
        for socket in [one for one in self.sockets.values() if one.proofs]:
            await self._check_channels(socket)

    async def _check_channels(self, socket: Socket) -> None:
        """Where something has happened, the right to hear of it may have gone with it: a visit that another dentist has."""
        for name, proof in list(socket.proofs.items()):
            shown, told = proof
            subscription = socket.subscriptions.get(name)
            if subscription is None or subscription.told == told:
                continue
            now, refused = subscription.told, ""
            try:
                await self.threads.run(shown)
            except Refused as error:
                refused = error.code
            if socket.proofs.get(name) is not proof:
                continue  # it was subscribed to anew meanwhile, or given up
            if not refused:
                socket.proofs[name] = shown, now
            elif self.hub.delivery.remove(socket, name):
                self.listens_no_more(socket, name)
                socket.refuse(refused, name)

    async def write(self) -> None:
        """Tells the registry what changed."""
        wants_all = self._registry.wants_all
        changed = list(self.sockets.values()) if wants_all else list(self._changed)
        left, self._left = self._left, set()
        self._changed.clear()
        if changed or left or wants_all:
            shown = {socket.field: json.dumps(socket.as_registered()) for socket in changed}
            await self._registry.write(shown, left)
        elif next(self._turn) % _KEEPS == 0:
            await self._registry.keep(bool(self.sockets))


def _place_of(identity: Identity, address: str) -> tuple[str, int]:
    """Among whose sockets it counts, and how many those may be."""
    if identity.user_id is not None:
        return f"user {identity.user_id}", settings.SOCKETS_PER_ACCOUNT
    return f"address {address}", settings.SOCKETS_PER_ADDRESS


async def _again_and_again(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:
            log.warning("what is done for open sockets must wait (%s: %s)", work.__name__, type(error).__name__)
