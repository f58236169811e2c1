"""Reading runs of days: "next week", "end of December", "the first week of May", "the next three days"."""

from datetime import date

from chatbot.when.context import Context, days_on, monday_of, month_length, months_on
from chatbot.when.dates import read_date, read_month
from chatbot.when.items import CalendarDay, Day, Period, WeekOf
from chatbot.when.numbers import read_amount, read_ordinal
from chatbot.when.tags import Line, Tag

DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}
LONGEST = 4_000  # days or months; beyond any horizon
_FEW = 3  # "the next days", "the next weeks"


def read_period(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    return (
        _third(line, at, context)
        or _numbered_week(line, at, context)
        or _week_of_month(line, at, context)
        or _week_of_day(line, at, context)
        or _named(line, at, context)
        or _season(line, at, context)
        or read_month(line, at, context)
    )


def week(context: Context, ahead: int) -> Period:
    """Monday to Sunday of the week so many weeks ahead."""
    monday = monday_of(days_on(context.today, 7 * ahead))
    return Period(monday, days_on(monday, 6))


def _month(context: Context, ahead: int) -> Period:
    first = months_on(context.today.replace(day=1), ahead)
    return Period(first, first.replace(day=month_length(first.year, first.month)))


def _year(context: Context, ahead: int) -> Period:
    first = months_on(context.today.replace(day=1, month=1), 12 * ahead)
    return Period(first, days_on(months_on(first, 12), -1))


def _named(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    """As in "next week", "this month", "the week after next", "the next three days"."""
    symbol = line[at]
    ahead = 2 if symbol.has(Tag.AFTER_NEXT) else 1 if symbol.has(Tag.NEXT, Tag.COMING) else 0
    if not ahead and not symbol.has(Tag.THIS):
        return None
    if ahead == 1:
        amount = read_amount(line, line.skip(at + 1, Tag.AROUND))
        if amount is not None and line[amount.end].name(Tag.UNIT) in ("day", "week", "fortnight", "month"):
            return days_from_now(context, amount.value, line[amount.end].name(Tag.UNIT)), amount.end + 1
    unit = at if symbol.has(Tag.UNIT) else at + 1
    name = line[unit].name(Tag.UNIT)
    if name == "day" and ahead and line[unit].word in ("days", "tage", "tagen"):
        return days_from_now(context, _FEW, "day"), unit + 1
    if name == "week":
        plural = ahead == 1 and line[unit].word in ("weeks", "wochen")
        return (days_from_now(context, _FEW, "week") if plural else week(context, ahead)), unit + 1
    if name == "month":
        return _month(context, ahead), unit + 1
    if name == "year":
        return _year(context, ahead), unit + 1
    return None


def days_from_now(context: Context, amount: int, unit: str) -> Period:
    """From today over so many days, weeks, fortnights or months."""
    if unit == "month":
        return Period(context.today, months_on(context.today, min(amount, LONGEST)))
    return Period(context.today, days_on(context.today, min(amount * DAYS_IN[unit], LONGEST)))


def _third(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    """As in "beginning of December", "Mitte nächster Woche", "late next month", "later this week"."""
    symbol = line[at]
    start, middle = symbol.has(Tag.START, Tag.EARLY), symbol.has(Tag.MID)
    later = symbol.has(Tag.LATER) and symbol.number(Tag.LATER) > 0
    if not (start or middle or later or symbol.has(Tag.END, Tag.LATE)):
        return None
    following = line.skip(at + 1, Tag.OF, Tag.IN, Tag.THE, Tag.DASH, Tag.ON)
    unit = line[following].name(Tag.UNIT)
    unqualified = unit in _RELATIVE_PERIODS and not line[following].has(Tag.NEXT, Tag.AFTER_NEXT)
    if unqualified:
        found: tuple[Period, int] | None = (_RELATIVE_PERIODS[unit](context, 0), following + 1)
    else:
        found = _named(line, following, context) or read_month(line, following, context)
    if found is None:
        return None
    third = _third_of(found[0], context, start=start, middle=middle, later=later)
    if unqualified and third.last < context.today:
        third = _third_of(_RELATIVE_PERIODS[unit](context, 1), context, start=start, middle=middle, later=later)
    return third, found[1]


def _third_of(period: Period, context: Context, *, start: bool, middle: bool, later: bool) -> Period:
    length = (period.last - period.first).days + 1
    if length <= 7:
        from_day, to_day = (0, 1) if start else (1, 3) if middle else (3, 6)
    else:
        third = 10 * (1 if length <= 31 else 12)
        from_day, to_day = (0, third - 1) if start else (third, 2 * third - 1) if middle else (2 * third, length - 1)
    if later:
        from_day = max(from_day if period.first > context.today else 0, (context.today - period.first).days + 1)
    return Period(days_on(period.first, from_day), days_on(period.first, max(to_day, from_day)))


_RELATIVE_PERIODS = {"week": week, "month": _month, "year": _year}


def _numbered_week(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    """ISO weeks: "KW 49", "calendar week 49"."""
    if not line.has(at, Tag.WEEK_NUMBER):
        return None
    number = read_amount(line, at + 1)
    if number is None or not 1 <= number.value <= 52:
        return None
    year = context.today.year
    monday = date.fromisocalendar(year, number.value, 1)
    if days_on(monday, 6) < context.today:
        monday = date.fromisocalendar(year + 1, number.value, 1)
    return Period(monday, days_on(monday, 6)), number.end


def _week_of_month(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    """As in "first week of December", "letzte Woche im Januar": sevens of days from either end of the month."""
    last = line.has(at, Tag.LAST)
    count = None if last else read_ordinal(line, at)
    if not last and (count is None or not 1 <= count.value <= 5):
        return None
    unit = at + 1 if count is None else count.end
    if line[unit].name(Tag.UNIT) != "week":
        return None
    month = _month_or_named(line, line.skip(unit + 1, Tag.OF, Tag.IN, Tag.THE), context)
    if month is None or unit + 1 == line.skip(unit + 1, Tag.OF, Tag.IN):
        return None
    period, end = month
    if count is None:
        return Period(days_on(period.last, -6), period.last), end
    first = days_on(period.first, 7 * (count.value - 1))
    return Period(first, min(days_on(first, 6), period.last)), end


def _month_or_named(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    return read_month(line, at, context) or _named(line, at, context)


def nth_weekday(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "the first Monday in December", "the last Friday of next month"."""
    last = line.has(at, Tag.LAST)
    count = None if last else read_ordinal(line, at)
    weekday_at = at + 1 if last else count.end if count else at
    if (not last and (count is None or not 1 <= count.value <= 5)) or not line.has(weekday_at, Tag.WEEKDAY):
        return None
    linked = line.skip(weekday_at + 1, Tag.OF, Tag.IN, Tag.THE)
    month = _month_or_named(line, linked, context)
    if month is None or linked == weekday_at + 1:
        return None
    period, end = month
    weekday = line[weekday_at].number(Tag.WEEKDAY)
    if last:
        day = days_on(period.last, -((period.last.weekday() - weekday) % 7))
    else:
        ordinal = count.value if count else 1
        day = days_on(period.first, (weekday - period.first.weekday()) % 7 + 7 * (ordinal - 1))
    return CalendarDay(day.day, day.month, day.year), end


def _week_of_day(line: Line, at: int, context: Context) -> tuple[WeekOf, int] | None:
    """As in "the week of December 7th", "in der Woche vom 7. Dezember"."""
    if line[at].name(Tag.UNIT) != "week" or line[at].has(Tag.NEXT) or not line.has(at + 1, Tag.OF, Tag.FROM):
        return None
    found = read_date(line, line.skip(at + 1, Tag.OF, Tag.FROM, Tag.THE), context, on=True, the=True)
    if found is None or not isinstance(found[0], CalendarDay):
        return None
    return WeekOf(found[0]), found[1]


def _season(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    if not line.has(at, Tag.SEASON):
        return None
    start = line[at].number(Tag.SEASON)
    first = date(context.today.year, start, 1)
    if days_on(months_on(first, 3), -1) < context.today:
        first = months_on(first, 12)
    return Period(first, days_on(months_on(first, 3), -1)), at + 1
