"""Reading a time of day: 15:00, 3pm, "half past ten", "viertel nach acht", "9 Uhr 30", noon."""

from typing import NamedTuple

from chatbot.when.items import Clock
from chatbot.when.numbers import Count, read_number
from chatbot.when.tags import Kind, Line, Tag

_ROUND_MINUTES = (5, 10, 15, 20, 25)
_NOT_AN_HOUR = (Tag.UNIT, Tag.COUNTED, Tag.MONTH)


class Read(NamedTuple):
    clock: Clock
    end: int  # the place after it
    around: bool = False


def read_clock(line: Line, at: int, *, bare: bool, half_is_before: bool, said_at: bool = False) -> Read | None:
    """The time of day that begins here. A number alone counts when `bare`; "10 to 2" in digits is a time
    only after a word like "at" (`said_at`), else it is a range."""
    if line.has(at, Tag.VAGUE):
        return None
    return (
        _written(line, at, bare)
        or _half(line, at, half_is_before)
        or _quarter(line, at, half_is_before)
        or _minutes_from_hour(line, at, half_is_before, said_at)
        or _noon(line, at)
        or _dotted(line, at, bare)
        or _hour(line, at, bare, half_is_before, said_at)
    )


def _with_meridiem(line: Line, at: int, hour: int, minute: int, *, sure: bool = False) -> Read:
    """The clock, with "am", "pm" or "o'clock" behind it if there is one."""
    at = line.skip(at, Tag.CLOCK_WORD)
    meridiem = line[at].name(Tag.MERIDIEM)
    if meridiem and 1 <= hour <= 12:
        return Read(Clock(hour % 12 + (12 if meridiem == "pm" else 0), minute, sure=True), at + 1)
    return Read(Clock(hour, minute, sure=sure or hour == 0 or hour > 12), at + bool(meridiem))


def _written(line: Line, at: int, bare: bool) -> Read | None:
    """15:00, 14h30; but "14h" may also tell how long, so that it counts as a number alone does."""
    symbol = line[at]
    if symbol.kind != Kind.CLOCK or (symbol.mark == "h" and not (bare and symbol.numbers[0] < 24)):
        return None
    return _with_meridiem(line, at + 1, *symbol.numbers, sure=symbol.mark == "0")


def _hour_number(line: Line, at: int) -> Count | None:
    number = read_number(line, at)
    return number if number and 1 <= number.value <= 24 and not number.ordinal else None


def _half(line: Line, at: int, half_is_before: bool) -> Read | None:
    if not line.has(at, Tag.HALF):
        return None
    number = _hour_number(line, at + 1 + line.has(at + 1, Tag.PAST))
    if number is None or line.has(number.end, *_NOT_AN_HOUR):
        return None
    hour = number.value
    if half_is_before:
        hour = hour - 1 if hour > 1 else 12
    return _with_meridiem(line, number.end, hour, 30)


def _quarter(line: Line, at: int, half_is_before: bool) -> Read | None:
    """As in "quarter past nine", "viertel vor neun", and the eastern German "viertel neun" (8:15)."""
    three = line.has(at, Tag.THREE_QUARTERS)
    if not three and not line.has(at, Tag.QUARTER):
        return None
    past, to = line.has(at + 1, Tag.PAST, Tag.AFTER), line.has(at + 1, Tag.MINUTES_TO)
    number = _hour_number(line, at + 1 + (past or to))
    if number is None or (not past and not to and not half_is_before):
        return None
    if past:
        return _with_meridiem(line, number.end, number.value, 15)
    before = number.value - 1 if number.value > 1 else 12
    return _with_meridiem(line, number.end, before, 45 if to or three else 15)


def _minutes_from_hour(line: Line, at: int, half_is_before: bool, said_at: bool) -> Read | None:
    """As in "ten past nine", "five to two", "zehn nach neun", "fünf vor halb zehn"."""
    minutes = read_number(line, at)
    if minutes is None or minutes.ordinal or not 0 < minutes.value < 30:
        return None
    counted = line[minutes.end].name(Tag.UNIT) == "minute"
    link = minutes.end + counted
    past, to = line.has(link, Tag.PAST), line.has(link, Tag.MINUTES_TO)
    if line.has(link, Tag.AFTER) and not minutes.digits and minutes.value in _ROUND_MINUTES:
        past = True
    if not (past or to):
        return None
    a_range = line.has(link, Tag.TO) and minutes.digits and not (said_at or counted)
    if a_range or (minutes.value not in _ROUND_MINUTES and not counted):
        return None
    half = half_is_before and line.has(link + 1, Tag.HALF)
    number = _hour_number(line, link + 1 + half)
    if number is None or number.value > 12 or line.has(number.end, *_NOT_AN_HOUR):
        return None
    total = number.value * 60 - (30 if half else 0) + (minutes.value if past else -minutes.value)
    return _with_meridiem(line, number.end, (total // 60) or 12, total % 60)


def _noon(line: Line, at: int) -> Read | None:
    part = line[at].name(Tag.PART)
    if part == "noon":
        return Read(Clock(12, 0, sure=True), at + 1)
    if part == "midnight":
        return Read(Clock(24, 0, sure=True), at + 1)
    return None


def _dotted(line: Line, at: int, bare: bool) -> Read | None:
    """As in "9.30": always minutes in two digits, and some sign that a time is meant."""
    symbol = line[at]
    two_part_date = symbol.kind == Kind.DATE and symbol.mark == ".." and symbol.numbers[1] > 12
    if symbol.kind != Kind.DOTTED and not two_part_date:
        return None
    told = line.has(at + 1, Tag.CLOCK_WORD, Tag.MERIDIEM)
    if len(symbol.mark) == 2 and (told or bare) and symbol.numbers[1] < 60 and symbol.numbers[0] <= 24:
        return _with_meridiem(line, at + 1, *symbol.numbers[:2], sure=symbol.word[0] == "0")
    return None


def _counts_something(line: Line, count: Count, german: bool) -> bool:
    """Whether an unknown noun follows: "after 3 sessions". Names are not what is counted in English, and in
    German only nouns have capitals."""
    follower = line[count.end]
    return follower.kind == Kind.WORD and not follower.tags and follower.capital == german


def _hour(line: Line, at: int, bare: bool, german: bool, said_at: bool) -> Read | None:
    number = read_number(line, at)
    if number is None and line.has(at, Tag.ARTICLE) and line.has(at + 1, Tag.CLOCK_WORD):
        number = Count(1, at + 1)
    if number is None or number.ordinal:
        return None
    told = line.has(number.end, Tag.CLOCK_WORD, Tag.MERIDIEM)
    around = number.mark == "ish"
    end_of_sentence = number.mark == "." and line.has(number.end, Tag.STOP)
    if number.mark == "." and not (bare and (end_of_sentence or number.end >= len(line) or told)):
        return None
    if not told and _counts_something(line, number, german):
        return None
    if number.value >= 100:
        hour, minute = divmod(number.value, 100)
        if (told or said_at or (bare and number.value >= 1000)) and hour < 24 and minute < 60:
            return _with_meridiem(line, number.end, hour, minute, sure=number.mark == "0")
        return None
    if line.has(number.end, Tag.CLOCK_WORD):
        minutes = _minutes_behind(line, line.skip(number.end, Tag.CLOCK_WORD))
        if minutes:
            return _with_meridiem(line, minutes.end, number.value, minutes.value)
    elif not number.digits or bare:
        minutes = _minutes_behind(line, number.end)
        if minutes and number.value <= 12 and minutes.digits == number.digits and minutes.value >= 10:
            return _with_meridiem(line, minutes.end, number.value, minutes.value)
    if not (told or bare or around) or (not told and line.has(number.end, *_NOT_AN_HOUR)):
        return None
    if number.value > 24 and not told:
        return None
    read = _with_meridiem(line, number.end, number.value, 0, sure=number.mark == "0")
    return Read(read.clock, line.skip(read.end, Tag.AROUND_AFTER) if around else read.end, around)


def _minutes_behind(line: Line, at: int) -> Count | None:
    """The minutes after an hour: "9 Uhr 30", "ten thirty"."""
    minutes = read_number(line, at)
    if minutes is None or minutes.mark not in ("", "0") or not 1 <= minutes.value < 60:
        return None
    if line.has(minutes.end, *_NOT_AN_HOUR, Tag.CLOCK_WORD, Tag.MERIDIEM):
        return minutes if line.has(minutes.end, Tag.MERIDIEM) else None
    return minutes
