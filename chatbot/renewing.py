"""Offers that follow what is free: what somebody else took is replaced while its reader still looks at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chatbot import dialogue
from chatbot.dialogue import World
from chatbot.dialogue.state import Step
from chatbot.offers import mark_free
from chatbot.record import MOST_MESSAGES, Record, as_stored
from chatbot.searched import again, near_to
from chatbot.tools import Tools
from clinic.core import db

_MOST_FOUND = 48
_MOST_ON_SHOW = 18  # of one message, what is gone included: the oldest of that goes first


def is_due(step: str, message: dict[str, Any]) -> bool:
    """Whether of the slots on show fewer are `available` than were offered, or some took the place of others before."""
    return step == Step.SLOT and (_missing(message) > 0 or len(message["slots"]) > _wanted(message))


def _wanted(message: dict[str, Any]) -> int:
    return int(message.get("wanted", len(message["slots"])))


def _missing(message: dict[str, Any]) -> int:
    return max(0, _wanted(message) - sum(bool(slot["available"]) for slot in message["slots"]))


def renew(tools: Tools, record: Record, world: World, now: datetime) -> bool:
    """Puts other free slots beside those on show that are gone, as near to them (or to the time that was asked for) as the
    same search finds any. When all are gone and none is like them, the bot says by itself what else it finds.

    Gives whether anything changed.
    """
    message = record.messages[-1]
    if not dialogue.is_offering(record.state) or not message["slots"]:
        return False
    with db.reading(tools.actor):
        mark_free(tools.actor, record, [message])
    missing, still = _missing(message), {slot["token"] for slot in message["slots"] if slot.pop("available")}
    if not missing and still == {one.token for one in record.state.offers}:
        return False
    gone = [slot for slot in message["slots"] if slot["token"] not in still]
    near = near_to(message["search"], [datetime.fromisoformat(slot["start"]) for slot in gone])
    found = _like_them(tools, message, still, near[0]) if missing and near else ()
    before = record.state.offers
    state, new = dialogue.put_in_place(
        record.state,
        world,
        now,
        still=still,
        near=near,
        found=found,
        most=missing,
    )
    if new or still:
        record.state = state
        too_many = {slot["token"] for slot in gone[: max(0, len(message["slots"]) + len(new) - _MOST_ON_SHOW)]}
        message["slots"] = [slot for slot in message["slots"] if slot["token"] not in too_many]
        message["slots"] += [as_stored(slot) for slot in new]
        return bool(new) or state.offers != before
    return _say_anew(tools, record, world, now)


def _like_them(tools: Tools, message: dict[str, Any], still: set[str], around: datetime) -> tuple[dialogue.Slot, ...]:
    """What the search of a message finds now around an instant, without what is on show."""
    wanted = again(message["search"], around=around, limit=_MOST_FOUND)
    if wanted is None:
        return ()
    shown = {slot["token"] for slot in message["slots"]}
    starts = {datetime.fromisoformat(slot["start"]) for slot in message["slots"] if slot["token"] in still}
    result = tools(wanted)
    if not isinstance(result, dialogue.SlotsFound):
        return ()
    return tuple(
        slot for slot in result.slots if slot.token not in shown and not (wanted.one_per_start and slot.start in starts)
    )


def _say_anew(tools: Tools, record: Record, world: World, now: datetime) -> bool:
    if len(record.messages) + 1 > MOST_MESSAGES:
        return False
    offered = dialogue.offer_anew(record.state, world, now, tools)
    if offered is None:
        return False
    record.state, reply = offered
    record.tell(reply, now, tools.search)
    return True
