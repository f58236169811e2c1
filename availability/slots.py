"""Slots: the starts at which a visit can be booked, as pure functions of hours, taken time and settings.

Hours are the clinic's wall clock, everything else is an instant. `docs/slots.md` has the rules with examples.
Nothing here reads the database or the clock. A search over many days prepares one `Taken` per dentist and
hands it in as `busy`; plain rows are prepared again for each day.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import chain, groupby, pairwise
from operator import attrgetter
from typing import overload
from zoneinfo import ZoneInfo

from availability.wallclock import DAY, WallDay, since_midnight, to_utc, wall_day

NOTHING = timedelta(0)
INSTANT = timedelta.resolution  # "strictly after now" is "at or after now plus this"
# Sentinels before and after all taken time, a month from the edges so that buffers can be added.
FIRST, LAST = datetime(1, 2, 1, tzinfo=UTC), datetime(9999, 12, 1, tzinfo=UTC)


class Access(StrEnum):
    """Whom an interval of hours is kept for."""

    EVERYONE = "everyone"
    SAME_DAY = "same_day"  # urgent people and staff; everyone from `Rules.same_day_release` before the start on
    URGENT = "urgent"  # urgent people and staff


class Audience(StrEnum):
    """Who is asking for slots."""

    EVERYONE = "everyone"
    URGENT = "urgent"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Hours:
    """One open interval `[start, end)` of one date, wall clock of the clinic. An end of 00:00 is the midnight
    that ends the date. Raises ValueError when it does not end after it starts."""

    start: time
    end: time
    access: Access = Access.EVERYONE
    opening: timedelta = field(init=False, repr=False, compare=False)  # wall time since midnight
    closing: timedelta = field(init=False, repr=False, compare=False)  # the same, up to 24 hours

    def __post_init__(self) -> None:
        object.__setattr__(self, "opening", since_midnight(self.start))
        object.__setattr__(self, "closing", since_midnight(self.end) or DAY)
        if self.closing <= self.opening:
            raise ValueError(f"Hours must end after they start: {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One interval of every week; `day_of_week` 0 is Monday, 6 is Sunday."""

    day_of_week: int
    hours: Hours
    is_available: bool = True


@dataclass(frozen=True, slots=True)
class DateOverride:
    """One interval of one date, instead of the weekly hours. None: closed that date."""

    date: date
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Taken time, instants `[start, end)`: a visit or a hold with its buffers, or time off."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """What is to be placed, in real time. Raises ValueError without a duration or with a negative buffer."""

    duration: timedelta
    buffer_before: timedelta = NOTHING
    buffer_after: timedelta = NOTHING

    def __post_init__(self) -> None:
        if self.duration <= NOTHING or min(self.buffer_before, self.buffer_after) < NOTHING:
            raise ValueError(f"A visit must last, and its buffers may not be negative: {self}")


@dataclass(frozen=True, slots=True)
class Rules:
    """The clinic's settings: `step` in wall time, the durations in real time. Raises ValueError when the step
    does not lead forward or a duration is negative."""

    zone: ZoneInfo
    step: timedelta
    min_notice: timedelta
    max_advance: timedelta
    same_day_release: timedelta

    def __post_init__(self) -> None:
        if self.step <= NOTHING or min(self.min_notice, self.max_advance, self.same_day_release) < NOTHING:
            raise ValueError(f"The step must lead forward, and no duration may be negative: {self}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A bookable start and the end of its visit without buffers, both aware, in the clinic's zone."""

    start: datetime
    end: datetime


class Taken(Sequence[Busy]):
    """All taken time of one dentist, prepared for search. Rows may come in any order, overlap and be empty.

    Raises ValueError for a naive datetime.
    """

    __slots__ = ("_free", "_rows")

    def __init__(self, *parts: Iterable[Busy]) -> None:
        rows = list(chain.from_iterable(parts))
        if not all(row.start.tzinfo is UTC is row.end.tzinfo for row in rows):
            rows = [Busy(to_utc(row.start), to_utc(row.end)) for row in rows]
        rows.sort(key=attrgetter("start"))
        self._rows = rows
        self._free: dict[timedelta, tuple[list[datetime], list[datetime]]] = {}

    @overload
    def __getitem__(self, index: int) -> Busy: ...
    @overload
    def __getitem__(self, index: slice) -> list[Busy]: ...
    def __getitem__(self, index: int | slice) -> Busy | list[Busy]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def free(self, length: timedelta) -> tuple[list[datetime], list[datetime]]:
        """Begins and ends, in order, in UTC, of all free stretches that are at least `length` long."""
        if length not in self._free:
            begins, ends, reach = [], [], FIRST
            for row in self._rows:
                start, end = row.start, row.end
                if end <= reach:  # rows may overlap, so their ends are not in order
                    continue
                if start > reach:
                    if start >= end:
                        continue
                    if start - reach >= length:
                        begins.append(reach)
                        ends.append(start)
                reach = end
            self._free[length] = [*begins, reach], [*ends, LAST]
        return self._free[length]


def hours_of_day(
    day: date,
    *,
    weekly: Sequence[WeeklyHours],
    overrides: Sequence[DateOverride],
    closures: Collection[date],
) -> list[Hours]:
    """The intervals of a date in order: none under a closure, else its overrides, else the weekly hours.

    One override that says closed closes the date. Time off is a matter of instants: it goes to `free_slots`.
    """
    if day in closures:
        return []
    instead = [override.hours for override in overrides if override.date == day]
    if not instead:
        weekday = day.weekday()
        instead = [row.hours for row in weekly if row.day_of_week == weekday and row.is_available]
    hours = [interval for interval in instead if interval is not None]
    return sorted(hours, key=attrgetter("start")) if len(hours) == len(instead) else []


def free_slots(
    day: date,
    hours: Sequence[Hours],
    *,
    visit: Visit,
    busy: Sequence[Busy],
    time_off: Sequence[Busy],
    rules: Rules,
    now: datetime,
    audience: Audience = Audience.EVERYONE,
) -> list[Slot]:
    """The slots of a date, each once, ordered by start.

    `hours` are those of `hours_of_day`. `busy` and `time_off` may overlap and hold rows of other dates. `now`
    is an aware instant. Raises ValueError for a naive datetime.
    """
    return list(_slots(day, hours, visit, busy, time_off, rules, now, audience))


def first_free(
    day: date,
    hours: Sequence[Hours],
    *,
    visit: Visit,
    busy: Sequence[Busy],
    time_off: Sequence[Busy],
    rules: Rules,
    now: datetime,
    audience: Audience = Audience.EVERYONE,
) -> Slot | None:
    """The first of `free_slots`, without looking further than it."""
    return next(_slots(day, hours, visit, busy, time_off, rules, now, audience), None)


def is_free(
    start: datetime,
    day: date,
    hours: Sequence[Hours],
    *,
    visit: Visit,
    busy: Sequence[Busy],
    time_off: Sequence[Busy],
    rules: Rules,
    now: datetime,
    audience: Audience = Audience.EVERYONE,
) -> bool:
    """Whether `start`, an aware instant, is among `free_slots` of this date."""
    slots = _slots(day, hours, visit, busy, time_off, rules, now, audience, only=to_utc(start))
    return next(slots, None) is not None


def _slots(
    day: date,
    hours: Sequence[Hours],
    visit: Visit,
    busy: Sequence[Busy],
    time_off: Sequence[Busy],
    rules: Rules,
    now: datetime,
    audience: Audience,
    only: datetime | None = None,
) -> Iterator[Slot]:
    clock = wall_day(day, rules.zone)
    now = to_utc(now)
    earliest, latest = now + (rules.min_notice or INSTANT), now + rules.max_advance
    if only is not None:
        earliest, latest = max(earliest, only), min(latest, only)
    if earliest > clock.end or latest < clock.begin:
        return
    taken = busy if isinstance(busy, Taken) and not time_off else Taken(busy, time_off)
    released = min(latest, now + rules.same_day_release)
    starts: list[Iterator[datetime]] = []
    for interval in hours:
        until = latest
        if audience == Audience.EVERYONE and interval.access != Access.EVERYONE:
            if interval.access == Access.URGENT:
                continue
            until = released
        starts.append(_starts(clock, interval, visit, taken, rules.step, earliest, until))
    in_order: Iterator[datetime] = chain.from_iterable(starts)
    if any(later.opening < earlier.closing for earlier, later in pairwise(hours)):
        # Stored hours do not overlap. If they do all the same, nothing may be offered twice or out of order.
        in_order = (start for start, _ in groupby(merge(*starts)))
    for start in in_order:
        yield Slot(clock.local(start), clock.local(start + visit.duration))


def _starts(
    clock: WallDay,
    interval: Hours,
    visit: Visit,
    taken: Taken,
    step: timedelta,
    earliest: datetime,
    latest: datetime,
) -> Iterator[datetime]:
    """Free starts in UTC on the grid of one interval, from `earliest` to `latest`, both included."""
    before, after = visit.buffer_before, visit.duration + visit.buffer_after
    first = max(earliest, clock.instant(interval.opening))
    last = min(latest, clock.instant(interval.closing) - visit.duration)
    if first > last:
        return
    begins, ends = taken.free(before + after)
    for gap in range(bisect_right(ends, first), len(begins)):
        if begins[gap] > last:
            return
        yield from clock.grid(interval.opening, step, max(first, begins[gap] + before), min(last, ends[gap] - after))
