"""Which of the slots on show are still free."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from availability.catalogue import offers_of, treatment_of
from availability.queries import Look
from availability.schedules import schedules
from chatbot.record import Record
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError

# Treatment, and how it was looked for: urgent, moving. Of each one the slots by clinic date and dentist.
_Search = tuple[str, bool, str]
_Asked = dict[tuple[date, UUID], list[dict[str, Any]]]


def mark_free(actor: Actor, record: Record, messages: list[dict[str, Any]]) -> None:
    """Gives every slot in these messages of a record its `available`, as things stand at this reading: what is free for this
    caller (what they hold themselves is), still ahead, and still known to the dialogue. Call it inside a transaction."""
    now, known = clock.now(), {slot.token for slot in record.state.issued}
    searches: dict[_Search, _Asked] = defaultdict(lambda: defaultdict(list))
    for message in messages:
        for slot in message.get("slots", ()):
            slot["available"] = False
            start = datetime.fromisoformat(slot["start"])
            if slot["token"] in known and start > now:
                how = message["search"]
                search = slot["treatment"], how.get("urgent", False), how.get("moving", "")
                searches[search][clock.local(start).date(), UUID(slot["dentist_id"])].append(slot)
    for search, asked in searches.items():
        _mark(actor, search, asked)


def _mark(actor: Actor, search: _Search, asked: _Asked) -> None:
    """All dates and dentists of one search: who offers it and what is taken is read once, however many they are."""
    treatment, urgent, moving = search
    dentists, days = {dentist for _day, dentist in asked}, [day for day, _dentist in asked]
    try:
        offers = offers_of(treatment_of(UUID(treatment)), actor=actor, dentists=dentists)
    except ClinicError:
        return  # no longer on offer
    taken = schedules(dentists, min(days), max(days), moving=UUID(moving) if moving else None)
    look, offered = Look(actor, urgent), {one.dentist.pk: one for one in offers}
    for (day, dentist), slots in asked.items():
        if dentist in offered:
            free = {one.start.timestamp() for one in look.free(offered[dentist], taken[dentist], day, None)}
            for slot in slots:
                slot["available"] = datetime.fromisoformat(slot["start"]).timestamp() in free
