"""What reading depends on besides the words."""

from dataclasses import dataclass
from datetime import date, timedelta

LATEST = date.max - timedelta(days=2)
EARLIEST = date.min + timedelta(days=2)


@dataclass(frozen=True)
class Context:
    """`today` on the clinic's wall clock; `day_first` reads 3/12 as 3 December."""

    today: date
    day_first: bool
    german: bool


def days_on(day: date, days: int) -> date:
    """The day that many days later, within what the calendar can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, EARLIEST.toordinal()), LATEST.toordinal()))


def months_on(day: date, months: int) -> date:
    """The same day that many months later, or the last of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not EARLIEST.year < year < LATEST.year:
        return days_on(day, months * 30)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if year < date.max.year else date.max
    return (following - timedelta(days=1)).day if following != date.max else 31


def monday_of(day: date) -> date:
    return days_on(day, -day.weekday())
