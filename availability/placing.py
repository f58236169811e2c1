"""Whether a visit may be placed at a start, and if not, why not. Both holding and booking ask here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from availability import slots
from availability.errors import (
    DuringTimeOff,
    InThePast,
    NoSuchTime,
    OutsideHours,
    SlotTaken,
    TooFarAhead,
    TooSoon,
)  # fmt: skip
from availability.queries import audience_of
from availability.schedules import rules, schedules
from availability.slots import Visit
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError, Malformed
from clinic.core.models import ClinicSettings

LONGEST_AHEAD = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Place:
    """A visit's time, as instants: the visit itself, and with its buffers."""

    start: datetime
    end: datetime
    busy_from: datetime
    busy_until: datetime


def place(visit: Visit, start: datetime) -> Place:
    """The time that the visit takes when it starts at this instant."""
    end = start + visit.duration
    return Place(start, end, start - visit.buffer_before, end + visit.buffer_after)


def checked_start(start: datetime) -> datetime:
    """The same instant in UTC, when it is one that calendars reach from now: within ten years, before or after.

    Python holds an instant of the doubled hour in autumn unequal to itself in another zone, hence UTC.
    Raises `Malformed` for a naive datetime and `TooFarAhead`, both of the field `start`.
    """
    if start.utcoffset() is None:
        raise Malformed().about("start")
    if not 1970 <= start.year <= 2200 or abs(start - clock.now()) > LONGEST_AHEAD:
        raise TooFarAhead().about("start")
    return start.astimezone(UTC)


def wall_start(day: date, wall: time) -> datetime:
    """The instant of a date and time on the clinic's clock. Raises `NoSuchTime` for the hour that the spring skips."""
    if not 1970 <= day.year <= 2200:
        raise TooFarAhead().about("start")
    start = clock.at(day, wall)
    if clock.local(start.astimezone(UTC)).replace(tzinfo=None) != datetime.combine(day, wall.replace(tzinfo=None)):
        raise NoSuchTime().about("appointment_time")
    return start


def check(
    actor: Actor,
    dentist: UUID,
    visit: Visit,
    start: datetime,
    *,
    urgent: bool = False,
    outside_rules: bool = False,
    moving: UUID | None = None,
) -> Place:
    """The place of a visit that this caller may book, as things stand now. The constraint has the last word.

    `outside_rules` frees staff from hours, grid, notice and past, never from taken time.
    Raises `Malformed`, `InThePast`, `TooSoon`, `TooFarAhead`, `OutsideHours`, `DuringTimeOff`, `SlotTaken`, all of the
    field `start`.
    """
    start = checked_start(start)
    where = place(visit, start)
    now = clock.now()
    if outside_rules and actor.is_staff:
        return where
    settings = ClinicSettings.current()
    by = rules(settings)
    if (reason := _by_notice(start, now, by)) is not None:
        raise reason.about("start")
    day = clock.local(start).date()
    schedule = schedules([dentist], day, day, moving=moving)[dentist]
    hours, audience = schedule.hours(day), audience_of(actor, urgent=urgent)

    def free(busy: list[slots.Busy], away: list[slots.Busy]) -> bool:
        return slots.is_free(
            start,
            day,
            hours,
            visit=visit,
            busy=busy,
            time_off=away,
            rules=by,
            now=now,
            audience=audience,
        )

    if free(schedule.busy, schedule.time_off):
        return where
    if not free([], []):
        raise OutsideHours().about("start")
    if not free([], schedule.time_off):
        raise DuringTimeOff().about("start")
    raise SlotTaken().about("start")


def _by_notice(start: datetime, now: datetime, by: slots.Rules) -> ClinicError | None:
    if start <= now:
        return InThePast()
    if start < now + by.min_notice:
        return TooSoon()
    if start > now + by.max_advance:
        return TooFarAhead()
    return None
