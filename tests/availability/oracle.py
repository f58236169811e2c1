"""The slow, obvious way to find slots: walk every real minute, read the wall clock, apply the rules as said.

It shares only the vocabulary with `availability.slots`. All times but "now" are whole minutes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from availability.slots import Access, Audience, Busy, Hours, Rules, Visit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scenario:
    day: date
    hours: list[Hours]
    visit: Visit
    busy: list[Busy]
    time_off: list[Busy]
    rules: Rules
    now: datetime
    audience: Audience


@lru_cache(maxsize=256)
def minutes_around(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Every real minute from well before the date until well after it, with the clock's reading."""
    begin = datetime.combine(day, time(), tzinfo=UTC) - DAY
    instants = [begin + n * MINUTE for n in range(3 * 24 * 60)]
    return [(instant, instant.astimezone(zone).replace(tzinfo=None)) for instant in instants]


def minutes_between(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += MINUTE


@lru_cache(maxsize=256)
def first_readings(day: date, zone: ZoneInfo) -> dict[datetime, datetime]:
    """Each wall time that the date has, and when it comes first."""
    readings: dict[datetime, datetime] = {}
    for instant, wall in minutes_around(day, zone):
        if wall.date() == day:
            readings.setdefault(wall, instant)
    return readings


def offered(scenario: Scenario) -> list[tuple[datetime, datetime]]:
    """Start and end of every slot, in UTC."""
    walk = minutes_around(scenario.day, scenario.rules.zone)
    taken = {
        minute
        for row in [*scenario.busy, *scenario.time_off]
        for minute in minutes_between(max(row.start, walk[0][0]), min(row.end, walk[-1][0]))
    }
    starts = {start for interval in scenario.hours for start in _offered_in(interval, scenario, walk, taken)}
    return [(start, start + scenario.visit.duration) for start in sorted(starts)]


def _offered_in(
    interval: Hours, scenario: Scenario, walk: list[tuple[datetime, datetime]], taken: set[datetime]
) -> Iterator[datetime]:
    visit, rules = scenario.visit, scenario.rules
    opening = datetime.combine(scenario.day, interval.start)
    closing = datetime.combine(scenario.day, interval.end)
    if interval.end == time(0):
        closing += DAY
    closes = next(instant for instant, wall in walk if wall >= closing)
    for wall, start in first_readings(scenario.day, rules.zone).items():
        on_the_grid = opening <= wall < closing and not (wall - opening) % rules.step
        if on_the_grid and start + visit.duration <= closes and _may_have(interval, start, scenario):
            begins, ends = start - visit.buffer_before, start + visit.duration + visit.buffer_after
            if not any(minute in taken for minute in minutes_between(begins, ends)):
                yield start


def _may_have(interval: Hours, start: datetime, scenario: Scenario) -> bool:
    rules, notice = scenario.rules, start - scenario.now
    if notice < rules.min_notice or notice <= timedelta(0) or notice > rules.max_advance:
        return False
    if scenario.audience != Audience.EVERYONE or interval.access == Access.EVERYONE:
        return True
    return interval.access == Access.SAME_DAY and notice <= rules.same_day_release
