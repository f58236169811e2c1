"""One open socket."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from clinic.realtime.frames import Message, message
from clinic.realtime.limits import Allowance
from clinic.realtime.registry import Connection, field_of
from clinic.realtime.subscriptions import Reader
from clinic.sockets.identity import Identity

log = logging.getLogger(__name__)
Send = Callable[[Message], Awaitable[None]]
UNKNOWN = -1  # no position: the right to a channel is to be looked at


class Socket(Reader):
    """What its server process knows of it. `heard` and `due` (the next heartbeat) are seconds of the monotonic clock."""

    __slots__ = (
        "_send",
        "allowance",
        "created",
        "due",
        "gone",
        "heard",
        "id",
        "identity",
        "last_heartbeat",
        "place",
        "proofs",
        "since",
    )

    def __init__(self, send: Send, identity: Identity, place: str, *, now: datetime, heard: float) -> None:
        super().__init__(self._tell)
        self._send = send
        self.id = secrets.token_hex(8)
        self.identity = identity
        self.place = place  # among which owner's it counts
        self.created = self.last_heartbeat = now
        self.heard = self.due = heard
        self.allowance = Allowance(heard)
        self.since: dict[str, tuple[str, datetime]] = {}  # id and beginning of each subscription, by channel
        # Of channels whose right to them lies in the database: how it was shown, and the position told when it was looked at.
        self.proofs: dict[str, tuple[Callable[[], str], int]] = {}
        self.gone = False

    @property
    def field(self) -> str:
        return field_of(self.identity.user_id, self.id)

    def _tell(self, frame: Message) -> None:
        """Sends without waiting: Daphne takes everything at once. Stepped through by hand, so that neither a task nor a
        turn of the event loop is spent on each socket."""
        if self.gone:
            return
        sending: Any = self._send(frame)
        try:
            sending.send(None)
        except StopIteration:
            return
        except Exception as error:  # it is closing, and its application will hear of it
            log.debug("a socket could not be told (%s)", type(error).__name__)
        else:
            log.error("this server lets the one who sends wait; sockets are made for Daphne")
            sending.close()
        self.gone = True

    def refuse(self, code: str, channel: str | None = None) -> None:
        about = {} if channel is None else {"channel": channel}
        self.tell(message("error", code=code, message=REFUSALS[code], **about))

    def hang_up(self, code: int) -> None:
        """Closes it; nothing is sent any more."""
        if not self.gone:
            self._tell({"type": "websocket.close", "code": code})
            self.gone = True

    def as_registered(self) -> dict[str, Any]:
        """What the registry of connections shows of it."""
        shown: Connection = {
            "id": self.id,
            "user": None,
            "role": self.identity.actor.role.value,
            "created": self.created.isoformat(),
            "last_heartbeat": self.last_heartbeat.isoformat(),
            "subscriptions": [
                {"id": number, "channel": name, "created": since.isoformat()}
                for name, (number, since) in self.since.items()
            ],
        }
        return {name: value for name, value in shown.items() if name not in ("id", "user")}  # the field says those


REFUSALS = {
    "malformed": "Something in this message could not be read.",
    "unknown_type": "There is no message of this type.",
    "unknown_channel": "There is no channel of this name.",
    "forbidden": "You may not have this channel, or it is not there.",
    "too_many_subscriptions": "This is more than one socket may listen to.",
    "invalid_token": "This token is no longer good. Please sign in again.",
    "identified_already": "Who you are is known already, or something is subscribed to.",
    "otp_required": "This account needs a second factor to sign in.",
    "unavailable": "This cannot be had now. Please ask again in a moment.",
}
