"""The last saved change of hours or time off, remembered in the session so that one press takes it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from availability.models import DateOverride, TimeOff, WorkingHours
from availability.schedule import Interval, WeeklyInterval

_KEY = "hours_undo"
WEEK, TIME_OFF = "week", "time-off"
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


def absence_row(absence: TimeOff) -> list[Any]:
    """An absence in the same way: its id, when it begins and ends, and why."""
    begin, end = absence.starts_at.astimezone(UTC), absence.ends_at.astimezone(UTC)
    return [absence.pk, begin.isoformat(), end.isoformat(), absence.reason]


def span(row: list[Any]) -> tuple[datetime, datetime]:
    """The instants between which a remembered absence lies."""
    return datetime.fromisoformat(row[1]), datetime.fromisoformat(row[2])


def _text(wall: time) -> str:
    return wall.isoformat("seconds")


def remember(request: HttpRequest, what: str, before: Any, after: Any) -> None:
    """`what` is `WEEK`, `TIME_OFF` or an ISO date; only the latest change is remembered."""
    request.session[_KEY] = {"what": what, "before": before, "after": after}


def last(request: HttpRequest) -> dict[str, Any] | None:
    """The change that can be undone: `what`, `before`, `after`. None when there is none."""
    found: dict[str, Any] | None = request.session.get(_KEY)
    return found


def last_date(request: HttpRequest) -> date | None:
    """The date whose hours were changed last; None when something else was, or nothing."""
    change = last(request)
    return None if change is None or change["what"] in (WEEK, TIME_OFF) else date.fromisoformat(change["what"])


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
