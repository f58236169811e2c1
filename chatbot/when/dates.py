"""Reading a day of the calendar: 2026-12-03, 3.12., 3/12, "the 3rd", "3rd and 4th of December", "Dec 3-8"."""

from datetime import date

from chatbot.when.context import EARLIEST, LATEST, Context, month_length, months_on
from chatbot.when.items import CalendarDay, Day, Period, Run
from chatbot.when.numbers import Count, read_number, read_ordinal
from chatbot.when.tags import Kind, Line, Symbol, Tag

_YEARS = range(1900, 2200)
_HIGHEST_DAY = 99  # "32 December" is read, so that it can be refused
_RANGE = (Tag.DASH, Tag.TO, Tag.UNTIL)
_LIST = (*_RANGE, Tag.AND, Tag.OR, Tag.COMMA)
_SURELY_ORDINAL = 11  # from here on "the eleventh" is no way to choose from a list of offers


def read_date(line: Line, at: int, context: Context, *, on: bool, the: bool) -> tuple[Day, int] | None:
    """A date that begins here; `on` and `the` tell which words stood before it."""
    return (
        _numeric(line, at, context, on=on)
        or _day_then_month(line, at, context)
        or _month_then_day(line, at, context)
        or _day_alone(line, at, context, on=on, the=the)
    )


def read_month(line: Line, at: int, context: Context) -> tuple[Period, int] | None:
    """A whole month: "December", "december 2027", 12/2026; the coming one when no year is said."""
    symbol = line[at]
    if symbol.kind == Kind.MONTH_YEAR and 1 <= symbol.numbers[0] <= 12:
        return _month_period(symbol.numbers[1], symbol.numbers[0]), at + 1
    if not symbol.has(Tag.MONTH):
        return None
    month = symbol.number(Tag.MONTH)
    year, end = _year(line, at + 1, context)
    if year is None:
        year = context.today.year + (month < context.today.month)
    return _month_period(year, month), end


def _month_period(year: int, month: int) -> Period:
    first = date(min(max(year, EARLIEST.year + 1), LATEST.year - 1), month, 1)
    return Period(first, first.replace(day=month_length(first.year, month)))


def _year(line: Line, at: int, context: Context) -> tuple[int | None, int]:
    """The year after a month: 2026, "next year"."""
    named = line.skip(at, Tag.OF, Tag.THE)
    if line.has(named, Tag.NEXT, Tag.COMING, Tag.THIS) and line[named + 1].name(Tag.UNIT) == "year":
        return context.today.year + (not line.has(named, Tag.THIS)), named + 2
    following = at + line.has(at, Tag.COMMA)
    symbol = line[following]
    if symbol.kind == Kind.NUMBER and symbol.numbers[0] in _YEARS and not symbol.mark:
        return symbol.numbers[0], following + 1
    return None, at


def _numeric(line: Line, at: int, context: Context, *, on: bool) -> tuple[Day, int] | None:
    symbol = line[at]
    if symbol.kind == Kind.ISO:
        year, month, day = symbol.numbers
        return CalendarDay(day, month, year), at + 1
    if symbol.kind == Kind.DOTTED or symbol.mark == "..":
        if line.has(at + 1, Tag.CLOCK_WORD, Tag.MERIDIEM) or not (on or (context.german and _free(line, at))):
            return None
    elif symbol.kind != Kind.DATE or symbol.numbers == (24, 7):
        return None
    first, second = symbol.numbers[:2]
    dotted = symbol.kind == Kind.DOTTED or "." in symbol.mark
    day, month = (first, second) if dotted or context.day_first else (second, first)
    if month > 12 and day <= 12 and not dotted:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if len(symbol.numbers) < 3:
        return CalendarDay(day, month), at + 1
    year = symbol.numbers[2]
    return CalendarDay(day, month, year + 2000 if year < 100 else year), at + 1


def _free(line: Line, at: int) -> bool:
    """Not the number of something, as in "Version 3.11"."""
    before = line[at - 1]
    return at == 0 or bool(before.tags) or before.kind != Kind.WORD


def _day_number(line: Line, at: int) -> Count | None:
    count = read_ordinal(line, at) or read_number(line, at)
    return count if count and 1 <= count.value <= _HIGHEST_DAY else None


def _day_then_month(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "3rd of December 2026"; of a list ("3rd and 4th of December") the first day, of a range both."""
    first = _day_number(line, at)
    if first is None:
        return None
    counts, links, end = [first], list[Symbol](), first.end
    while len(counts) < 8 and line.has(end, *_LIST):
        following = line.skip(end + 1, Tag.THE, Tag.ON, Tag.AND, Tag.OR)
        number = _day_number(line, following)
        if number is None:
            break
        links.append(line[end])
        counts.append(number)
        end = number.end
    month, year, end = _month_behind(line, end, context)
    if month is None:
        return None
    if not links:
        return CalendarDay(first.value, month, year), end
    if len(links) == 1 and links[0].has(*_RANGE):
        return Run(CalendarDay(first.value, month, year), CalendarDay(counts[1].value, month, year)), end
    return CalendarDay(first.value, month, year), first.end


def _month_behind(line: Line, at: int, context: Context) -> tuple[int | None, int | None, int]:
    """The month (and year) after a day: "of December", "of next month", the 12 of "23.-27.12."."""
    at = line.skip(at, Tag.OF, Tag.THE)
    symbol = line[at]
    if symbol.has(Tag.MONTH):
        year, end = _year(line, at + 1, context)
        return symbol.number(Tag.MONTH), year, end
    if symbol.has(Tag.NEXT, Tag.COMING, Tag.THIS, Tag.AFTER_NEXT):
        unit = at if symbol.has(Tag.UNIT) else at + 1
        if line[unit].name(Tag.UNIT) == "month":
            ahead = 2 if symbol.has(Tag.AFTER_NEXT) else 0 if symbol.has(Tag.THIS) else 1
            month = months_on(context.today, ahead)
            return month.month, month.year, unit + 1
    return None, None, at


def _month_then_day(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "December 3rd, 2026", "Dec 3-8"."""
    if not line.has(at, Tag.MONTH):
        return None
    month = line[at].number(Tag.MONTH)
    first = _day_number(line, line.skip(at + 1, Tag.THE))
    if first is None or _is_hour(line, first):
        return None
    if line.has(first.end, *_RANGE):
        last = _day_number(line, line.skip(first.end + 1, Tag.THE))
        if last is not None and not _is_hour(line, last) and last.value > first.value:
            year, end = _year(line, last.end, context)
            return Run(CalendarDay(first.value, month, year), CalendarDay(last.value, month, year)), end
    year, end = _year(line, first.end, context)
    return CalendarDay(first.value, month, year), end


def _is_hour(line: Line, count: Count) -> bool:
    return line.has(count.end, Tag.MERIDIEM, Tag.CLOCK_WORD)


def _day_alone(line: Line, at: int, context: Context, *, on: bool, the: bool) -> tuple[Day, int] | None:
    """As in "the 3rd", "am 3.", "on the third"; not "the 3rd tooth", "the second" (of two offers), "3." (a list)."""
    range_end = _dotted_range(line, at, context)
    if range_end:
        return range_end
    count = read_ordinal(line, at)
    if count is None or not 1 <= count.value <= 31 or line.has(count.end, Tag.COUNTED, Tag.LABEL):
        return None
    follower = line[count.end]
    unknown = follower.kind == Kind.WORD and not follower.tags
    if count.digits:
        timed = line.has(count.end, Tag.AT)
        wanted = context.german and (on or the or timed) if count.mark == "." else on or the or not unknown
    else:
        wanted = on or (the and count.value >= _SURELY_ORDINAL)
        wanted = wanted and not unknown and not line.has(at - 1, Tag.NOISE)
    return (CalendarDay(count.value), count.end) if wanted else None


def _dotted_range(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "23.-27.11.": the second date names the month of both."""
    count = read_ordinal(line, at)
    if count is None or not count.digits or not line.has(count.end, *_RANGE, Tag.AND, Tag.OR):
        return None
    following = line.skip(count.end + 1, Tag.THE)
    last = _numeric(line, following, context, on=True)
    if last is None or not isinstance(last[0], CalendarDay) or line[following].kind == Kind.ISO:
        return None
    first = CalendarDay(count.value, last[0].month, last[0].year)
    return (Run(first, last[0]), last[1]) if line.has(count.end, *_RANGE) else (first, count.end)
