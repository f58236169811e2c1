"""One date on the clinic's wall clock: which clock readings exist, and at which instants they come first.

Wall times are `timedelta`s since the date's midnight, so that 24 hours is the midnight that ends it; instants
are aware datetimes in UTC. Every date is cut into stretches of unchanging UTC offset, in which a grid of wall
times is plain arithmetic. Almost every date is one stretch of 24 hours.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MIDNIGHT = timedelta(0)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def to_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime.

    Two datetimes of one zone compare as wall clock, so instants are brought to UTC before they are compared.
    """
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone: {instant!r}")
    return instant.astimezone(UTC)


@lru_cache(maxsize=512)
def since_midnight(wall: time) -> timedelta:
    """Wall time as the clock shows it; its `fold` is not looked at, the first occurrence is always meant."""
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Wall times `[begins, ends)` that come for the first time, all at `zero` + wall time."""

    begins: timedelta
    ends: timedelta
    zero: datetime


@dataclass(frozen=True, slots=True)
class WallDay:
    """A date in a zone. `begin` and `end` are the instants of its midnights, or of the jumps over them."""

    zone: ZoneInfo
    begin: datetime
    end: datetime
    stretches: tuple[Stretch, ...]
    local_begin: datetime | None  # wall-clock midnight in the zone, only when the clock does not change that date

    def instant(self, wall: timedelta) -> datetime:
        """When the clock first shows `wall` on this date, or jumps over it."""
        for stretch in self.stretches:
            if wall < stretch.ends:
                return stretch.zero + max(wall, stretch.begins)
        return self.end

    def grid(self, opening: timedelta, step: timedelta, earliest: datetime, latest: datetime) -> Iterator[datetime]:
        """Instants from `earliest` to `latest`, both included, whose wall time is `opening` + n * `step`.

        A wall time that does not exist gives none, a doubled one only its first instant.
        """
        for stretch in self.stretches:
            wall = max(opening, stretch.begins, earliest - stretch.zero)
            wall = opening - (opening - wall) // step * step  # rounded up to the grid
            last = latest - stretch.zero
            while wall < stretch.ends and wall <= last:
                yield stretch.zero + wall
                wall += step

    def local(self, instant: datetime) -> datetime:
        """An instant of this date, `end` included, as an aware datetime in the zone."""
        if self.local_begin is not None:
            return self.local_begin + (instant - self.begin)
        return instant.astimezone(self.zone)


@lru_cache(maxsize=2048)
def wall_day(day: date, zone: ZoneInfo) -> WallDay:
    """The wall clock of `day`. Cached: a search asks for the same dates for every dentist."""
    midnight = datetime.combine(day, time())
    begin, end = _first_instant(midnight, zone), _first_instant(midnight + DAY, zone)
    change = _change(begin, end, zone)
    stretches = []
    shown = MIDNIGHT  # wall times before this one were shown already: doubled ones count once
    for since, until in pairwise([begin, end] if change is None else [begin, change, end]):
        zero = midnight.replace(tzinfo=UTC) - _offset(since, zone)
        begins, ends = max(shown, since - zero), until - zero
        if begins < ends:
            stretches.append(Stretch(begins, ends, zero))
        shown = max(shown, ends)
    unchanged = change is None and stretches and stretches[0].begins == MIDNIGHT
    return WallDay(zone, begin, end, tuple(stretches), midnight.replace(tzinfo=zone) if unchanged else None)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).replace(tzinfo=UTC) - instant


def _first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clock first shows `wall` (naive), or jumps over it."""
    # PEP 495: fold 0 reads the offset from before a change, fold 1 the one from after it.
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return before if before <= after else _change(after, before, zone) or before


def _change(begin: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant in `(begin, end]` from which on another UTC offset holds than at `begin`.

    Good for a date: since 1970 no zone has changed its offset twice within a week.
    """
    offset = _offset(begin, zone)
    if _offset(end, zone) == offset:
        return None
    seconds = range(1, (end - begin) // SECOND + 1)
    first = bisect_left(seconds, True, key=lambda s: _offset(begin + s * SECOND, zone) != offset)
    return begin + seconds[first] * SECOND
