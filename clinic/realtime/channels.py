"""Which channels there are, and who may have them (docs/realtime.md, "Channels").

A client asks for `name` or `name:detail`; the one who knows the channel says under which name events are stored, or refuses.
What a higher room knows (a visit, a conversation) it registers itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from clinic.core.actor import Actor, Role

LONGEST = 100  # characters of a channel's name


class Refused(Exception):
    """With `code` as the socket's `error` says it: `unknown_channel` or `forbidden`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# The caller, what stands behind the colon ("" without one), and the token that was shown ("" without one), to the
# stored name. Raises `Refused`.
Authorizer = Callable[[Actor, str, str], str]


@dataclass(frozen=True, slots=True)
class Channel:
    authorize: Authorizer
    asks_database: bool  # then it is called in a thread


_channels: dict[str, Channel] = {}


def register(name: str, authorize: Authorizer, *, asks_database: bool = False) -> None:
    """Makes a kind of channel known; once, when the process starts."""
    _channels[name] = Channel(authorize, asks_database)


def find(asked_for: str) -> tuple[Channel, str]:
    """The channel and what stands behind its colon. Raises `Refused`."""
    name, _colon, detail = asked_for.partition(":")
    channel = _channels.get(name)
    if channel is None or len(asked_for) > LONGEST or asked_for.endswith(":"):
        raise Refused("unknown_channel")
    return channel, detail


def id_of(detail: str) -> UUID:
    """The id behind a colon, as it is always written. Raises `Refused`."""
    try:
        found = UUID(detail)
    except ValueError:
        found = None
    if found is None or str(found) != detail:
        raise Refused("unknown_channel")
    return found


def _appointments(actor: Actor, detail: str, token: str) -> str:
    if detail not in ("", "own"):
        raise Refused("unknown_channel")
    if actor.user_id is None:
        raise Refused("forbidden")
    if detail == "":
        if actor.role in (Role.DESK, Role.ADMIN):
            return "clinic"
        if actor.role == Role.DENTIST:
            if actor.dentist_id is None:
                raise Refused("forbidden")
            return f"schedule.{actor.dentist_id}"
    return f"account.{actor.user_id}"


def _availability(actor: Actor, detail: str, token: str) -> str:
    return f"availability.{id_of(detail)}" if detail else "availability"


def _sync(actor: Actor, detail: str, token: str) -> str:
    if detail:
        raise Refused("unknown_channel")
    if actor.role != Role.ADMIN:
        raise Refused("forbidden")
    return "sync"


register("appointments", _appointments)
register("availability", _availability)
register("sync", _sync)
