"""The last saved change of hours, remembered in the session so that one press takes it back."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from availability.models import DateOverride, WorkingHours
from availability.schedule import Interval, WeeklyInterval

_KEY = "hours_undo"
Rows = list[list[Any]]


def weekly_rows(dentist_id: UUID) -> Rows:
    """The dentist's week as the session keeps it; call it while reading."""
    rows = WorkingHours.objects.filter(dentist_id=dentist_id).order_by("day_of_week", "start_time")
    return [[one.day_of_week, _text(one.start_time), _text(one.end_time), one.access, one.is_available] for one in rows]


def weekly_intervals(rows: Rows) -> list[WeeklyInterval]:
    return [
        WeeklyInterval(day, time.fromisoformat(start), time.fromisoformat(end), access, is_available)
        for day, start, end, access, is_available in rows
    ]


def date_rows(dentist_id: UUID, day: date) -> Rows | None:
    """A date's own hours in the same way: no row for a closed one, None for a date without hours of its own."""
    rows = list(DateOverride.objects.filter(dentist_id=dentist_id, date=day).order_by("start_time"))
    if not rows:
        return None
    return [[_text(one.start_time), _text(one.end_time), one.access] for one in rows if one.start_time and one.end_time]


def intervals(rows: Rows) -> list[Interval]:
    return [Interval(time.fromisoformat(start), time.fromisoformat(end), access) for start, end, access in rows]


def _text(wall: time) -> str:
    return wall.isoformat("seconds")


def remember(request: HttpRequest, what: str, before: Rows | None, after: Rows | None) -> None:
    """`what` is `week` or an ISO date; only the latest change is remembered."""
    request.session[_KEY] = {"what": what, "before": before, "after": after}


def last(request: HttpRequest) -> dict[str, Any] | None:
    """The change that can be undone: `what`, `before`, `after`. None when there is none."""
    found: dict[str, Any] | None = request.session.get(_KEY)
    return found


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
