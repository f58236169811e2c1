"""Which of the slots on show are still free."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from availability.catalogue import offers_of, treatment_of
from availability.queries import search
from chatbot.record import Record
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError

_Day = tuple[str, date, bool, str]  # treatment, clinic date, and how it was looked for: urgent, moving


def mark_free(actor: Actor, record: Record, messages: list[dict[str, Any]]) -> None:
    """Gives every slot in these messages of a record its `available`, as things stand at this reading: what is free for this
    caller (what they hold themselves is), still ahead, and still known to the dialogue. Call it inside a transaction."""
    now, known = clock.now(), {slot.token for slot in record.state.issued}
    days: dict[_Day, list[dict[str, Any]]] = defaultdict(list)
    for message in messages:
        for slot in message.get("slots", ()):
            slot["available"] = False
            start = datetime.fromisoformat(slot["start"])
            if slot["token"] in known and start > now:
                how = message["search"]
                day = clock.local(start).date()
                days[slot["treatment"], day, how.get("urgent", False), how.get("moving", "")].append(slot)
    for (treatment, day, urgent, moving), slots in days.items():
        free = _free(actor, treatment, {UUID(slot["dentist_id"]) for slot in slots}, day, urgent, moving)
        for slot in slots:
            slot["available"] = (slot["dentist_id"], datetime.fromisoformat(slot["start"]).timestamp()) in free


def _free(
    actor: Actor, treatment: str, dentists: set[UUID], day: date, urgent: bool, moving: str
) -> set[tuple[str, float]]:
    try:
        offers = offers_of(treatment_of(UUID(treatment)), actor=actor, dentists=dentists)
    except ClinicError:
        return set()  # no longer on offer
    found = search(actor, offers, day, 1, urgent=urgent, moving=UUID(moving) if moving else None)
    return {(str(one.offered.dentist.pk), one.start.timestamp()) for one in found}
