"""Whether a dentist works at a time and is free, as a schedule of that date has it."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from appointments.models import Appointment
from availability.models import Access
from availability.placing import Place
from availability.schedules import Schedule
from availability.slots import Hours, Visit
from availability.wallclock import wall_day
from clinic.core import clock


def length_of(visit: Appointment) -> Visit:
    """How long a visit takes, as booked."""
    return Visit(
        visit.ends_at - visit.starts_at,
        timedelta(minutes=visit.buffer_before_minutes),
        timedelta(minutes=visit.buffer_after_minutes),
    )


def place_of(visit: Appointment) -> Place:
    """The time that a visit takes, and with its buffers."""
    length = length_of(visit)
    begin, end = visit.starts_at, visit.ends_at
    return Place(begin, end, begin - length.buffer_before, end + length.buffer_after)


def kept_for(hours: Hours) -> str:
    """Whom an interval of hours is kept for, in words; nothing when everyone can book it."""
    return "" if hours.access == Access.EVERYONE else str(Access(hours.access).label)


def is_open(schedule: Schedule, day: date, where: Place) -> bool:
    """Whether the bare visit lies inside one open interval of the date."""
    wall = wall_day(day, clock.zone())
    return any(
        wall.instant(hours.opening) <= where.start.astimezone(UTC)
        and where.end.astimezone(UTC) <= wall.instant(hours.closing)
        for hours in schedule.hours(day)
    )


def is_away(schedule: Schedule, where: Place) -> bool:
    return any(row.start < where.busy_until and where.busy_from < row.end for row in schedule.time_off)


def is_free(schedule: Schedule, day: date, where: Place) -> bool:
    """Whether somebody works then and has nothing else."""
    meets = any(row.start < where.busy_until and where.busy_from < row.end for row in schedule.busy)
    return is_open(schedule, day, where) and not meets and not is_away(schedule, where)
