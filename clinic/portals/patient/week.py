"""The week around a day, and a day's free times by part of day: what `_week.html` and `_slots.html` show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from availability.catalogue import Offered
from availability.queries import PartOfDay
from availability.schedules import Schedule, rules
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings

WEEK = 7
EMPTY_DAY_HORIZON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Week:
    """Seven clinic dates, the selected one among them; none before today."""

    day: date
    days: list[date]
    earlier: date | None
    later: date | None

    def context(self, facts: Callable[[date], dict[str, Any]], url_for: Callable[[date], str]) -> dict[str, Any]:
        """For `_week.html`; `facts` are what is known of a date."""
        return {
            "day": self.day,
            "days": [
                {"date": one, "is_selected": one == self.day, "url": url_for(one)} | facts(one) for one in self.days
            ],
            "earlier_url": url_for(self.earlier) if self.earlier else None,
            "later_url": url_for(self.later) if self.later else None,
        }


def week_around(wanted: date) -> Week:
    """The week of a date, brought into what can be booked."""
    today = clock.today()
    until = today + timedelta(days=ClinicSettings.current().max_advance_days)
    day = min(max(wanted, today), until)
    first = max(today, day - timedelta(days=day.weekday()))
    days = [first + timedelta(days=number) for number in range(WEEK)]
    return Week(
        day=day,
        days=days,
        earlier=max(today, first - timedelta(days=WEEK)) if first > today else None,
        later=days[-1] + timedelta(days=1) if days[-1] < until else None,
    )


def notice_seconds(actor: Actor) -> int:
    """So long before its start a time can no longer be booked by this caller."""
    return 0 if actor.is_staff else ClinicSettings.current().min_notice_minutes * 60


def hours_mark(offers: Collection[Offered], found: Mapping[UUID, Schedule], day: date) -> str:
    """Stands for all that decides about a date's times but what is taken: as long as it stays, a time that is gone was
    taken by somebody. `found` are the schedules of those who offer."""
    begin, end = clock.day_bounds(day)
    told = [
        (
            one.dentist.pk,
            one.visit,
            found[one.dentist.pk].hours(day),
            [away for away in found[one.dentist.pk].time_off if away.start < end and begin < away.end],
        )
        for one in sorted(offers, key=lambda one: str(one.dentist.pk))
    ]
    return sha256(repr((day, rules(ClinicSettings.current()), told)).encode()).hexdigest()[:12]


def part_labels() -> dict[PartOfDay, str]:
    return {
        PartOfDay.MORNING: _("Morning"),
        PartOfDay.AFTERNOON: _("Afternoon"),
        PartOfDay.EVENING: _("Evening"),
    }


def by_part(
    slots: Iterable[dict[str, Any]],
    own: Collection[tuple[Any, datetime]] = frozenset(),
    current: datetime | None = None,
) -> list[dict[str, Any]]:
    """Slots (`start`, `end`, `dentist` and what else a page shows) by part of day. `own` are the caller's holds, as pairs
    of a dentist's id and a start; `current` is the start of the visit that is being moved."""
    labels = part_labels()
    parts: dict[PartOfDay, list[dict[str, Any]]] = {part: [] for part in PartOfDay}
    for slot in slots:
        state = "mine" if (slot["dentist"].pk, slot["start"]) in own else "free"
        state = "now" if slot["start"] == current else state
        parts[PartOfDay.of(slot["start"].time())].append(slot | {"state": state})
    return [{"key": part.value, "label": labels[part], "slots": found} for part, found in parts.items()]
