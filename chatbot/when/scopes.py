"""Which days lie in which period: in "Monday or Tuesday next week" both are days of that week."""

from collections.abc import Sequence

from chatbot.when.items import (
    AnyDay,
    Bound,
    CalendarDay,
    Day,
    FromToday,
    Join,
    Period,
    Run,
    Weekdays,
    Weekend,
    Which,
    Within,
)

_SHORTEST_MONTH = 28  # days


def scoped(days: Sequence[tuple[Join, Day]]) -> list[tuple[Day, Period | None]]:
    """Each day with the period it lies in: in "Monday or Tuesday next week" both do; the period itself is not
    meant as a whole then. "Any day" says nothing beside other days."""
    placed: list[tuple[Day, Period | None]] = []
    used: list[int] = []
    for at, (_, day) in enumerate(days):
        if isinstance(day, Weekdays | Weekend | CalendarDay | Run):
            scope_at = _scope_of(days, at)
            if scope_at is not None:
                used.append(scope_at)
                placed.append((day, _period(days[scope_at][1])))
                continue
        placed.append((day, None))
    whole = [entry for at, entry in enumerate(placed) if at not in used or not isinstance(entry[0], Period)]
    return [entry for entry in whole if not isinstance(entry[0], AnyDay)] or whole


def _period(day: Day) -> Period | None:
    return day if isinstance(day, Period) else day.period if isinstance(day, Within) else None


def _scope_of(days: Sequence[tuple[Join, Day]], at: int) -> int | None:
    join, day = days[at]
    if isinstance(day, CalendarDay) and day.month is not None:
        return None
    if isinstance(day, Weekdays | Weekend) and day.which != Which.PLAIN:
        return None
    if isinstance(day, Run) and not isinstance(day.first, Weekdays):
        return None

    def fits(place: int) -> bool:
        period = _period(days[place][1])
        if period is None:
            return False
        return not isinstance(day, CalendarDay) or (period.last - period.first).days + 1 >= _SHORTEST_MONTH

    for place in range(at - 1, -1, -1):
        if fits(place):
            listed = any(isinstance(other, Weekdays | Weekend | CalendarDay) for _, other in days[place + 1 : at])
            if join != Join.OR or listed or isinstance(days[place][1], Within):
                return place
            break
    for place in range(at + 1, len(days)):
        if fits(place):
            return place if days[place][0] not in (Join.OR, Join.AND) or isinstance(days[place][1], Within) else None
    return None


def narrows(join: Join, day: Day, days: Sequence[tuple[Join, Day]]) -> bool:
    """Whether it narrows the other days, as in "next week until Thursday", "Mondays from the 3rd to the 20th", and
    not in "today, tomorrow at the latest"."""
    if isinstance(day, Run) and join in (Join.NONE, Join.GAP):
        return any(isinstance(other, Weekdays) and other.recurring for _, other in days)
    if not isinstance(day, Bound) or join == Join.OR:
        return False
    others = [other for _, other in days if other is not day]
    beside_single_days = others and all(isinstance(other, FromToday | CalendarDay) for other in others)
    return not (join == Join.COMMA and beside_single_days)
