"""From the line of symbols to the days and hours in it, each with how it is joined to the one before."""

from dataclasses import dataclass, field

from chatbot.when.context import Context
from chatbot.when.days import read_days
from chatbot.when.hours import read_hours
from chatbot.when.items import (
    DAY_ITEMS,
    HOUR_ITEMS,
    AnyDay,
    AnyHour,
    At,
    Between,
    Bound,
    CalendarDay,
    Change,
    Day,
    Elapsed,
    Hours,
    Join,
    Part,
    Period,
    Piece,
    Run,
    Soonest,
)
from chatbot.when.numbers import read_amount, read_number, read_ordinal
from chatbot.when.periods import DAYS_IN
from chatbot.when.tags import Line, Tag

_LINKING = (Tag.ON, Tag.IN, Tag.THE, Tag.FOR, Tag.AT, Tag.OF, Tag.FILLER, Tag.AROUND, Tag.ARTICLE, Tag.THIS)
_NEVER_BEGINS = frozenset({
    Tag.FILLER, Tag.INTENT, Tag.PRONOUN, Tag.COMPLAINT, Tag.COMPLAINT_NOUN, Tag.COUNTED, Tag.LABEL, Tag.PAIN, Tag.TITLE,
    Tag.NAME_CUE, Tag.CLOSING, Tag.AUXILIARY, Tag.MOVE, Tag.AND, Tag.OR, Tag.COMMA, Tag.STOP, Tag.DASH, Tag.NOT, Tag.NO,
    Tag.BUT, Tag.EXCEPT, Tag.RULED_OUT, Tag.OF, Tag.TO, Tag.MINUTES_TO, Tag.TIME_OF_DAY,
})  # fmt: skip
_OLDEST_YEAR_BACK = 1  # an earlier date is a birth date, not a wish
_RULED_OUT_WITHIN = 3  # symbols between a day and its "doesn't work"
_MINUTES_IN = {"minute": 1, "hour": 60}

Item = Day | Hours | Elapsed | Soonest | Change


def read_pieces(line: Line, context: Context) -> list[Piece]:
    return _Reading(line, context).pieces()


@dataclass
class _Reading:
    line: Line
    context: Context
    found: list[Piece] = field(default_factory=list)
    join: Join = Join.NONE
    ruling_out: bool = False
    listing: bool = False  # ruling out goes on past a comma, as after "except"
    last_end: int = -1  # the place after the last piece
    beginning: bool = True

    def pieces(self) -> list[Piece]:
        at = 0
        while at < len(self.line):
            read = self._read(at)
            if read is None or read[1] <= at:
                self._pass(at)
                at += 1
            else:
                item, end = read
                self._add(item, at, end)
                at = end
            self.beginning = False
        return self.found

    def _read(self, at: int) -> tuple[Item, int] | None:
        """The reading that takes the most words; a day rather than a time when they take the same."""
        line, context = self.line, self.context
        if not line[at].numbers and line[at].tags.keys() <= _NEVER_BEGINS:
            return None
        days = read_days(line, at, context)
        hours = read_hours(line, at, context, bare=self._number_is_time(at))
        found: list[tuple[Item, int] | None] = [_soonest(line, at), days, self._listed_day(at), hours, self._early(at)]
        if days is None:
            found.append(_change(line, at))
        return max((read for read in found if read), key=lambda read: read[1], default=None)

    def _number_is_time(self, at: int) -> bool:
        """As in "tomorrow 9", "at 9 or 10": a number directly after a day, or listed after a time."""
        if not self.found:
            return False
        last = self.found[-1].item
        if isinstance(last, (*DAY_ITEMS, Part)):
            return self.line.skip(self.last_end, Tag.COMMA, Tag.FILLER) == at and not isinstance(last, AnyDay)
        listed = self.line.skip(self.last_end, Tag.COMMA, Tag.OR, Tag.AND, Tag.FILLER) == at
        return isinstance(last, At | Between) and listed and at > self.last_end

    def _listed_day(self, at: int) -> tuple[Item, int] | None:
        """The 4 of "December 3 or 4" and of "am 3. oder 4."."""
        last = self.found[-1].item if self.found else None
        if not isinstance(last, CalendarDay) or self.join not in (Join.OR, Join.AND, Join.COMMA):
            return None
        number = read_number(self.line, at) if last.month else read_ordinal(self.line, at)
        if number is None or not 1 <= number.value <= 31 or self.line.has(number.end, Tag.MERIDIEM, Tag.CLOCK_WORD):
            return None
        if self.line.skip(self.last_end, Tag.COMMA, Tag.OR, Tag.AND, Tag.THE, Tag.ON) != at or self.line.has(
            at, Tag.ARTICLE
        ):
            return None
        return CalendarDay(number.value, last.month, last.year), number.end

    def _early(self, at: int) -> tuple[Item, int] | None:
        """As in "early on Monday", "Friday, late"."""
        if not self.line.has(at, Tag.EARLY, Tag.LATE):
            return None
        after_day = self.found and isinstance(self.found[-1].item, DAY_ITEMS) and self.last_end == at
        if not after_day and read_days(self.line, at + 1, self.context) is None:
            return None
        return Part("early" if self.line.has(at, Tag.EARLY) else "late"), at + 1

    def _add(self, item: Item, at: int, end: int) -> None:
        line = self.line
        excluded = self.ruling_out and not self._ends_ruling_out(item)
        piece = Piece(item, line[at].start, line[end - 1].end, self.join, excluded)
        self.join, self.last_end = Join.NONE, end
        if _long_ago(item, self.context):
            return
        self.ruling_out = excluded
        self.found.append(piece)

    def _ends_ruling_out(self, item: Item) -> bool:
        """In "any day but Friday after 3" the hours say what is wanted, in "not Friday afternoon" they do not; in
        "any time except 12 to 2 tomorrow" the day does."""
        last = self.found[-1] if self.found else None
        if last is None or not last.excluded:
            return False
        if isinstance(item, DAY_ITEMS) and isinstance(last.item, HOUR_ITEMS):
            return all(isinstance(piece.item, AnyHour) for piece in self.found if not piece.excluded)
        if not isinstance(item, HOUR_ITEMS) or not isinstance(last.item, DAY_ITEMS):
            return False
        wanted = [piece.item for piece in self.found if not piece.excluded]
        waits = bool(wanted) and not any(isinstance(said, HOUR_ITEMS) for said in wanted if said != AnyHour())
        return waits and (isinstance(item, At | Between) or self.join == Join.COMMA)

    def _pass(self, at: int) -> None:
        """A symbol that is part of no day or time, but may join, part or rule out."""
        symbol = self.line[at]
        if self._rules_out_before(at):
            return
        if symbol.has(Tag.EXCEPT):
            self.ruling_out = self.listing = True
        elif symbol.has(Tag.NO) and not self._corrects(at):
            self.ruling_out = True
        elif symbol.has(Tag.NOT) and (symbol.number(Tag.NOT) == 1 or at == self.last_end):
            self.ruling_out, self.listing = True, False
        elif symbol.has(Tag.BUT):
            last = self.found[-1] if self.found else None
            rules_out = last is not None and _means_all(last.item) and at == self.last_end
            self.ruling_out, self.join = rules_out, self.join if rules_out else Join.GAP
        elif symbol.has(Tag.OR):
            self.join = Join.OR
        elif symbol.has(Tag.AND):
            self.join = self.join if self.join == Join.OR else Join.AND
        elif symbol.has(Tag.COMMA):
            self.join = Join.COMMA if self.join == Join.NONE else self.join
            self.ruling_out = self.ruling_out and self.listing
        elif symbol.has(Tag.STOP):
            self.ruling_out, self.join = False, Join.GAP
        elif not symbol.has(*_LINKING):
            if not (symbol.has(Tag.DASH) or self.join == Join.OR):
                self.join = Join.GAP
            self.ruling_out = False

    def _corrects(self, at: int) -> bool:
        """The "no" of "no, Friday" and "no Friday rather", unlike that of "no Fridays"."""
        return (at == 0 and not self.line.has(at + 1, Tag.PLURAL)) or self.line.has(at + 1, Tag.COMMA, Tag.STOP)

    def _rules_out_before(self, at: int) -> bool:
        """As in "Monday doesn't work": rules out what was named just before, back to where something else was said."""
        line = self.line
        if not line.has(at, Tag.RULED_OUT) or not self.found or self.found[-1].excluded:
            return False
        between = range(self.last_end, at)
        if len(between) > _RULED_OUT_WITHIN or any(line.has(place, Tag.COMMA, Tag.STOP) for place in between):
            return False
        if line.has(at, Tag.NOT, Tag.NO) and self._names_time(at + 1):
            return False
        for piece in reversed(self.found):
            piece.excluded = True
            if piece.join in (Join.GAP, Join.COMMA):
                break
        self.join, self.ruling_out = Join.GAP, False
        return True

    def _names_time(self, at: int) -> bool:
        following = self.line.skip(at, Tag.FILLER, Tag.THE, Tag.ON)
        return bool(
            read_days(self.line, following, self.context) or read_hours(self.line, following, self.context, bare=False)
        )


def _means_all(item: Item) -> bool:
    """The "any day" and "any morning" that a "but" takes something from."""
    return isinstance(item, AnyDay | AnyHour) or (isinstance(item, Part) and item.recurring)


def _long_ago(item: Item, context: Context) -> bool:
    if isinstance(item, Period):
        return item.last.year < context.today.year - _OLDEST_YEAR_BACK
    days = (item.first, item.last) if isinstance(item, Run) else (item.day,) if isinstance(item, Bound) else (item,)
    oldest = context.today.year - _OLDEST_YEAR_BACK
    return any(isinstance(day, CalendarDay) and day.year is not None and day.year < oldest for day in days)


def _soonest(line: Line, at: int) -> tuple[Soonest, int] | None:
    start = line.skip(at, Tag.THE)
    return (Soonest(), start + 1) if line.has(start, Tag.ASAP) else None


def _change(line: Line, at: int) -> tuple[Change, int] | None:
    """As in "later", "two hours earlier", "eine Woche später"."""
    half = line.has(line.skip(at, Tag.ARTICLE), Tag.HALF)
    start = line.skip(at, Tag.ARTICLE) + 1 if half else at
    amount = read_amount(line, line.skip(start, Tag.ARTICLE) if half and not line.has(start, Tag.ARTICLE) else start)
    unit_at = amount.end if amount else line.skip(start, Tag.ARTICLE)
    unit = line[unit_at].name(Tag.UNIT)
    if unit and line.has(unit_at + 1, Tag.LATER):
        direction = line[unit_at + 1].number(Tag.LATER)
        count = min(amount.value if amount else 1, 1_000)
        if unit in _MINUTES_IN:
            minutes = 30 if half else count * _MINUTES_IN[unit]
            return Change(direction, minutes=minutes), unit_at + 2
        days = count * DAYS_IN.get(unit, 30)
        return Change(direction, days=days), unit_at + 2
    if line.has(at, Tag.LATER):
        return Change(line[at].number(Tag.LATER)), at + 1
    return None
