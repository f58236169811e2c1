"""Finding free slots: of a day, over days, the first one, the nearest ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from availability import slots
from availability.catalogue import Offered
from availability.fitting import Span, by_day, fitting_days
from availability.schedules import Schedule, rules, schedules
from availability.slots import Audience, Slot
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings

# A first look reaches this far; only when it finds nothing is the whole horizon read.
FIRST_LOOK_DAYS = 8
NOON, EVENING = time(12), time(17)


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def hours(self) -> tuple[time, time | None]:
        """Wall times `[from, to)`; None reaches to midnight."""
        match self:
            case PartOfDay.MORNING:
                return time(0), NOON
            case PartOfDay.AFTERNOON:
                return NOON, EVENING
        return EVENING, None

    @classmethod
    def of(cls, wall: time) -> PartOfDay:
        """Morning before noon, evening from 17:00 on, by the clinic's clock."""
        return cls.MORNING if wall < NOON else cls.AFTERNOON if wall < EVENING else cls.EVENING


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
    """The free slots of one dentist on one clinic date, in order; one statement and the settings."""
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
    look = Look(actor, urgent)
    last = first + timedelta(days=days - 1)
    found = schedules({one.dentist.pk for one in offers}, first, last, moving=moving)
    day = max(first, look.today)
    while day <= last:
        openings = [Opening(one, slot) for one in offers for slot in look.free(one, found[one.dentist.pk], day, part)]
        if len(offers) > 1:
            openings.sort(key=lambda opening: (opening.slot.start, opening.offered.dentist.name))
        yield from openings
        day += timedelta(days=1)


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

    Looks at the coming week before it looks at the whole span: most searches end there.
    """
    look = Look(actor, urgent)
    for span in _looks(max(first, look.today), first + timedelta(days=days - 1), part):
        for day, fitting in look.fitting(offers, span).items():
            if firsts := look.firsts([offers[number] for number in fitting], day, part):
                return min(firsts, key=lambda one: (one.start, one.offered.dentist.name))
    return None


def next_free(actor: Actor, offers: Sequence[Offered], first: date, days: int) -> dict[UUID, Slot]:
    """Each dentist's first free slot among their offers, by dentist id."""
    look = Look(actor)
    result: dict[UUID, Slot] = {}
    for span in _looks(max(first, look.today), first + timedelta(days=days - 1), None):
        missing = [one for one in offers if one.dentist.pk not in result]
        fits = look.fitting(missing, span)
        known, until = _of_first_days(missing, fits)
        for day, fitting in fits.items():
            wanted = [missing[number] for number in fitting if missing[number].dentist.pk not in result]
            found = known if day <= until else None
            for opening in sorted(look.firsts(wanted, day, found=found), key=lambda one: one.start):
                result.setdefault(opening.offered.dentist.pk, opening.slot)
    return result


def _of_first_days(offers: Sequence[Offered], fits: Mapping[date, list[int]]) -> tuple[dict[UUID, Schedule], date]:
    """The schedules up to the last of the days on which each dentist may first have something, and that day: mostly all
    that a search needs, in one statement."""
    first: dict[UUID, date] = {}
    for day, fitting in fits.items():
        for number in fitting:
            first.setdefault(offers[number].dentist.pk, day)
    if not first:
        return {}, date.min
    until = max(first.values())
    return schedules(first, min(first.values()), until), until


def _looks(first: date, last: date, part: PartOfDay | None) -> Iterator[Span]:
    """The coming week, then the rest."""
    near = min(last, first + timedelta(days=FIRST_LOOK_DAYS - 1))
    since, until = PartOfDay(part).hours if part else (time(0), None)
    yield Span(first, near, since, until)
    if near < last:
        yield Span(near + timedelta(days=1), last, since, until)


class Look:
    """One caller's search at one moment: the rules and the time are the same for all that it finds."""

    def __init__(self, actor: Actor, urgent: bool = False) -> None:
        self.rules = rules(ClinicSettings.current())
        self.now = clock.now()
        self.today = clock.local(self.now).date()
        self.audience = audience_of(actor, urgent=urgent)

    def fitting(self, offers: Sequence[Offered], span: Span) -> dict[date, list[int]]:
        """The dates on which there may be something, in order, and the places in the sequence of the offers concerned."""
        return by_day(fitting_days(offers, span, rules=self.rules, now=self.now, audience=self.audience))

    def firsts(
        self,
        offers: Sequence[Offered],
        day: date,
        part: PartOfDay | None = None,
        found: Mapping[UUID, Schedule] | None = None,
    ) -> list[Opening]:
        """The first free slot on a date of each offer that has one; `found` are the schedules, when they are known."""
        found = found or schedules({one.dentist.pk for one in offers}, day, day)
        firsts = []
        for one in offers:
            schedule = found[one.dentist.pk]
            if part is None:
                slot = slots.first_free(day, schedule.hours(day), **self._terms(one, schedule))
            else:
                slot = next(iter(self.free(one, schedule, day, part)), None)
            if slot is not None:
                firsts.append(Opening(one, slot))
        return firsts

    def free(self, one: Offered, schedule: Schedule, day: date, part: PartOfDay | None) -> list[Slot]:
        """The free slots of an offer on a date, in order."""
        free = slots.free_slots(day, schedule.hours(day), **self._terms(one, schedule))
        return free if part is None else [slot for slot in free if PartOfDay.of(slot.start.time()) == part]

    def _terms(self, one: Offered, schedule: Schedule) -> dict[str, Any]:
        return {
            "visit": one.visit,
            "busy": schedule.taken,
            "time_off": (),
            "rules": self.rules,
            "now": self.now,
            "audience": self.audience,
        }


def nearest(
    actor: Actor, offers: Sequence[Offered], around: datetime, *, count: int = 5, moving: UUID | None = None
) -> list[Opening]:
    """The free slots closest to an instant, up to `count`, in order of time; looks a week ahead and a day back."""
    day = clock.local(around).date()
    first = max(clock.today(), day - timedelta(days=1))
    next_but_one = clock.day_bounds(day + timedelta(days=1))[1]
    # What is found on these days closer than the first that is left out need not be compared with the rest.
    for days in ((next_but_one.date() - first).days, 8):
        found = sorted(search(actor, offers, first, days, moving=moving), key=lambda one: abs(one.start - around))[
            :count
        ]
        if len(found) == count and abs(found[-1].start - around) <= next_but_one - around:
            break
    return sorted(found, key=lambda one: one.start)


def open_days(offered: Collection[Offered], found: dict[UUID, Schedule], days: Sequence[date]) -> set[date]:
    """The dates on which at least one of these dentists works at all."""
    return {day for day in days if any(found[one.dentist.pk].hours(day) for one in offered)}
