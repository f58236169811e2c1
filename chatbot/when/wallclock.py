"""From hours of days to windows on the clinic's clock, on the days when it changes too."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatbot.when.items import MINUTES_PER_DAY
from chatbot.when.model import Window
from chatbot.when.timetable import ALL_DAY, Interval

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_TIMES = tuple(time(minute // 60, minute % 60) for minute in range(MINUTES_PER_DAY))


def windows_of(days: Mapping[date, Sequence[Interval]], now: datetime, zone: ZoneInfo) -> tuple[Window, ...]:
    """What is left of the hours from now on, in order. `now` is an instant."""
    whole_minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    earliest = whole_minute if whole_minute >= now else whole_minute + _MINUTE
    clock = WallClock(zone)
    windows = list[Window]()
    for first, last in _runs(days):
        start, end = clock.shows(first), clock.shows(last)
        if end <= start:  # wholly inside the hour that the clock leaves out
            end = (start.astimezone(UTC) + _MINUTE).astimezone(zone)
        if not windows and start.astimezone(UTC) < earliest:
            start = earliest.astimezone(zone)
            if end.astimezone(UTC) <= earliest:
                continue
        windows.append(Window(start, end))
    return tuple(windows)


def _runs(days: Mapping[date, Sequence[Interval]]) -> list[Interval]:
    """Minutes since day 0; whole days grow together over midnight, hours of two days do not."""
    runs = list[Interval]()
    whole_before = False
    for day in sorted(days):
        offset = day.toordinal() * MINUTES_PER_DAY
        for start, end in days[day]:
            whole = (start, end) == ALL_DAY
            if runs and runs[-1][1] == offset + start and (whole or whole_before):
                runs[-1] = (runs[-1][0], offset + end)
            else:
                runs.append((offset + start, offset + end))
            whole_before = whole
    return runs


class WallClock:
    """The clock of a zone. Most days it does not change, which is found out once for each day."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._changes: dict[int, bool] = {}
        self._offset: dict[int, timedelta | None] = {}

    def shows(self, minute: int) -> datetime:
        """When the clock shows that minute (since day 0): the first time when it does so twice, and when it never
        does, the moment at which it jumps over it."""
        day, minute = divmod(minute, MINUTES_PER_DAY)
        wall = datetime.combine(date.fromordinal(day), _TIMES[minute], self._zone)
        changes = self._changes.get(day)
        if changes is None:
            changes = self._changes[day] = self._offset_at(day) != self._offset_at(day + 1)
        return self._on_day_of_change(wall) if changes else wall

    def _offset_at(self, day: int) -> timedelta | None:
        """The offset from UTC at the day's first midnight."""
        if day not in self._offset:
            self._offset[day] = datetime.combine(date.fromordinal(day), time(), self._zone).utcoffset()
        return self._offset[day]

    def _on_day_of_change(self, wall: datetime) -> datetime:
        before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
        if before is None or after is None or after <= before:
            return wall
        low, high = (wall.replace(tzinfo=UTC) - after), (wall.replace(tzinfo=UTC) - before)
        while high - low > _SECOND:
            middle = low + (high - low) / 2
            if middle.astimezone(self._zone).utcoffset() == after:
                high = middle
            else:
                low = middle
        return high.replace(microsecond=0).astimezone(self._zone)
