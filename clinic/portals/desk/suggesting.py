"""The free times that the desk says to a caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.formats import date_format, time_format
from django.utils.http import urlencode

from availability.catalogue import offers_of
from availability.queries import next_free, search
from clinic.core import clock
from clinic.core.actor import Actor
from dentists.models import Dentist, Treatment

MOST = 5
DAYS = 60  # how far is looked when any dentist will do
DAYS_OF_ONE = 21


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A free start, on the clinic's wall clock."""

    start: datetime
    dentist_id: UUID
    dentist_name: str

    @property
    def label(self) -> str:
        day = date_format(self.start, "MONTH_DAY_FORMAT")
        return f"{date_format(self.start, 'D')} {day}, {time_format(self.start.time(), 'TIME_FORMAT')}"

    @property
    def fields(self) -> dict[str, str]:
        """What a booking form says of it."""
        return {
            "dentist": str(self.dentist_id), "date": self.start.date().isoformat(), "time": f"{self.start:%H:%M}",
        }  # fmt: skip

    def told(self) -> dict[str, str]:
        return self.fields | {"label": self.label, "who": self.dentist_name}

    def query(self, **more: str) -> str:
        return urlencode(self.fields | {name: value for name, value in more.items() if value})


def first_free(actor: Actor, treatment: Treatment, *, dentist_id: UUID | None, first: date) -> list[Suggestion]:
    """The next free times from a clinic date on, in order: of one dentist, or the first of each; call it while reading."""
    offers = offers_of(treatment, actor=actor, dentists=None if dentist_id is None else [dentist_id])
    if dentist_id is not None:
        found = [(one.offered.dentist, one.start) for one in islice(search(actor, offers, first, DAYS_OF_ONE), MOST)]
    else:
        who = {one.dentist.pk: one.dentist for one in offers}
        found = [(who[key], slot.start) for key, slot in next_free(actor, offers, first, DAYS).items()]
    return sorted((_suggestion(one, start) for one, start in found), key=lambda one: one.start)[:MOST]


def _suggestion(dentist: Dentist, start: datetime) -> Suggestion:
    return Suggestion(clock.local(start), dentist.pk, dentist.name)


def nearest(alternatives: Iterable[dict[str, Any]], dentists: Iterable[Dentist]) -> list[Suggestion]:
    """What an error told as the nearest free times."""
    names = {str(one.pk): one.name for one in dentists}
    return [
        Suggestion(clock.local(datetime.fromisoformat(one["start"])), UUID(one["dentist_id"]), names[one["dentist_id"]])
        for one in alternatives
        if one["dentist_id"] in names
    ]
