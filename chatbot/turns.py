"""One message after the other: who may answer next, and what is kept of the answer."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

from chatbot.errors import StillAnswering
from chatbot.models import Conversation
from chatbot.record import Record
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.crypto import decrypt, encrypt
from clinic.core.errors import NotFound

# A turn whose process died is over after so long; a living one takes a fraction of a second.
_LONGEST_TURN = "30 seconds"
_PATIENCE, _PAUSE = 3.0, 0.05  # seconds
_CLAIM = (
    "UPDATE chatbot_conversation SET claim = %s, claimed_at = clock_timestamp() WHERE id = %s"
    " AND (claim IS NULL OR claimed_at < clock_timestamp() - %s::interval) RETURNING state, messages"
)
_KEEP = (
    "UPDATE chatbot_conversation SET state = %s, messages = %s, said = %s, visits = %s::uuid[], language = %s,"
    " holder = coalesce(%s, holder), claim = NULL, claimed_at = NULL,"
    # Age counts from what was said last: offers that follow what is free on a page left open keep nothing alive.
    " updated_at = CASE WHEN said = %s THEN updated_at ELSE clock_timestamp() END"
    " WHERE id = %s AND claim = %s RETURNING id"
)


def claim(actor: Actor, conversation: UUID) -> tuple[UUID, Record]:
    """The conversation as it is, for this turn alone; whoever comes second waits for the first.

    A claim, not a lock, because a turn has several transactions. Raises `NotFound`, and `StillAnswering` when the message
    before takes too long.
    """
    turn, until = uuid4(), time.monotonic() + _PATIENCE
    while True:
        with db.transaction(actor):
            found = db.rows(_CLAIM, [turn, conversation, _LONGEST_TURN])
            if not found and not Conversation.objects.filter(pk=conversation).exists():
                raise NotFound()
        if found:
            state, messages = found[0]
            return turn, Record.read(decrypt(state), decrypt(messages))
        if time.monotonic() > until:
            raise StillAnswering()
        time.sleep(_PAUSE)


def keep(actor: Actor, conversation: UUID, turn: UUID, record: Record) -> None:
    """Stores what the turn led to, and lets the next one begin. What was begun without an account goes on under the account
    of whoever has signed in since: it knows their visits now, and the browser may be somebody else's when they sign out.

    Raises `StillAnswering` when another turn has begun.
    """
    state, messages = record.stored()
    account = actor.holders[0] if actor.user_id and actor.role != Role.BOT else None
    with db.transaction(actor):
        kept = db.value(
            _KEEP,
            [
                encrypt(state),
                encrypt(messages),
                len(record.messages),
                record.opened,
                record.state.language,
                account,
                len(record.messages),
                conversation,
                turn,
            ],
        )
    if kept is None:
        raise StillAnswering()


def let_go(actor: Actor, conversation: UUID, turn: UUID) -> None:
    """Nothing is kept of this turn; the next one may begin."""
    with db.transaction(actor):
        db.value(
            "UPDATE chatbot_conversation SET claim = NULL, claimed_at = NULL WHERE id = %s AND claim = %s RETURNING id",
            [conversation, turn],
        )
