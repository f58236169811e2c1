"""What the desk may place without being asked twice: inside open hours, neither the grid nor the notice binds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from availability.errors import DuringTimeOff, InThePast, OutsideHours, TooSoon
from availability.placing import Place, place
from availability.schedules import Schedule, schedules
from availability.slots import Visit
from availability.wallclock import wall_day
from clinic.core import clock
from clinic.core.errors import ClinicError

Result = TypeVar("Result")


def placed(attempt: Callable[[bool], Result], why_not: Callable[[], ClinicError | None]) -> Result:
    """The result of an attempt by the rules; where only grid, notice or a start just passed are in the way, of one
    outside them. `attempt` takes whether it is outside the rules. Raises `why_not()` when the hours are in the way."""
    try:
        return attempt(False)
    except (TooSoon, OutsideHours, InThePast):
        if (reason := why_not()) is not None:
            raise reason from None
        return attempt(True)


def why_not(dentist_id: UUID, visit: Visit, start: datetime) -> ClinicError | None:
    """What but taken time keeps the desk from a start: hours, an absence, or that it would be over already."""
    where, day = place(visit, start.astimezone(UTC)), clock.local(start).date()
    schedule = schedules([dentist_id], day, day)[dentist_id]
    if where.end <= clock.now():
        return InThePast().about("start")
    if not is_open(schedule, day, where):
        return OutsideHours().about("start")
    return DuringTimeOff().about("start") if _meets(where, schedule, away=True) else None


def is_open(schedule: Schedule, day: date, where: Place) -> bool:
    """Whether the bare visit lies inside one open interval of the date."""
    wall = wall_day(day, clock.zone())
    return any(
        wall.instant(hours.opening) <= where.start.astimezone(UTC)
        and where.end.astimezone(UTC) <= wall.instant(hours.closing)
        for hours in schedule.hours(day)
    )


def is_free(schedule: Schedule, day: date, where: Place) -> bool:
    """Whether somebody works then and has nothing else."""
    return is_open(schedule, day, where) and not _meets(where, schedule) and not _meets(where, schedule, away=True)


def _meets(where: Place, schedule: Schedule, *, away: bool = False) -> bool:
    rows = schedule.time_off if away else schedule.busy
    return any(row.start < where.busy_until and where.busy_from < row.end for row in rows)
