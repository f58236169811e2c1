"""Reading distances from now: "in 3 days", "within two hours", "2 weeks from now", "a week from Friday"."""

from dataclasses import dataclass

from chatbot.when.context import Context, days_on, monday_of, months_on
from chatbot.when.items import Day, Elapsed, FromToday, Period
from chatbot.when.numbers import read_amount
from chatbot.when.periods import DAYS_IN, LONGEST, days_from_now
from chatbot.when.tags import Kind, Line, Tag

_MINUTES_IN = {"minute": 1, "hour": 60}
_UNITS = (*_MINUTES_IN, *DAYS_IN, "month")
_OR_SO = 7  # days around "in two months", which nobody means to the day
_AN_HOUR = 60


@dataclass(frozen=True)
class _Distance:
    least: int
    most: int
    unit: str
    end: int  # the place after it


def read_elapsed(line: Line, at: int, context: Context) -> tuple[Day | Elapsed, int] | None:
    within = line.has(at, Tag.WITHIN)
    led = within or line.has(at, Tag.IN)
    start = line.skip(at + 1, Tag.THE, Tag.NEXT, Tag.COMING, Tag.OF) if within else at + led
    distance = _half_hour(line, start) or _distance(line, line.skip(start, Tag.AROUND, Tag.FILLER), alone=within)
    if distance is None:
        return None
    behind = line.skip(distance.end, Tag.FROM_NOW)
    if not led and behind == distance.end:
        return None
    return _placed(context, distance, within), line.skip(behind, Tag.TIME_OF_DAY)


def _half_hour(line: Line, at: int) -> _Distance | None:
    unit = line.skip(line.skip(at, Tag.ARTICLE) + 1, Tag.ARTICLE)
    half = line.has(line.skip(at, Tag.ARTICLE), Tag.HALF)
    return _Distance(30, 30, "minute", unit + 1) if half and line[unit].name(Tag.UNIT) == "hour" else None


def _distance(line: Line, at: int, *, alone: bool) -> _Distance | None:
    """As in "3 days", "two or three weeks", "a day or two"; a unit alone ("within the hour") when `alone`."""
    if line[at].kind == Kind.CLOCK and line[at].word[-1] in "hH":
        return _Distance(line[at].numbers[0], line[at].numbers[0], "hour", at + 1)
    unit = line[at].name(Tag.UNIT)
    if alone and unit in _UNITS:
        return _Distance(1, 1, unit, at + 1)
    amount = read_amount(line, at)
    if amount is None:
        return None
    links = (Tag.TO, Tag.OR, Tag.DASH, Tag.UNTIL)
    most, end = amount.value, amount.end
    more = read_amount(line, end + 1) if line.has(end, *links) else None
    if more is not None:
        most, end = more.value, more.end
    unit = line[end].name(Tag.UNIT)
    if unit not in _UNITS:
        return None
    end += 1
    more = read_amount(line, end + 1) if line.has(end, Tag.OR) else None
    if more is not None and line.has(more.end, Tag.STOP, Tag.COMMA, Tag.FROM_NOW, Tag.FILLER):
        most, end = more.value, more.end
    return _Distance(amount.value, max(most, amount.value), unit, end)


def _placed(context: Context, distance: _Distance, within: bool) -> Day | Elapsed:
    unit, today = distance.unit, context.today
    least, most = min(distance.least, LONGEST), min(distance.most, LONGEST)
    if unit in _MINUTES_IN:
        first, last = least * _MINUTES_IN[unit], most * _MINUTES_IN[unit]
        return Elapsed(0, last) if within else Elapsed(first, last + _AN_HOUR - 1)
    if within:
        return days_from_now(context, most, unit)
    if unit == "month":
        return Period(days_on(months_on(today, least), -_OR_SO), days_on(months_on(today, most), _OR_SO))
    if unit == "day" and least == most:
        return FromToday(least)
    first_day, last_day = days_on(today, least * DAYS_IN[unit]), days_on(today, most * DAYS_IN[unit])
    if unit == "day":
        return Period(first_day, last_day)
    return Period(monday_of(first_day), days_on(monday_of(last_day), 6))


def read_shift(line: Line, at: int) -> tuple[int, int] | None:
    """As in "a week from …", "two days after …": how many days, and the place of the day that it counts from."""
    amount = read_amount(line, at)
    unit = line[amount.end].name(Tag.UNIT) if amount else ""
    if amount is None or unit not in DAYS_IN:
        return None
    days, following = min(amount.value, LONGEST) * DAYS_IN[unit], amount.end + 1
    if line.has(following, Tag.FROM, Tag.AFTER, Tag.ON, Tag.RELATIVE):
        return days, line.skip(following, Tag.FROM, Tag.AFTER, Tag.ON, Tag.THE)
    if line.has(following, Tag.BEFORE):
        return -days, line.skip(following, Tag.BEFORE, Tag.THE)
    return None
