"""Whoever has time: the free times of a treatment over all dentists who offer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from availability.catalogue import Offered
from availability.choosing import least_busy
from availability.queries import Look, Opening, PartOfDay, search
from availability.schedules import schedules
from clinic.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Start:
    """A free start on the clinic's wall clock, and at whom: `opening` is with the least busy of them that day, `others`
    says how many more have the same time."""

    opening: Opening
    others: int

    @property
    def start(self) -> datetime:
        return self.opening.start


def week_of_openings(
    actor: Actor, offers: Sequence[Offered], first: date, days: int, *, part: PartOfDay | None = None
) -> dict[date, Opening | None]:
    """The first free slot of each clinic date from `first` on, whoever has it; None where somebody works and nothing is
    free. Dates on which nobody works are left out. One statement however many dentists and days."""
    look = Look(actor)
    last = first + timedelta(days=days - 1)
    found = schedules({one.dentist.pk for one in offers}, first, last)
    openings: dict[date, Opening | None] = {}
    for number in range(days):
        day = first + timedelta(days=number)
        working = [one for one in offers if found[one.dentist.pk].hours(day)]
        if working:
            firsts = look.firsts(working, day, part, found) if day >= look.today else []
            openings[day] = min(firsts, key=lambda one: (one.start, one.offered.dentist.name), default=None)
    return openings


def starts_on(actor: Actor, offers: Sequence[Offered], day: date, *, part: PartOfDay | None = None) -> list[Start]:
    """The free starts of a clinic date, each once, in order."""
    at: dict[datetime, list[Opening]] = {}
    for opening in search(actor, offers, day, 1, part=part):
        at.setdefault(opening.start, []).append(opening)
    if not at:
        return []
    order: dict[UUID, int] = {one.dentist.pk: number for number, one in enumerate(least_busy(offers, next(iter(at))))}
    return [
        Start(min(openings, key=lambda one: order[one.offered.dentist.pk]), len(openings) - 1)
        for openings in at.values()
    ]
