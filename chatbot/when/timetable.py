"""From hours as they were said to minutes of the day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from chatbot.when.items import (
    MINUTES_PER_DAY,
    PARTS,
    AnyHour,
    At,
    Between,
    Clock,
    EarlierHours,
    Hours,
    Join,
    Op,
    Part,
)

Interval = tuple[int, int]
"""Minutes of the wall-clock day, end excluded."""

ALL_DAY: Interval = (0, MINUTES_PER_DAY)
_NOON = 12 * 60
_HALF_DAY = 12
_EITHER_SIDE = 30  # minutes, of "around 3"
_UNCLEAR_HOUR = 7  # practices are open at 7 in the morning and at 7 in the evening
_FIRST_HOUR = 7  # the first that is the morning when only the hour is said: "at 3" is 15:00


class Doubt(StrEnum):
    """Why there are two readings."""

    NEXT = auto()  # "next Friday": this week's or next week's
    TODAY = auto()  # "Friday", said on a Friday
    SEVEN = auto()  # "at 7"
    WEEKDAY = auto()  # "Friday the 3rd", which is a Thursday


@dataclass
class Reading:
    """`other` takes the second reading where that doubt arises; `doubts` gathers those that arose."""

    other: frozenset[Doubt] = frozenset()
    doubts: list[Doubt] = field(default_factory=list)
    no_such_time: bool = False
    no_such_date: bool = False

    def second(self, doubt: Doubt) -> bool:
        """Whether to take the second reading; notes that there are two."""
        if doubt not in self.doubts:
            self.doubts.append(doubt)
        return doubt in self.other


def minutes_of(
    hours: Sequence[tuple[Join, Hours]], reading: Reading, previous: Sequence[Interval] = ()
) -> list[Interval]:
    """The intervals that the hours of one clause come to, sorted and disjoint; none when they contradict."""
    result: list[Interval] | None = None
    exact = False
    for (join, item), part in zip(hours, _parts(hours), strict=True):
        if isinstance(item, AnyHour):
            continue
        intervals = _intervals(item, part, reading, previous)
        is_exact = isinstance(item, At) and item.op in (Op.AT, Op.AROUND)
        if result is None:
            result = intervals
        elif join == Join.OR or (join in (Join.AND, Join.COMMA) and exact and is_exact):
            result = union(result + intervals)
        elif is_exact and isinstance(item, At):
            result = intervals
        elif exact:
            pass  # a part of the day has already helped to read the exact time beside it
        else:
            both = intersection(result, intervals)
            result = both if both or join not in (Join.AND, Join.COMMA, Join.GAP) else union(result + intervals)
        exact = is_exact or exact
    return [ALL_DAY] if result is None else result


def _parts(hours: Sequence[tuple[Join, Hours]]) -> list[str | None]:
    """The part of the day that helps to read each of the hours: the one said with it, or with the time that it is an
    alternative to ("evening at 7 or 8"), but not a part that is itself the alternative ("mornings or at 3")."""
    alternatives: list[list[Hours]] = []
    for join, item in hours:
        if join == Join.OR or not alternatives:
            alternatives.append([])
        alternatives[-1].append(item)
    parts: list[str | None] = []
    inherited: str | None = None
    for items in alternatives:
        part = next((item.name for item in items if isinstance(item, Part)), inherited)
        parts.extend([part] * len(items))
        inherited = part if any(isinstance(item, At | Between) for item in items) else None
    return parts


def union(intervals: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def intersection(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    return union([(max(a, c), min(b, d)) for a, b in some for c, d in others])


def without(some: Sequence[Interval], removed: Sequence[Interval]) -> list[Interval]:
    left, at = list[Interval](), 0
    for start, end in union(removed):
        left.append((at, start))
        at = end
    return intersection(some, [*left, (at, MINUTES_PER_DAY)])


def _intervals(item: Hours, part: str | None, reading: Reading, previous: Sequence[Interval]) -> list[Interval]:
    if isinstance(item, Part):
        return [PARTS[item.name]]
    if isinstance(item, EarlierHours):
        return without([ALL_DAY], previous) if item.other else list(previous) or [ALL_DAY]
    if isinstance(item, Between):
        return _between(item, part, reading)
    if not isinstance(item, At) or not _exists(item.clock, reading):
        return []
    at = minute_of(item.clock, part, reading, late=item.op == Op.AFTER)
    if item.op == Op.AT:
        return [(at, at + 1)] if at < MINUTES_PER_DAY else [(at - 1, at)]
    if item.op == Op.AROUND:
        return [(max(at - _EITHER_SIDE, 0), min(at + _EITHER_SIDE, MINUTES_PER_DAY))]
    return union([(at, MINUTES_PER_DAY)] if item.op in (Op.FROM, Op.AFTER) else [(0, at)])


def _exists(clock: Clock, reading: Reading) -> bool:
    reading.no_such_time = reading.no_such_time or not clock.exists
    return clock.exists


def minute_of(clock: Clock, part: str | None, reading: Reading, *, late: bool = False) -> int:
    """The minute of the day: 3 is 15:00 and 9 is 09:00 as practices are open, unless a part of the day tells.

    `late` takes 7 for the evening, as in "after 7".
    """
    minute = clock.hour * 60 + clock.minute
    if clock.sure:
        return minute
    morning = clock.hour % _HALF_DAY * 60 + clock.minute
    evening = morning + _HALF_DAY * 60
    if part is not None:
        start, end = PARTS[part]
        for candidate in (morning, evening):
            if start <= candidate <= end:
                return candidate
    if clock.hour == _HALF_DAY:
        return _NOON + clock.minute
    if clock.hour == _UNCLEAR_HOUR and part is None:
        return evening if late != reading.second(Doubt.SEVEN) else morning
    return morning if clock.hour >= _FIRST_HOUR or part in ("morning", "early_morning") else evening


def _between(item: Between, part: str | None, reading: Reading) -> list[Interval]:
    if not (_exists(item.first, reading) and _exists(item.last, reading)):
        return []
    first, last = minute_of(item.first, part, reading), minute_of(item.last, part, reading)
    half_day = _HALF_DAY * 60
    if last <= first and not item.last.sure and last + half_day <= MINUTES_PER_DAY:
        last += half_day
    if last <= first and not item.first.sure and first >= half_day:
        first -= half_day
    return [(first, last)] if first < last else []
