"""The free times that the practice's forms offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.formats import date_format, time_format
from django.utils.http import urlencode

from clinic.core import clock
from dentists.models import Dentist


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
    def key(self) -> str:
        """What a button sends that takes it; `chosen` reads it."""
        return f"{self.start.isoformat()} {self.dentist_id}"

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


def nearest(alternatives: Iterable[dict[str, Any]], dentists: Iterable[Dentist]) -> list[Suggestion]:
    """What an error told as the nearest free times, as far as they are of these dentists."""
    names = {str(one.pk): one.name for one in dentists}
    return [
        Suggestion(clock.local(datetime.fromisoformat(one["start"])), UUID(one["dentist_id"]), names[one["dentist_id"]])
        for one in alternatives
        if one["dentist_id"] in names
    ]


def chosen(key: str) -> tuple[datetime, UUID] | None:
    """The start, on the clinic's wall clock, and the dentist of a suggestion by its `key`; None for anything else."""
    start, _space, dentist = key.partition(" ")
    try:
        found, who = datetime.fromisoformat(start), UUID(dentist)
    except ValueError:
        return None
    return (clock.local(found), who) if found.tzinfo is not None and 1970 < found.year < 2200 else None


def instead(sent: QueryDict) -> QueryDict:
    """A form as it was sent, with the suggestion that was pressed (`instead`) in the place of what was typed."""
    pressed = chosen(sent.get("instead", ""))
    if pressed is None:
        return sent
    sent = sent.copy()
    sent["date"], sent["time"] = f"{pressed[0]:%Y-%m-%d}", f"{pressed[0]:%H:%M}"
    sent["dentist"] = str(pressed[1])
    return sent
