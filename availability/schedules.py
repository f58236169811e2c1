"""When dentists could see somebody: hours and taken time of many dentists and days, read at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import LiteralString
from uuid import UUID

from availability.slots import Access, Busy, Hours, Rules, Taken, WeeklyHours, hours_of_day
from availability.slots import DateOverride as OtherHours
from clinic.core import clock, db
from clinic.core.models import ClinicSettings


@dataclass(slots=True)
class Schedule:
    """One dentist over a span of days."""

    weekly: list[WeeklyHours] = field(default_factory=list)
    overrides: list[OtherHours] = field(default_factory=list)
    closures: frozenset[date] = frozenset()
    busy: list[Busy] = field(default_factory=list)
    time_off: list[Busy] = field(default_factory=list)
    _taken: Taken | None = None

    def hours(self, day: date) -> list[Hours]:
        return hours_of_day(day, weekly=self.weekly, overrides=self.overrides, closures=self.closures)

    @property
    def taken(self) -> Taken:
        """Visits, holds and time off together, prepared for a search over many days."""
        if self._taken is None:
            self._taken = Taken(self.busy, self.time_off)
        return self._taken


def rules(settings: ClinicSettings, *, free_of_notice: bool = False) -> Rules:
    """The clinic's settings as slots need them; staff are free of notice and horizon."""
    return Rules(
        zone=clock.zone(),
        step=timedelta(minutes=settings.slot_step_minutes),
        min_notice=timedelta(0) if free_of_notice else timedelta(minutes=settings.min_notice_minutes),
        max_advance=timedelta(days=3660 if free_of_notice else settings.max_advance_days),
        same_day_release=timedelta(minutes=settings.same_day_release_minutes),
    )


# Hours, exceptions and taken time of many dentists at once: one way to the database and back, planned once a connection.
_READ: LiteralString = """
SELECT 'closed'::text, NULL::uuid, date, NULL::smallint, NULL::time, NULL::time, NULL::text,
       NULL::timestamptz[], NULL::timestamptz[]
  FROM availability_closure WHERE date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT 'weekly', dentist_id, NULL, day_of_week, start_time, end_time, access, NULL, NULL
  FROM availability_workinghours WHERE dentist_id = ANY (%(dentists)s) AND day_of_week = ANY (%(weekdays)s) AND is_available
UNION ALL
SELECT 'date', dentist_id, date, NULL, start_time, end_time, access, NULL, NULL
  FROM availability_dateoverride WHERE dentist_id = ANY (%(dentists)s) AND date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT 'away', dentist_id, NULL, NULL, NULL, NULL, NULL, array_agg(starts_at), array_agg(ends_at)
  FROM availability_away(%(dentists)s, %(begin)s, %(end)s) GROUP BY dentist_id
UNION ALL
SELECT 'busy', dentist_id, NULL, NULL, NULL, NULL, NULL, array_agg(starts_at), array_agg(ends_at)
  FROM availability_busy(%(booked)s, %(begin)s, %(end)s, %(moving)s::uuid) GROUP BY dentist_id"""


def schedules(
    dentists: Collection[UUID], first: date, last: date, *, moving: UUID | None = None, busy: bool = True
) -> dict[UUID, Schedule]:
    """Each dentist's schedule from `first` to `last` (clinic dates, both included).

    One statement however many dentists and days. Taken time is what is in the way of the caller who is acting: their own
    hold is not, nor is the visit `moving`, if it is one that they may see; somebody else's is as good as none. Without
    `busy` only hours and time off are read.
    """
    found = {dentist: Schedule() for dentist in dentists}
    if not found:
        return found
    closed: list[date] = []
    begin, end = reach(first, last)
    weekdays = {(first + timedelta(days=number)).weekday() for number in range(min((last - first).days + 1, 7))}
    params = {
        "dentists": list(found),
        "booked": list(found) if busy else [],
        "weekdays": list(weekdays),
        "first": first,
        "last": last,
        "begin": begin,
        "end": end,
        "moving": None if moving is None else _seen(moving),
    }
    for kind, dentist, day, weekday, opens, closes, access, starts, ends in db.bound(_READ, params):
        match kind:
            case "closed":
                closed.append(day)
            case "weekly":
                found[dentist].weekly.append(_weekly(weekday, opens, closes, access))
            case "date":
                found[dentist].overrides.append(OtherHours(day, _hours(opens, closes, access) if opens else None))
            case "away":
                found[dentist].time_off = list(map(Busy, starts, ends))
            case "busy":
                found[dentist].busy = list(map(Busy, starts, ends))
    closures = frozenset(closed)
    for schedule in found.values():
        schedule.closures = closures
    return found


def _seen(visit_id: UUID) -> UUID | None:
    """The visit, if row-level security lets the caller who is acting see it. Asked of the table by its name: visits are
    of a higher room."""
    found: UUID | None = db.value("SELECT id FROM appointments_appointment WHERE id = %s", [visit_id])
    return found


def reach(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants between which taken time can matter to these clinic dates: buffers and visits past midnight reach
    over their edges."""
    day = timedelta(days=1)
    return clock.day_bounds(first)[0].astimezone(UTC) - day, clock.day_bounds(last)[1].astimezone(UTC) + day


@lru_cache(maxsize=1024)
def _hours(start: time, end: time, access: str) -> Hours:
    return Hours(start, end, Access(access))


@lru_cache(maxsize=1024)
def _weekly(weekday: int, start: time, end: time, access: str) -> WeeklyHours:
    """Dentists of one clinic mostly work the same hours."""
    return WeeklyHours(weekday, _hours(start, end, access))
