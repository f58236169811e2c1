"""What a message says about the one before: "actually later", "two hours earlier", "Friday rather"."""

from collections.abc import Sequence
from datetime import date

from chatbot.when.calendar import Span
from chatbot.when.context import days_on
from chatbot.when.items import MINUTES_PER_DAY, Change
from chatbot.when.model import When
from chatbot.when.timetable import Interval, union

_SLIGHTLY = 5  # minutes: no practice offers starts closer together
_DAY_BEGINS, _DAY_ENDS = 6 * 60, 22 * 60  # minutes: earlier than that is the day before, later the day after


def earlier_days(previous: When | None) -> list[Span]:
    return [Span(first, last) for first, last in previous.days] if previous else []


def is_exact(hours: Sequence[Interval]) -> bool:
    return bool(hours) and all(end - start == 1 for start, end in hours)


def moved_days(change: Change, previous: When) -> list[Span]:
    """The days that "a week later" comes to."""
    days = change.direction * change.days
    return [Span(days_on(span.first, days), days_on(span.last, days)) for span in earlier_days(previous)]


def other_days(change: Change, previous: When, today: date, last: date) -> list[Span]:
    """All days after (or before) those of the message before."""
    spans = earlier_days(previous)
    if not spans:
        return [Span(today, last)]
    if change.direction > 0:
        return [Span(days_on(spans[-1].last, 1), last)]
    return [Span(min(today, days_on(spans[0].first, -1)), days_on(spans[0].first, -1))]


def moved_hours(change: Change, hours: Sequence[Interval]) -> list[Interval]:
    """The hours that "later", "an hour earlier" come to on the same day; none when there are none left."""
    if not hours:
        return []
    first, last = hours[0][0], hours[-1][1]
    if change.minutes:
        return union([_shifted(interval, change.direction * change.minutes) for interval in hours])
    if change.direction < 0:
        return [(0, first)] if first > _DAY_BEGINS else []
    start = first + _SLIGHTLY if is_exact(hours) else last
    return [(start, MINUTES_PER_DAY)] if start < _DAY_ENDS else []


def _shifted(interval: Interval, minutes: int) -> Interval:
    """Both ends moved, but for those that lie at midnight: "from 3" stays open to the end of the day."""
    start, end = interval
    start = start if start == 0 else min(max(start + minutes, 0), MINUTES_PER_DAY)
    return start, end if end == MINUTES_PER_DAY else min(max(end + minutes, 0), MINUTES_PER_DAY)
