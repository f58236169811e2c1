"""How long a dentist is there to be booked: the hours that slots are cut from, without time off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from availability.schedules import Schedule
from availability.slots import Busy
from availability.wallclock import to_utc, wall_day


def open_time(schedule: Schedule, days: Iterable[date], zone: ZoneInfo) -> timedelta:
    """Real time over these clinic dates, weekly hours with their exceptions and closures, less the dentist's time off.

    Taken time counts as open: it is what the open time is used for.
    """
    away = _merged(schedule.time_off)
    total = timedelta(0)
    for day in days:
        clock = wall_day(day, zone)
        for hours in schedule.hours(day):
            opens, closes = clock.instant(hours.opening), clock.instant(hours.closing)
            total += closes - opens - sum((_shared(opens, closes, one) for one in away), timedelta(0))
    return total


def _merged(away: Iterable[Busy]) -> list[Busy]:
    """The same absences as instants in UTC, none overlapping another."""
    found: list[Busy] = []
    for one in sorted((Busy(to_utc(one.start), to_utc(one.end)) for one in away), key=lambda one: one.start):
        if found and one.start <= found[-1].end:
            found[-1] = Busy(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def _shared(opens: datetime, closes: datetime, away: Busy) -> timedelta:
    return max(min(closes, away.end) - max(opens, away.start), timedelta(0))
