"""What a client says, and what follows from it (docs/realtime.md, "From the client")."""

from __future__ import annotations

import json
from functools import partial
from time import monotonic
from typing import Any

from django.db import DatabaseError

from clinic.accounts.errors import InvalidToken
from clinic.core import clock
from clinic.core.errors import ClinicError
from clinic.realtime import channels
from clinic.realtime.frames import message
from clinic.realtime.limits import MESSAGE_BYTES, SUBSCRIPTIONS
from clinic.sockets.board import CLOSED_TOO_MANY, Board
from clinic.sockets.connection import UNKNOWN, Socket
from clinic.sockets.identity import of_token

CLOSED_NO_MESSAGE = 4400
_GREATEST = 2**63 - 1


class _Malformed(Exception):
    pass


class Hearing:
    """Takes the messages of one socket, one after the other."""

    __slots__ = ("_address", "_board", "_socket")

    def __init__(self, board: Board, socket: Socket, address: str) -> None:
        self._board = board
        self._socket = socket
        self._address = address

    async def take(self, text: str | None) -> None:
        """One message; None for one that was no text."""
        socket = self._socket
        socket.heard = monotonic()
        if not socket.allowance.spend(socket.heard):
            self._board.dismiss(socket, CLOSED_TOO_MANY)
            return
        said = _read(text)
        if said is None:
            self._board.dismiss(socket, CLOSED_NO_MESSAGE)
            return
        kind = said.get("type")
        answer = _ANSWERS.get(kind) if isinstance(kind, str) else None
        if answer is None:
            socket.refuse("unknown_type" if isinstance(kind, str) else "malformed")
            return
        try:
            await answer(self, said)
        except _Malformed:
            name = said.get("channel")
            socket.refuse("malformed", name if isinstance(name, str) and len(name) <= channels.LONGEST else None)

    async def _identify(self, said: dict[str, Any]) -> None:
        socket, board = self._socket, self._board
        token = _text(said, "token", longest=MESSAGE_BYTES)
        if socket.identity.user_id is not None or socket.subscriptions:
            socket.refuse("identified_already")
            return
        try:
            identity = await board.threads.run(lambda: of_token(token, address=self._address))
        except InvalidToken:
            socket.refuse("invalid_token")
            return
        except (ClinicError, DatabaseError):
            socket.refuse("unavailable")
            return
        if socket.gone:
            return
        if board.identify(socket, identity, self._address):
            board.welcome(socket)
        else:
            board.dismiss(socket, CLOSED_TOO_MANY)

    async def _subscribe(self, said: dict[str, Any]) -> None:
        socket, board = self._socket, self._board
        name = _text(said, "channel", longest=channels.LONGEST)
        token = _text(said, "token", longest=MESSAGE_BYTES) if "token" in said else ""
        position = _whole(said, "position") if said.get("position") is not None else None
        if name not in socket.subscriptions and len(socket.subscriptions) >= SUBSCRIPTIONS:
            socket.refuse("too_many_subscriptions", name)
            return
        position_before = board.hub.delivery.position
        try:
            channel, detail = channels.find(name)
            shown = partial(channel.authorize, socket.identity.actor, detail, token)
            stored = await board.threads.run(shown) if channel.asks_database else shown()
        except channels.Refused as refused:
            socket.refuse(refused.code, name)
            return
        except (ClinicError, DatabaseError):
            socket.refuse("unavailable", name)
            return
        if socket.gone:
            return
        if not board.hub.has_begun:
            socket.refuse("unavailable", name)
            return
        subscription = board.hub.delivery.add(socket, name, stored, position)
        board.listens(socket, name)
        if channel.asks_database:
            # What happened while it was asked may have taken the right away: then it is looked at again.
            is_sure = board.hub.delivery.position == position_before
            socket.proofs[name] = shown, subscription.told if is_sure else UNKNOWN

    async def _unsubscribe(self, said: dict[str, Any]) -> None:
        name = _text(said, "channel", longest=channels.LONGEST)
        if self._board.hub.delivery.remove(self._socket, name):
            self._board.listens_no_more(self._socket, name)
        self._socket.tell(message("unsubscribed", channel=name))

    async def _heartbeat(self, said: dict[str, Any]) -> None:
        self._socket.last_heartbeat = clock.now()
        self._board.changed(self._socket)
        if said.get("read") is None:
            return
        try:
            self._board.hub.delivery.has_read(self._socket, _whole(said, "read"))
        except ValueError:
            raise _Malformed from None


_ANSWERS = {
    "identify": Hearing._identify,
    "subscribe": Hearing._subscribe,
    "unsubscribe": Hearing._unsubscribe,
    "heartbeat": Hearing._heartbeat,
}


def _read(text: str | None) -> dict[str, Any] | None:
    """A JSON object of a size that is taken, None for everything else."""
    if text is None or len(text) > MESSAGE_BYTES or len(text.encode()) > MESSAGE_BYTES:
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _text(said: dict[str, Any], name: str, *, longest: int) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        raise _Malformed
    return value


def _whole(said: dict[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _GREATEST:
        raise _Malformed
    return value
