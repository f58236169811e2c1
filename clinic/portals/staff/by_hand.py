"""What the practice may place without being asked twice: inside open hours, neither the grid nor the notice binds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from availability.errors import DuringTimeOff, InThePast, OutsideHours, TooSoon
from availability.placing import place
from availability.schedules import schedules
from availability.slots import Visit
from clinic.core import clock
from clinic.core.errors import ClinicError
from clinic.portals.staff.free_time import is_away, is_open

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
    """What but taken time keeps the practice from a start: hours, an absence, or that it would be over already."""
    where, day = place(visit, start.astimezone(UTC)), clock.local(start).date()
    schedule = schedules([dentist_id], day, day)[dentist_id]
    if where.end <= clock.now():
        return InThePast().about("start")
    if not is_open(schedule, day, where):
        return OutsideHours().about("start")
    return DuringTimeOff().about("start") if is_away(schedule, where) else None
