"""Days with their hours, as sets; and the windows they come to on the clinic's clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatbot.when.calendar import Span
from chatbot.when.items import MINUTES_PER_DAY
from chatbot.when.model import Window
from chatbot.when.timetable import ALL_DAY, Interval, intersection, union, without

_MINUTE = timedelta(minutes=1)


@dataclass
class Plan:
    """The hours of each day from `first` to `last`; it remembers whether something was asked for outside."""

    first: date
    last: date
    days: dict[date, list[Interval]] = field(default_factory=dict)
    before: bool = False
    beyond: bool = False

    def add(self, spans: Iterable[Span], hours: Sequence[Interval]) -> None:
        for span in spans:
            self.before = self.before or span.first < self.first
            self.beyond = self.beyond or span.last > self.last
            first, last = max(span.first, self.first), min(span.last, self.last)
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                day = date.fromordinal(ordinal)
                start = span.start if day == span.first else 0
                end = span.end if day == span.last else MINUTES_PER_DAY
                open_hours = hours if (start, end) == ALL_DAY else intersection(hours, [(start, end)])
                held = self.days.get(day)
                self.days[day] = union([*held, *open_hours]) if held else list(open_hours)

    def remove(self, days: Mapping[date, Sequence[Interval]]) -> None:
        for day, hours in days.items():
            if day in self.days:
                self.days[day] = without(self.days[day], hours)

    @property
    def empty(self) -> bool:
        return not any(self.days.values())


def windows_of(days: Mapping[date, Sequence[Interval]], now: datetime, zone: ZoneInfo) -> tuple[Window, ...]:
    """What is left of the hours from now on, in order. `now` is an instant."""
    whole_minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    earliest = whole_minute if whole_minute >= now else whole_minute + _MINUTE
    windows = list[Window]()
    for first, last in _runs(days):
        start, end = _on_clock(first, zone), _on_clock(last, zone)
        if end <= start:  # wholly inside the hour that the clock leaves out
            end = start + _MINUTE
        start = max(start, earliest)
        if start < end:
            windows.append(Window(start.astimezone(zone), end.astimezone(zone)))
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


def _on_clock(minute: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the zone's clock shows that minute: the first time when it does so twice, and
    when it never does, the moment the clock jumps over it."""
    day, minute = divmod(minute, MINUTES_PER_DAY)
    wall = datetime.combine(date.fromordinal(day), time(minute // 60, minute % 60), tzinfo=zone)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if before is None or after is None or after <= before:
        return wall.astimezone(UTC)
    low, high = (wall.replace(tzinfo=UTC) - after), (wall.replace(tzinfo=UTC) - before)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)
