"""The feasts that people name days after."""

from datetime import date

from dateutil.easter import easter

from chatbot.when.context import days_on
from chatbot.when.items import CalendarDay

_FIXED = {"christmas_eve": (12, 24), "christmas": (12, 25), "new_years_eve": (12, 31), "new_year": (1, 1)}
_AFTER_EASTER = {"good_friday": -2, "easter": 0, "easter_monday": 1, "pentecost": 49}
_THURSDAY = 3


def next_holiday(name: str, today: date) -> CalendarDay:
    """The feast of this name that comes next, today included."""
    day = _in_year(name, today.year)
    if day < today:
        day = _in_year(name, today.year + 1)
    return CalendarDay(day.day, day.month, day.year)


def _in_year(name: str, year: int) -> date:
    if name in _FIXED:
        month, day = _FIXED[name]
        return date(year, month, day)
    if name == "thanksgiving":  # the fourth Thursday of November
        first = date(year, 11, 1)
        return days_on(first, (_THURSDAY - first.weekday()) % 7 + 21)
    return days_on(easter(year), _AFTER_EASTER[name])
