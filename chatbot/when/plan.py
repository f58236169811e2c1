"""Days with their hours, as a set that can be added to and taken from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chatbot.when.calendar import Span
from chatbot.when.items import MINUTES_PER_DAY
from chatbot.when.timetable import ALL_DAY, Interval, intersection, union, without


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
