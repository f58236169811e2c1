"""`/ws/` as an ASGI application: from the handshake to the last message. It only waits for what the client says; all else is
done by the board of its process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import DatabaseError

from clinic.accounts.errors import InvalidToken, OtpRequired
from clinic.core.errors import ClinicError
from clinic.realtime.frames import message
from clinic.realtime.hub import Hub
from clinic.sockets.arrival import Arrival
from clinic.sockets.board import CLOSED_ENDED, CLOSED_TOO_MANY, Board
from clinic.sockets.connection import REFUSALS, Send
from clinic.sockets.hearing import Hearing
from clinic.sockets.identity import NOBODY, Identity, of_arrival

log = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[dict[str, Any]]]

_PATHS = ("/ws", "/ws/")
_CLOSED_STOPPING, _CLOSED_LATER = 4012, 4013  # Daphne's protocol sends none of the registered 1012 and 1013
_LAST_WORD = 0.05  # seconds in which what was said last leaves a process that stops
_PATIENCE = 2.0  # seconds for the hub to know a position, when the process is new


class SocketApplication:
    """The sockets of one server process. Daphne sends no lifespan: work begins with the first socket."""

    def __init__(self) -> None:
        self.board: Board | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if self.board is None:
            self.board = Board(Hub())
            self.board.start()
        board = self.board
        await receive()  # the handshake
        arrival = Arrival(scope) if scope["path"] in _PATHS else None
        if arrival is None or not arrival.comes_from_here():
            await send({"type": "websocket.close"})  # 403, before anything is open
            return
        refusal, code, identity = "", 0, NOBODY
        try:
            identity = await _identity(board, arrival)
        except (InvalidToken, OtpRequired) as error:
            refusal, code = error.code, CLOSED_ENDED
        except (ClinicError, DatabaseError):
            refusal, code = "unavailable", _CLOSED_LATER
        await send({"type": "websocket.accept", "subprotocol": arrival.protocol})
        if code:  # after the handshake, because no browser shows a page what a refused one said
            await send(message("error", code=refusal, message=REFUSALS[refusal]))
            await send({"type": "websocket.close", "code": code})
            return
        await _serve(board, arrival.address, identity, receive, send)


async def _identity(board: Board, arrival: Arrival) -> Identity:
    if not arrival.bearer and not arrival.session_key and not arrival.secret:
        return NOBODY
    return await board.threads.run(of_arrival, arrival)


async def _serve(board: Board, address: str, identity: Identity, receive: Receive, send: Send) -> None:
    socket = board.enter(send, identity, address)
    if socket is None:
        await send({"type": "websocket.close", "code": CLOSED_TOO_MANY})
        return
    try:
        await board.hub.begun(_PATIENCE)
        board.welcome(socket)
        hearing = Hearing(board, socket, address)
        while not socket.gone:
            said = await receive()
            if said["type"] != "websocket.receive":
                return
            if not socket.gone:
                await hearing.take(said.get("text"))
    except asyncio.CancelledError:
        socket.hang_up(_CLOSED_STOPPING)
        await asyncio.sleep(_LAST_WORD)
        raise
    finally:
        board.leave(socket)
