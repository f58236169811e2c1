"""Reading which days are meant: "tomorrow", "next Friday", "Monday to Wednesday", "not before the 3rd"."""

from chatbot.when.clocks import read_clock
from chatbot.when.context import Context
from chatbot.when.dates import read_date
from chatbot.when.elapsed import read_elapsed, read_shift
from chatbot.when.holidays import next_holiday
from chatbot.when.items import (
    PARTS,
    AnyDay,
    Bound,
    CalendarDay,
    Clock,
    Day,
    EarlierDays,
    Elapsed,
    FromToday,
    Op,
    Period,
    Run,
    Shifted,
    Weekdays,
    Weekend,
    WeekOf,
    Which,
    Within,
)
from chatbot.when.numbers import read_amount, read_number
from chatbot.when.periods import DAYS_IN, LONGEST, nth_weekday, read_period
from chatbot.when.tags import Kind, Line, Tag

_LEADS = (Tag.ON, Tag.IN, Tag.THE, Tag.FOR)
_THROUGH = (Tag.TO, Tag.UNTIL, Tag.DASH)
_OPS = ((Tag.AFTER, Op.AFTER), (Tag.BEFORE, Op.BEFORE), (Tag.UNTIL, Op.UNTIL), (Tag.FROM, Op.FROM))
_WHICH = (
    (Tag.AFTER_NEXT, Which.AFTER_NEXT),
    (Tag.NEXT, Which.NEXT),
    (Tag.COMING, Which.COMING),
    (Tag.THIS, Which.THIS),
)
_GIVE_OR_TAKE = 2  # days, in "around the 10th"


def read_days(line: Line, at: int, context: Context) -> tuple[Day | Elapsed, int] | None:
    """The days that are named here, bounds and runs included, or the time that is to pass."""
    elapsed = read_elapsed(line, at, context)
    if elapsed is not None and isinstance(elapsed[0], Elapsed):
        return elapsed
    return _bounded(line, at, context) or _run_or_day(line, at, context)


def _bounded(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "after Friday", "until the 8th", "from Monday to Wednesday", "between the 3rd and the 8th"."""
    if line.has(at, Tag.BETWEEN):
        return _run(line, at + 1, context, (Tag.AND, *_THROUGH))
    for tag, op in _OPS:
        if not line.has(at, tag):
            continue
        if op == Op.FROM:
            run = _run(line, at + 1, context, _THROUGH)
            if run:
                return run
        found = _day(line, at + 1, context, led=True)
        if found is None:
            continue
        day, end = found
        timed = _clock_behind(line, end, context, op)
        if timed is not None:
            return Bound(op, day, timed[0]), timed[1]
        return Bound(op, day), line.skip(end, Tag.ONWARDS)
    return None


def _clock_behind(line: Line, at: int, context: Context, op: Op) -> tuple[Clock, int] | None:
    """The 2pm of "from Monday 2pm", the evening of "by tomorrow evening"; a range of hours there, or "mornings",
    is no part of the bound."""
    interval = PARTS.get(line[at].name(Tag.PART))
    if interval and not line.has(at, Tag.PLURAL) and not (context.german and line[at].word.endswith("s")):
        minute = interval[0] if op in (Op.FROM, Op.BEFORE) else interval[1]
        return Clock(minute // 60, minute % 60, sure=True), at + 1
    said_at = line.has(at, Tag.AT)
    read = read_clock(line, at + said_at, bare=said_at, half_is_before=context.german, said_at=said_at)
    if read is None or line.has(read.end, *_THROUGH):
        return None
    return read.clock, read.end


def _run_or_day(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    found = _run(line, at, context, _THROUGH) or _day(line, at, context)
    if found is None:
        return None
    day, end = found
    if line.has(end, Tag.AT_LATEST):
        return Bound(Op.UNTIL, day), end + 1
    if line.has(end, Tag.ONWARDS):
        return Bound(Op.FROM, day), end + 1
    return found


def _run(line: Line, at: int, context: Context, links: tuple[Tag, ...]) -> tuple[Day, int] | None:
    first = _day(line, at, context)
    if first is None or isinstance(first[0], Run):
        return first
    if not line.has(first[1], *links):
        return None
    last = _day(line, first[1] + 1, context) or _day_in_same_month(line, first[1] + 1, first[0])
    return (Run(first[0], last[0]), last[1]) if last else None


def _day_in_same_month(line: Line, at: int, first: Day) -> tuple[Day, int] | None:
    """As in "from December 3 to 8": the 8."""
    number = read_number(line, line.skip(at, Tag.THE))
    if number is None or not isinstance(first, CalendarDay) or not first.day < number.value <= 31:
        return None
    if line.has(number.end, Tag.CLOCK_WORD, Tag.MERIDIEM):
        return None
    return CalendarDay(number.value, first.month, first.year), number.end


def _day(line: Line, at: int, context: Context, *, led: bool = False) -> tuple[Day, int] | None:
    """One day or period, with the words that lead it in; `led` when a word like "until" stands before."""
    elapsed = read_elapsed(line, at, context)
    if elapsed is not None:
        return (elapsed[0], elapsed[1]) if not isinstance(elapsed[0], Elapsed) else None
    start, on, the = at, led and context.german, False
    while start < at + 3 and line.has(start, *_LEADS) and not line.has(start, Tag.SEASON, Tag.WEEKDAYS, Tag.ARTICLE):
        on, the = on or line.has(start, Tag.ON, Tag.FOR), the or line.has(start, Tag.THE)
        start += 1
    around = line.has(start, Tag.AROUND)
    start = line.skip(start + around, Tag.THE) if around else start
    if line.has(at, Tag.AT) and line.has(at + 1, Tag.THE, Tag.START, Tag.END, Tag.HOLIDAY, Tag.WEEKDAYS):
        start = line.skip(at + 1, Tag.THE)
    found = _core(line, start, context, on=on or around, the=the or around)
    if found is None:
        return None
    day, end = found
    if around and isinstance(day, CalendarDay):
        return Run(Shifted(day, -_GIVE_OR_TAKE), Shifted(day, _GIVE_OR_TAKE)), end
    return _moved_by_weeks(line, day, end, context)


def _core(line: Line, at: int, context: Context, *, on: bool, the: bool) -> tuple[Day, int] | None:
    """The reading that takes the most words."""
    candidates = (
        _relative(line, at, context),
        _shifted(line, at, context),
        nth_weekday(line, at, context),
        _weekday(line, at, context),
        _day_set(line, at),
        read_period(line, at, context),
        read_date(line, at, context, on=on, the=the),
        _referred(line, at),
    )
    return max((found for found in candidates if found), key=lambda found: found[1], default=None)


def _relative(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    symbol = line[at]
    if symbol.has(Tag.RELATIVE):
        return FromToday(symbol.number(Tag.RELATIVE)), at + 1
    if symbol.has(Tag.HOLIDAY):
        return next_holiday(symbol.name(Tag.HOLIDAY), context.today), at + 1
    if symbol.has(Tag.THIS) and line.has(at + 1, Tag.PART):
        return FromToday(0), at + 1
    if symbol.has(Tag.NEXT) and line.has(at + 1, Tag.PART):
        return FromToday(1), at + 1
    return None


def _shifted(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "the day after Christmas", "a week from Friday", and "the next day" alone."""
    if line.has(at, Tag.DAY_AFTER):
        days = line[at].number(Tag.DAY_AFTER)
        inner = _day(line, at + 1, context)
        if inner is not None and not line[at].word.startswith(("next", "n")):
            shifted = Shifted(inner[0], days)
            return (WeekOf(shifted) if abs(days) == 7 else shifted), inner[1]
        return Shifted(None, days), at + 1
    shift = read_shift(line, at)
    if shift is None:
        return None
    inner = _core(line, shift[1], context, on=True, the=True)
    return (Shifted(inner[0], shift[0]), inner[1]) if inner else None


def _weekday(line: Line, at: int, context: Context) -> tuple[Day, int] | None:
    """As in "Friday", "next Friday", "Friday, 27 November", "Friday next week", "every Monday"."""
    which, recurring, start = Which.PLAIN, False, at
    for tag, value in _WHICH:
        if line.has(start, tag):
            which, start = value, start + 1
            break
    else:
        if line.has(start, Tag.EVERY, Tag.ANY, Tag.ARTICLE):
            recurring, start = True, start + 1
    symbol = line[start]
    if not symbol.has(Tag.WEEKDAY):
        return None
    weekday, end = symbol.number(Tag.WEEKDAY), start + 1
    dated = _date_behind(line, end, context)
    if dated is not None:
        day, end = dated
        return CalendarDay(day.day, day.month, day.year, weekday), end
    if line.has(end, Tag.AFTER_NEXT) and not line.has(end, Tag.UNIT):
        which, end = Which.AFTER_NEXT, end + 1
    recurring = recurring or symbol.has(Tag.PLURAL)
    return Weekdays(frozenset({weekday}), which, recurring), end


def _date_behind(line: Line, at: int, context: Context) -> tuple[CalendarDay, int] | None:
    """The date that a weekday is followed by; "Monday 25" too, since there is no such hour."""
    start = line.skip(at, Tag.COMMA)
    following = line.skip(start, Tag.THE, Tag.ON)
    found = read_date(line, following, context, on=True, the=following > start)
    if found is None:
        number = read_number(line, at)
        if number and number.digits and 24 < number.value <= 31 and not number.mark:
            return CalendarDay(number.value), number.end
        return None
    day, end = found
    if not isinstance(day, CalendarDay) or (start > at and day.month is None and not line.has(start, Tag.THE)):
        return None
    return day, end


def _day_set(line: Line, at: int) -> tuple[Day, int] | None:
    """Weekends, working days, "any day"."""
    which, recurring, start = Which.PLAIN, False, at
    for tag, value in _WHICH:
        if line.has(at, tag):
            which, start = value, at + 1
            break
    else:
        if line.has(at, Tag.EVERY, Tag.ANY, Tag.ARTICLE):
            recurring, start = True, at + 1
    symbol = line[start]
    if symbol.has(Tag.WEEKDAYS):
        recurring = recurring or symbol.has(Tag.PLURAL)
        if symbol.name(Tag.WEEKDAYS) == "weekend":
            if line.has(start + 1, Tag.AFTER_NEXT) and not line.has(start + 1, Tag.UNIT):
                return Weekend(Which.AFTER_NEXT), start + 2
            return Weekend(which, recurring), start + 1
        return Weekdays(frozenset(range(5)), recurring=True), start + 1
    if recurring and symbol.name(Tag.UNIT) == "day" and not line.has(at, Tag.ARTICLE):
        return AnyDay(faint=line.has(at, Tag.EVERY)), start + 1
    return None


def _referred(line: Line, at: int) -> tuple[Day, int] | None:
    """As in "the same day", "another day"."""
    if line.has(at, Tag.SAME, Tag.OTHER) and line[at + 1].name(Tag.UNIT) == "day":
        return EarlierDays(other=line.has(at, Tag.OTHER)), at + 2
    return None


def _moved_by_weeks(line: Line, day: Day, end: int, context: Context) -> tuple[Day, int]:
    """As in "Friday week", "tomorrow in a week", "Friday next week", "next week on Friday"."""
    if isinstance(day, Period) and day.last.toordinal() - day.first.toordinal() == 6:
        inner = _weekday(line, line.skip(end, Tag.ON), context)
        if inner is not None and isinstance(inner[0], Weekdays) and inner[0].which == Which.PLAIN:
            return Within(inner[0], day), inner[1]
        return day, end
    if not isinstance(day, Weekdays | FromToday | Weekend):
        return day, end
    if line[end].kind == Kind.WORD and line[end].word == "week" and isinstance(day, Weekdays | FromToday):
        return Shifted(day, 7), end + 1
    if line.has(end, Tag.IN):
        amount = read_amount(line, end + 1)
        length = DAYS_IN.get(line[amount.end].name(Tag.UNIT)) if amount else None
        if amount is not None and length is not None:
            return Shifted(day, length * min(amount.value, LONGEST)), amount.end + 1
    if isinstance(day, Weekdays):
        period = read_period(line, line.skip(end, Tag.IN, Tag.OF, Tag.THE), context)
        if period is not None and isinstance(period[0], Period) and not line.has(end, Tag.MONTH):
            return Within(day, period[0]), period[1]
    return day, end
