"""Days that are over, where a message asks for nothing else: "yesterday", "to last Monday", "can I come yesterday at 9?"."""

from chatbot.when.tags import Kind, Line, Tag

_DAYS = (Tag.WEEKDAY, Tag.WEEKDAYS, Tag.MONTH)
_PERIODS = ("week", "fortnight", "month", "year")  # "the last hour", "the last day" are those of some period ahead
_HOURS = (Tag.PART, Tag.CLOCK_WORD, Tag.MERIDIEM, Tag.HALF, Tag.QUARTER, Tag.NUMBER)
_ASKING = (
    Tag.FILLER, Tag.INTENT, Tag.MOVE, Tag.ON, Tag.AT, Tag.IN, Tag.THE, Tag.FOR, Tag.TO, Tag.NO, Tag.OR, Tag.COMMA, Tag.STOP,
)  # fmt: skip
_TELLING = (Tag.SINCE, Tag.AGO, Tag.BORN, Tag.COMPLAINT, Tag.COMPLAINT_NOUN, Tag.PAIN)


def bygone_in(line: Line) -> tuple[int, int] | None:
    """The characters of a day that is over and of the hour beside it; None where there is none, or where other words tell of
    what happened then. Takes the line with all its symbols."""
    past = {place for at in range(len(line)) for place in _past_day(line, at)}
    if not past:
        return None
    beside = [at for at in range(len(line)) if at not in past]
    hours = {at for at in beside if line[at].kind in (Kind.CLOCK, Kind.DOTTED) or line.has(at, *_HOURS)}
    if any(line.has(at, *_TELLING) or not (at in hours or line.has(at, *_ASKING)) for at in beside):
        return None
    time = sorted(past | hours)
    return line[time[0]].start, line[time[-1]].end


def _past_day(line: Line, at: int) -> range:
    """The places of "yesterday" or of "last Monday"; none when no such words begin here."""
    symbol, after = line[at], line[at + 1]
    if symbol.has(Tag.PAST_DAY) and symbol.number(Tag.PAST_DAY):
        return range(at, at + 1)
    named = after.has(*_DAYS) or after.name(Tag.UNIT) in _PERIODS
    return range(at, at + 2) if symbol.has(Tag.LAST) and named else range(0)
