"""Reading which hours are meant: "at 3", "after 5pm", "between 2 and 4", "in the morning"."""

from chatbot.when.clocks import Read, read_clock
from chatbot.when.context import Context
from chatbot.when.items import PARTS, AnyHour, At, Between, Clock, EarlierHours, Hours, Op, Part
from chatbot.when.numbers import read_number
from chatbot.when.tags import Line, Tag

_THROUGH = (Tag.TO, Tag.UNTIL, Tag.DASH)
_OPS = ((Tag.AFTER, Op.AFTER), (Tag.BEFORE, Op.BEFORE), (Tag.UNTIL, Op.UNTIL), (Tag.FROM, Op.FROM))
_NO_CLOCK = ("after_work", "before_work", "after_school", "after_lunch", "before_lunch")


def read_hours(line: Line, at: int, context: Context, *, bare: bool) -> tuple[Hours, int] | None:
    """The hours that are named here; a number without a word like "at" counts when `bare`."""
    return (
        _between(line, at, context)
        or _bounded(line, at, context)
        or _at(line, at, context, bare=bare or _number_is_time(line, at, context))
        or _part(line, at)
        or _referred(line, at)
    )


def _number_is_time(line: Line, at: int, context: Context) -> bool:
    """As in "9 tomorrow", "1-2 on Monday", "9 or 9:30", "can you do 8?": only at the beginning of what is said."""
    number = read_number(line, at)
    if number is None or number.mark or not (at == 0 or line.has(at - 1, Tag.FILLER, Tag.COMMA, Tag.STOP, Tag.OR)):
        return False
    if line.has(number.end, Tag.DASH, Tag.TO) and (last := read_number(line, number.end + 1)) and not last.mark:
        return line.has(line.skip(last.end, Tag.ON), Tag.RELATIVE, Tag.WEEKDAY)
    if line.has(at - 1, Tag.PROPOSING) and line.has(number.end, Tag.STOP, Tag.COMMA):
        return number.digits
    if line.has(number.end, Tag.OR, Tag.COMMA) and _clock(line, number.end + 1, context, bare=False):
        return True
    return line.has(line.skip(number.end, Tag.ON), Tag.RELATIVE, Tag.WEEKDAY)


def _clock(line: Line, at: int, context: Context, *, bare: bool, said_at: bool = False) -> Read | None:
    return read_clock(line, at, bare=bare, half_is_before=context.german, said_at=said_at)


def _pair(line: Line, at: int, context: Context, links: tuple[Tag, ...], *, told: bool) -> tuple[Hours, int] | None:
    """Two times with a link: "2 to 4pm"; one of them must tell that it is a time, unless `told` already."""
    first = _clock(line, line.skip(at, Tag.AT), context, bare=True)
    if first is None or not line.has(first.end, *links):
        return None
    second_at = line.skip(first.end + 1, Tag.AT, Tag.UNTIL, Tag.TO, Tag.AROUND)
    last = _clock(line, second_at, context, bare=True)
    if last is None:
        return None
    if not told and not _clock(line, at, context, bare=False) and not _clock(line, second_at, context, bare=False):
        return None
    return Between(_like(first.clock, last.clock), last.clock), last.end


def _like(first: Clock, last: Clock) -> Clock:
    """In "2-4pm" both are after noon; "11-1pm" begins before it."""
    if first.sure or not last.sure or first.hour > 12:
        return first
    start, end = first.hour % 12 * 60 + first.minute, last.hour * 60 + last.minute
    afternoon = start + 12 * 60 < end
    return Clock(first.hour % 12 + 12 * afternoon, first.minute, sure=True)


def _between(line: Line, at: int, context: Context) -> tuple[Hours, int] | None:
    if line.has(at, Tag.BETWEEN):
        return _pair(line, at + 1, context, (Tag.AND, *_THROUGH), told=True)
    if line.has(at, Tag.FROM):
        return _pair(line, at + 1, context, _THROUGH, told=True)
    return None


def _bounded(line: Line, at: int, context: Context) -> tuple[Hours, int] | None:
    for tag, op in _OPS:
        if not line.has(at, tag):
            continue
        operand = line.skip(at + 1, Tag.AT, Tag.THE, Tag.AROUND)
        read = _clock(line, operand, context, bare=True, said_at=op != Op.FROM)
        if read is not None:
            return At(op, read.clock), line.skip(read.end, Tag.ONWARDS, Tag.AROUND_AFTER)
        part = line[operand].name(Tag.PART)
        if part and part not in _NO_CLOCK:
            return _beside_part(op, part), operand + 1
    return None


def _beside_part(op: Op, part: str) -> Hours:
    """As in "after lunch", "before noon", "until the evening": bounded by the usual beginning or end of it."""
    start, end = PARTS[part]
    minutes = end if op == Op.AFTER else start
    if op == Op.UNTIL and part != "evening":
        minutes = end
    return At(Op.FROM if op in (Op.AFTER, Op.FROM) else Op.BEFORE, Clock(minutes // 60, minutes % 60, sure=True))


def _at(line: Line, at: int, context: Context, *, bare: bool) -> tuple[Hours, int] | None:
    """As in "at 3", "9:30", "around noon", "3 or later", "10-12"."""
    said_at = line.has(at, Tag.AT)
    around = line.has(at, Tag.AROUND) or (said_at and line.has(at + 1, Tag.AROUND))
    start = line.skip(at, Tag.AT, Tag.AROUND)
    if not said_at and not around and line.has(at, Tag.FOR, Tag.THE) and line.skip(at, Tag.FOR, Tag.THE) > at:
        start = line.skip(at, Tag.FOR, Tag.THE)
        if _clock(line, start, context, bare=False) is None:
            return None
    pair = _pair(line, start, context, _THROUGH, told=said_at or bare)
    if pair:
        return pair
    read = _clock(line, start, context, bare=bare or said_at or around, said_at=said_at)
    if read is None:
        return None
    end = line.skip(
        read.end + (line.has(read.end, Tag.DASH) and line.has(read.end + 1, Tag.AROUND_AFTER)), Tag.AROUND_AFTER
    )
    if line.has(end, Tag.OR) and line[end + 1].word == "so" and not line[end + 1].capital:
        end += 2  # German "oder so"
    around = around or read.around or end > read.end
    if line.has(end, Tag.ONWARDS) or _trails_off(line, end, Tag.AFTER):
        return At(Op.FROM, read.clock), end + (1 if line.has(end, Tag.ONWARDS) else 2)
    if line.has(end, Tag.AT_LATEST) or _trails_off(line, end, Tag.BEFORE):
        return At(Op.UNTIL, read.clock), end + (1 if line.has(end, Tag.AT_LATEST) else 2)
    return At(Op.AROUND if around else Op.AT, read.clock), end


def _trails_off(line: Line, at: int, side: Tag) -> bool:
    """The "or after" of "at 3 or after", when no other time follows."""
    return line.has(at, Tag.OR, Tag.AND) and line.has(at + 1, side) and line.has(at + 2, Tag.STOP, Tag.COMMA)


def _part(line: Line, at: int) -> tuple[Hours, int] | None:
    start = line.skip(at, Tag.IN, Tag.ON, Tag.THE, Tag.FOR, Tag.AT, Tag.AROUND, Tag.EVERY, Tag.ANY)
    if line.has(start, Tag.ANYTIME):
        return AnyHour(), start + 1
    modifier, name_at = "", start
    if line.has(start, Tag.EARLY, Tag.LATE) and line.has(start + 1, Tag.PART):
        modifier, name_at = ("early_" if line.has(start, Tag.EARLY) else "late_"), start + 1
    name = line[name_at].name(Tag.PART)
    if name in ("", "noon", "midnight"):
        return None
    recurring = line.has(name_at, Tag.PLURAL) or line.has(at, Tag.EVERY, Tag.ANY)
    if modifier and name in ("morning", "afternoon", "evening"):
        name = modifier + name
    return Part(name, recurring), name_at + 1


def _referred(line: Line, at: int) -> tuple[Hours, int] | None:
    """As in "the same time", "another time"."""
    start = line.skip(at, Tag.AT, Tag.THE)
    if line.has(start, Tag.SAME, Tag.OTHER) and line.has(start + 1, Tag.TIME_OF_DAY):
        return EarlierHours(other=line.has(start, Tag.OTHER)), start + 2
    return None
