"""Conversations: begun, gone on with, shown again, and forgotten in time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import override

from chatbot import dialogue
from chatbot.clinic_now import world_for
from chatbot.dialogue import Caller, Message
from chatbot.errors import ConversationFull, WentOn
from chatbot.model.switch import answer
from chatbot.models import Conversation
from chatbot.offers import mark_free
from chatbot.record import MOST_MESSAGES, Given, Record
from chatbot.renewing import is_due
from chatbot.renewing import renew as renew_offers
from chatbot.shown import as_they_are
from chatbot.speaking import acting_in
from chatbot.tools import Tools
from chatbot.turns import claim, keep, let_go
from clinic.core import clock, db
from clinic.core.actor import SERVICE, Actor, Role
from clinic.core.errors import Malformed, NotAllowed, NotFound
from clinic.core.idempotency import LONGEST_KEY, KeyReused
from clinic.core.texts import is_storable

LONGEST_TEXT = 4000
LONGEST_CHOICE = 200
RESUMED = timedelta(hours=24)  # as long as a browser without an account is known
_AT_ONCE = 500
_NOBODY = Caller()


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation: `messages` are all of them, or those of one turn. `step` is what the last one waits for, `urgency`
    a JSON object or None, `visit` the id of the visit that was booked last, "" without one."""

    id: UUID
    language: str
    step: str
    urgency: dict[str, Any] | None
    messages: list[dict[str, Any]]
    visit: str = ""
    replayed: bool = field(default=False, compare=False)


def begin(actor: Actor, language: str = "", *, named: Caller = _NOBODY) -> Told:
    """Opens a conversation for the caller; without a language the first message decides which. One transaction.

    `named` is whom a bot speaks for, as far as it knows them. Raises `Malformed` for a caller without an account and
    without a key of their own, and `NotAllowed` when somebody else than a bot names a caller.
    """
    if not actor.holders:
        raise Malformed().about("conversation_token")
    if named != _NOBODY and actor.role != Role.BOT:
        raise NotAllowed().about("caller")
    record = _greeted(actor, language, named)
    state, messages = record.stored()
    stored = Conversation(
        id=uuid4(),
        holder=actor.holders[0],
        language=record.state.language,
        state=state,
        messages=messages,
        said=len(record.messages),
    )
    with db.transaction(actor):
        stored.save(force_insert=True)
    return _told(stored.pk, record)


def opening(actor: Actor, language: str = "") -> list[dict[str, Any]]:
    """What a conversation would begin with: for a page that stores nothing before somebody says something."""
    return _greeted(actor, language, _NOBODY).messages


def latest(actor: Actor) -> UUID | None:
    """The conversation to go on with: in which the caller said something last, if that was within `RESUMED`. None for a bot,
    which speaks for many."""
    if not actor.holders or actor.role == Role.BOT:
        return None
    with db.reading(actor):
        recent = Conversation.objects.filter(holder__in=actor.holders, updated_at__gt=clock.now() - RESUMED)
        return recent.order_by("-updated_at").values_list("pk", flat=True).first()


def say(
    actor: Actor,
    conversation: UUID,
    *,
    text: str = "",
    choice: str = "",
    key: str | None = None,
    seen: int | None = None,
) -> Told:
    """Answers a message: what was typed, or the id of a button or slot that was pressed (which wins). Gives the two messages
    of this turn; the same `key` gives the same again and does nothing. `seen` is how many messages a page shows, as far as it
    says so: what is typed there below an older read-back is no yes to the present one.

    What the dialogue asks for is done by the verbs of the clinic, each in a transaction of its own, under the caller's own
    rights. Raises `Malformed`, `NotFound`, `KeyReused`, `WentOn`, `ConversationFull`, and `StillAnswering`.
    """
    turn, record = claim(actor, conversation)
    try:
        _check(text, choice, key)  # not before: a foreign conversation looks like none, whatever is said there
        given = _given_before(record, key, text, choice)
        if given is None:
            if not choice and seen not in (None, len(record.messages)) and dialogue.is_confirming(record.state):
                raise WentOn()
            at = _answer(actor, conversation, record, text, choice)
            if key:
                record.given.append(Given(_digest(key), _digest(text, choice), at))
            keep(actor, conversation, turn, record)
            return _told(conversation, record, at)
    except BaseException:
        let_go(actor, conversation, turn)
        raise
    let_go(actor, conversation, turn)
    return _told(conversation, record, given.at, replayed=True)


def show(actor: Actor, conversation: UUID) -> Told:
    """All that was said; each slot with `available`, whether it is free now. Raises `NotFound`."""
    with db.reading(actor):
        stored = Conversation.objects.filter(pk=conversation).first()
        if stored is None:
            raise NotFound()
    record = Record.read(stored.state, stored.messages)
    with db.reading(acting := acting_in(actor, conversation)):
        mark_free(acting, record, record.messages)
    return _told(conversation, record)


def renew(actor: Actor, conversation: UUID) -> Told:
    """All that was said, as `show` tells it, with other free slots for those on show that are gone: in the same message, like
    them and near to them; when there are none, what else is found, in a message of the bot's own. Twice is once.

    Raises `NotFound` and `StillAnswering`.
    """
    told = show(actor, conversation)
    if not is_due(told.step, told.messages[-1]):
        return told
    turn, record = claim(actor, conversation)
    try:
        tools = Tools(actor, conversation, record)
        with override(record.state.language or settings.LANGUAGE_CODE):
            changed = renew_offers(tools, record, world_for(actor, record.caller), clock.now())
        if changed:
            keep(actor, conversation, turn, record)
    except BaseException:
        let_go(actor, conversation, turn)
        raise
    if not changed:
        let_go(actor, conversation, turn)
    return show(actor, conversation)


def own(actor: Actor) -> list[dict[str, Any]]:
    """The caller's conversations as people take them along: JSON values, the oldest first. Call it while reading."""
    found = []
    for one in Conversation.objects.order_by("created_at", "id"):
        messages = Record.read(one.state, one.messages).messages
        found.append(
            {
                "id": str(one.pk),
                "language": one.language,
                "created_at": one.created_at.isoformat(),
                "updated_at": one.updated_at.isoformat(),
                "messages": [{name: message[name] for name in ("role", "text", "at")} for message in messages],
            }
        )
    return found


def forget_old() -> int:
    """Deletes conversations in which nothing was said for `CONVERSATIONS_KEPT_DAYS`; gives how many."""
    gone = 0
    while True:
        with db.transaction(SERVICE):
            kept = timedelta(days=settings.CONVERSATIONS_KEPT_DAYS)
            some = int(db.value("SELECT chatbot_forget_old(%s, %s)", [kept, _AT_ONCE]))
        gone += some
        if some < _AT_ONCE:
            return gone


def _greeted(actor: Actor, language: str, named: Caller) -> Record:
    now, record = clock.now(), Record(caller=named)
    opened = dialogue.greet(world_for(actor, named), now, language=language)
    assert opened.reply is not None  # noqa: S101 - a greeting asks for nothing
    record.state = opened.state
    record.tell(opened.reply, now, {})
    return record


def _check(text: str, choice: str, key: str | None) -> None:
    if not choice and not text.strip():
        raise Malformed().about("text")
    if len(text) > LONGEST_TEXT or not is_storable(text):
        raise Malformed().about("text")
    if len(choice) > LONGEST_CHOICE or not is_storable(choice):
        raise Malformed().about("choice")
    if key is not None and (not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or not key.isascii()):
        raise Malformed().about("Idempotency-Key")


def _given_before(record: Record, key: str | None, text: str, choice: str) -> Given | None:
    found = next((one for one in record.given if key and one.key == _digest(key)), None)
    if found is not None and found.request != _digest(text, choice):
        raise KeyReused().about("Idempotency-Key")
    return found


def _answer(actor: Actor, conversation: UUID, record: Record, text: str, choice: str) -> int:
    """Adds the message and its answer to the record; gives where they begin."""
    at = len(record.messages)
    if at + 2 > MOST_MESSAGES:
        raise ConversationFull()
    now = clock.now()
    record.hear(record.label_of(choice) if choice else text, now)
    tools = Tools(actor, conversation, record)
    with override(record.state.language or settings.LANGUAGE_CODE):
        world = world_for(actor, record.caller)
        state = replace(record.state, visits=as_they_are(tools.actor, record.state.visits, now))
        record.state, reply = answer(state, Message(text=text, choice=choice), world, now, tools)
    record.tell(reply, now, tools.search)
    return at


def _told(conversation: UUID, record: Record, at: int | None = None, *, replayed: bool = False) -> Told:
    messages = record.messages if at is None else record.messages[at : at + 2]
    last = messages[-1]
    return Told(conversation, record.state.language, last["step"], last["urgency"], messages, record.booked, replayed)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
