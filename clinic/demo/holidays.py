"""Dates on which the demo clinic is closed: the public holidays of Berlin, and the two eves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.easter import easter

# Berlin's law on Sundays and holidays; the eves are the practice's own custom.
_FIXED = {
    (1, 1): "New Year's Day",
    (3, 8): "International Women's Day",
    (5, 1): "Labour Day",
    (10, 3): "Day of German Unity",
    (12, 24): "Christmas Eve",
    (12, 25): "Christmas Day",
    (12, 26): "Second Day of Christmas",
    (12, 31): "New Year's Eve",
}
_AFTER_EASTER = {-2: "Good Friday", 1: "Easter Monday", 39: "Ascension Day", 50: "Whit Monday"}


def of_year(year: int) -> dict[date, str]:
    """The closed dates of a year, with their names."""
    fixed = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    return fixed | {easter(year) + timedelta(days=days): name for days, name in _AFTER_EASTER.items()}


def between(first: date, last: date) -> Iterator[tuple[date, str]]:
    """The closed dates from `first` to `last`, both included, in order."""
    for year in range(first.year, last.year + 1):
        yield from ((day, name) for day, name in sorted(of_year(year).items()) if first <= day <= last)
