"""Finding free slots: of a day, over days, the first one, the nearest ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from availability import slots
from availability.catalogue import Offered
from availability.schedules import Schedule, rules, schedules
from availability.slots import Audience, Rules, Slot
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings

# A first look reaches this far; only when it finds nothing is the whole horizon read.
FIRST_LOOK_DAYS = 8


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @classmethod
    def of(cls, wall: time) -> PartOfDay:
        """Morning before noon, evening from 17:00 on, by the clinic's clock."""
        return cls.MORNING if wall < time(12) else cls.AFTERNOON if wall < time(17) else cls.EVENING


@dataclass(frozen=True, slots=True)
class Opening:
    """A free slot and who offers it."""

    offered: Offered
    slot: Slot

    @property
    def start(self) -> datetime:
        return self.slot.start


def audience_of(actor: Actor, *, urgent: bool = False) -> Audience:
    if actor.is_staff:
        return Audience.STAFF
    return Audience.URGENT if urgent else Audience.EVERYONE


def slots_on(
    actor: Actor, offered: Offered, day: date, *, urgent: bool = False, moving: UUID | None = None
) -> list[Slot]:
    """The free slots of one dentist on one clinic date, in order; five queries and the settings."""
    return [opening.slot for opening in search(actor, [offered], day, 1, urgent=urgent, moving=moving)]


def search(
    actor: Actor,
    offers: Sequence[Offered],
    first: date,
    days: int,
    *,
    part: PartOfDay | None = None,
    urgent: bool = False,
    moving: UUID | None = None,
) -> Iterator[Opening]:
    """Free slots of all these offers from a clinic date on, day by day and by time within the day."""
    settings = ClinicSettings.current()
    last = first + timedelta(days=days - 1)
    found = schedules([one.dentist.pk for one in offers], first, last, moving=moving)
    yield from _walk(offers, found, first, last, rules(settings), clock.now(), audience_of(actor, urgent=urgent), part)


def first_available(
    actor: Actor,
    offers: Sequence[Offered],
    first: date,
    days: int,
    *,
    part: PartOfDay | None = None,
    urgent: bool = False,
) -> Opening | None:
    """The earliest free slot of any of these offers within so many days, None when there is none.

    Looks at the coming week before it reads the whole span: most searches end there.
    """
    near = min(days, FIRST_LOOK_DAYS)
    found = next(search(actor, offers, first, near, part=part, urgent=urgent), None)
    if found is None and days > near:
        rest = first + timedelta(days=near)
        found = next(search(actor, offers, rest, days - near, part=part, urgent=urgent), None)
    return found


def next_free(actor: Actor, offers: Sequence[Offered], first: date, days: int) -> dict[UUID, Slot]:
    """Each dentist's first free slot among their offers, by dentist id; one bulk read for all of them."""
    settings, now, audience = ClinicSettings.current(), clock.now(), audience_of(actor)
    last = first + timedelta(days=days - 1)
    found = schedules({one.dentist.pk for one in offers}, first, last)
    result: dict[UUID, Slot] = {}
    for one in offers:
        opening = next(_walk([one], found, first, last, rules(settings), now, audience, None), None)
        key = one.dentist.pk
        if opening is not None and (key not in result or opening.start < result[key].start):
            result[key] = opening.slot
    return result


def nearest(
    actor: Actor, offers: Sequence[Offered], around: datetime, *, count: int = 5, moving: UUID | None = None
) -> list[Opening]:
    """The free slots closest to an instant, up to `count`, in order of time; looks a week ahead and a day back."""
    day = clock.local(around).date()
    first = max(clock.today(), day - timedelta(days=1))
    found = sorted(search(actor, offers, first, 8, moving=moving), key=lambda one: abs(one.start - around))
    return sorted(found[:count], key=lambda one: one.start)


def _walk(
    offers: Sequence[Offered],
    found: dict[UUID, Schedule],
    first: date,
    last: date,
    by: Rules,
    now: datetime,
    audience: Audience,
    part: PartOfDay | None,
) -> Iterator[Opening]:
    day = max(first, clock.local(now).date())
    while day <= last:
        openings: list[Opening] = []
        for one in offers:
            schedule = found[one.dentist.pk]
            if hours := schedule.hours(day):
                free = slots.free_slots(
                    day,
                    hours,
                    visit=one.visit,
                    busy=schedule.taken,
                    time_off=(),
                    rules=by,
                    now=now,
                    audience=audience,
                )
                openings += [Opening(one, slot) for slot in free]
        if len(offers) > 1:
            openings.sort(key=lambda opening: (opening.slot.start, opening.offered.dentist.name))
        for opening in openings:
            if part is None or PartOfDay.of(opening.slot.start.time()) == part:
                yield opening
        day += timedelta(days=1)


def open_days(offered: Collection[Offered], found: dict[UUID, Schedule], days: Sequence[date]) -> set[date]:
    """The dates on which at least one of these dentists works at all."""
    return {day for day in days if any(found[one.dentist.pk].hours(day) for one in offered)}
