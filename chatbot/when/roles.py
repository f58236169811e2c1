"""Taking out of a message what looks like a time and is none: how long it has hurt, ages, names, greetings."""

from chatbot.when.numbers import read_amount
from chatbot.when.tags import Kind, Line, Symbol, Tag
from chatbot.when.tokens import GUESSED

_TIME = (
    Tag.WEEKDAY, Tag.WEEKDAYS, Tag.MONTH, Tag.RELATIVE, Tag.PAST_DAY, Tag.PART, Tag.MERIDIEM, Tag.CLOCK_WORD,
    Tag.HALF, Tag.QUARTER, Tag.THREE_QUARTERS, Tag.NUMBER, Tag.ORDINAL, Tag.UNIT, Tag.NEXT, Tag.THIS, Tag.COMING,
    Tag.HOLIDAY, Tag.ASAP, Tag.SEASON, Tag.DAY_AFTER,
)  # fmt: skip
_NAMES_A_DAY = (Tag.WEEKDAY, Tag.WEEKDAYS, Tag.RELATIVE, Tag.MONTH, Tag.PAST_DAY, Tag.HOLIDAY, Tag.SEASON)
_FUTURE = (Tag.NEXT, Tag.COMING, Tag.AFTER_NEXT, Tag.MONTH, Tag.HOLIDAY)
_LINKING = (Tag.AT, Tag.ON, Tag.IN, Tag.THE, Tag.OF, Tag.ARTICLE, Tag.LAST, Tag.START, Tag.END, Tag.EARLY, Tag.LATE)
_LEADS_A_DAY = (
    Tag.ON, Tag.NEXT, Tag.THIS, Tag.COMING, Tag.AFTER_NEXT, Tag.EVERY, Tag.BETWEEN, Tag.UNTIL, Tag.FROM,
    Tag.NOT, Tag.EXCEPT,
)  # fmt: skip
_LEADS_A_MONTH = (
    Tag.IN, Tag.OF, Tag.NEXT, Tag.COMING, Tag.EARLY, Tag.LATE, Tag.MID, Tag.START, Tag.END, Tag.UNTIL, Tag.FROM,
)  # fmt: skip
_JOINS = (Tag.OR, Tag.AND, Tag.TO, Tag.DASH, Tag.COMMA)
_HIGHEST_SCORE = 10
_REACH = 4  # symbols between a word about pain and its score


def without_other_roles(line: Line) -> Line:
    """The line with the symbols of other roles made mute, so that no reading goes through them."""
    muted = [symbol.kind == Kind.OTHER or symbol.has(Tag.NOISE) for symbol in line.symbols]
    settled = Line(_settled(line, at) for at in range(len(line)))
    for mute in (_moved_from, _names, _weak_words, _stretches_of_past, _counts, _pain_scores, _complaints):
        mute(settled, muted)
        settled = Line(_mute(symbol) if gone else symbol for symbol, gone in zip(settled.symbols, muted, strict=True))
    return settled


def _mute(symbol: Symbol) -> Symbol:
    return Symbol(Kind.OTHER, symbol.word, {}, symbol.start, symbol.end, capital=symbol.capital)


def _settled(line: Line, at: int) -> Symbol:
    """German "morgen" is tomorrow, but the morning after a day or "am"."""
    symbol = line[at]
    if not symbol.has(Tag.RELATIVE) or not symbol.has(Tag.PART):
        return symbol
    before = line[at - 1]
    a_morning = before.has(Tag.WEEKDAY, Tag.RELATIVE, Tag.ON, Tag.EVERY, Tag.THIS, Tag.EARLY, Tag.PAST_DAY)
    dropped = Tag.RELATIVE if a_morning and not before.has(Tag.PART) else Tag.PART
    tags = {tag: value for tag, value in symbol.tags.items() if tag != dropped}
    return Symbol(symbol.kind, symbol.word, tags, symbol.start, symbol.end, capital=symbol.capital)


def _moved_from(line: Line, muted: list[bool]) -> None:
    """As in "move it from Thursday to Friday", "my Thursday visit to Friday": only the new time is wanted."""
    if not any(symbol.has(Tag.MOVE) for symbol in line.symbols):
        return
    for at, symbol in enumerate(line.symbols):
        if not (symbol.has(Tag.TO) and not symbol.has(Tag.DASH)) and not symbol.word.startswith("auf"):
            continue
        start = next((place for place in range(at - 1, -1, -1) if line.has(place, Tag.FROM)), None)
        new = line.skip(at + 1, Tag.THE)
        to_day = line.has(new, *_NAMES_A_DAY, Tag.NEXT, Tag.THIS, Tag.ORDINAL) or _is_written(line[new])
        if start is not None or to_day:
            old = range(start or 0, at)
            _mute_times(line, muted, [p for p in old if to_day or not line.has(p, *_NAMES_A_DAY)])
            muted[at] = True
            if start is not None:
                muted[start] = True
            return


def _is_written(symbol: Symbol) -> bool:
    return symbol.kind in (Kind.DATE, Kind.ISO) or symbol.mark == "th"


def _names(line: Line, muted: list[bool]) -> None:
    """As in "Dr April", "my name is May Summers": after a title or "I'm" a day or month is a name."""
    for at, symbol in enumerate(line.symbols):
        sure = symbol.number(Tag.TITLE) == 1 if symbol.has(Tag.TITLE) else False
        if symbol.has(Tag.TITLE):
            muted[at] = True
            reach = range(at + 1, at + 2)
        elif symbol.has(Tag.NAME_CUE) and not muted[at]:
            sure = symbol.number(Tag.NAME_CUE) == 2
            muted[at] = sure
            reach = range(at + 1, at + 3)
        else:
            continue
        for name_at in reach:
            name = line[name_at]
            if name_at < len(line) and name.kind == Kind.WORD and _is_name(name, sure=sure):
                muted[name_at] = True


def _is_name(symbol: Symbol, *, sure: bool) -> bool:
    return symbol.has(Tag.WEAK) or (symbol.capital and (sure or symbol.mark == GUESSED))


def _weak_words(line: Line, muted: list[bool]) -> None:
    """As in "sun", "sat", "may", "do": days and months only beside other words of time."""
    for at, symbol in enumerate(line.symbols):
        if symbol.has(Tag.WEAK) and not (
            _is_weekday_here(line, at) if symbol.has(Tag.WEEKDAY) else _is_month_here(line, at)
        ):
            muted[at] = True


def _is_weekday_here(line: Line, at: int) -> bool:
    symbol, before, after = line[at], line[at - 1], line[at + 1]
    weak = symbol.number(Tag.WEAK) == 1
    if before.has(*_LEADS_A_DAY) or (symbol.mark == "." and (weak or len(line) == 1)):
        return True
    like_it = Tag.WEEKDAY if weak or symbol.capital else Tag.WEAK
    if after.has(*_JOINS) and line.has(at + 2, Tag.WEEKDAY) and line.has(at + 2, like_it):
        return True
    if before.has(*_JOINS) and line.has(at - 2, Tag.WEEKDAY) and line.has(at - 2, like_it):
        return True
    if symbol.mark == "." and after.kind == Kind.DATE:
        return True
    timed = after.kind == Kind.CLOCK or after.has(Tag.PART) or line.has(at + 2, Tag.MERIDIEM, Tag.CLOCK_WORD)
    if timed or (weak and (after.kind in (Kind.NUMBER, Kind.DATE) or after.has(Tag.AT))):
        return True
    return len(line) <= 2 and (symbol.capital or weak or len(line) == 1)


def _is_month_here(line: Line, at: int) -> bool:
    before, after = line[at - 1], line[at + 1]
    surely_month = line[at].number(Tag.WEAK) == 1
    if not surely_month and (after.has(Tag.AUXILIARY) or (after.kind == Kind.WORD and not after.tags)):
        return before.has(Tag.IN, Tag.OF, Tag.ORDINAL) or before.mark == "th"
    if (
        before.has(*_LEADS_A_MONTH)
        or (surely_month and before.has(Tag.THIS))
        or before.has(Tag.ORDINAL)
        or (before.kind == Kind.NUMBER and before.mark != "ish")
    ):
        return True
    if before.has(Tag.NUMBER) and before.kind == Kind.WORD:
        return True
    number = after if after.kind == Kind.NUMBER or after.has(Tag.ORDINAL) else line[at + 2]
    if after.has(Tag.THE) or number is after:
        return (number.kind == Kind.NUMBER or number.has(Tag.ORDINAL)) and not line.has(at + 2, Tag.COUNTED, Tag.UNIT)
    beside = line.has(at + 2, Tag.MONTH) and after.has(*_JOINS)
    beside = beside or (before.has(*_JOINS) and line.has(at - 2, Tag.MONTH, *_LEADS_A_MONTH))
    return beside or len(line) == 1


def _stretches_of_past(line: Line, muted: list[bool]) -> None:
    """As in "since Monday", "3 days ago", "vor zwei Wochen", "last Tuesday at 9", "yesterday evening", "born 3.4.80"."""
    for at, symbol in enumerate(line.symbols):
        if symbol.has(Tag.SINCE, Tag.BORN) or symbol.has(Tag.PAST_DAY):
            _mute_chain(line, muted, at, at + 1)
        elif symbol.has(Tag.AGO_BEFORE):
            amount = read_amount(line, line.skip(at + 1, Tag.AROUND))
            if amount is not None and line.has(amount.end, Tag.UNIT):
                _mute_chain(line, muted, at, amount.end + 1)
        elif symbol.has(Tag.AGO) and line.has(at - 1, Tag.UNIT):
            start = at - 1
            while start > 0 and line.has(start - 1, Tag.NUMBER, Tag.ARTICLE, Tag.AROUND, Tag.AND, Tag.OR, Tag.HALF):
                start -= 1
            muted[start : at + 1] = [True] * (at + 1 - start)
        elif symbol.has(Tag.LAST):
            _mute_last(line, muted, at)


def _mute_last(line: Line, muted: list[bool], at: int) -> None:
    after = line.skip(at + 1, Tag.NUMBER)
    if not line.has(after, Tag.WEEKDAY, Tag.UNIT, Tag.PART, Tag.MONTH, Tag.WEEKDAYS):
        return
    if line.has(at - 1, Tag.NUMBER, Tag.HALF, Tag.QUARTER):
        return
    linked = line.skip(after + 1, Tag.OF, Tag.IN, Tag.THE)
    of_month = linked > after + 1 and (line.has(linked, Tag.MONTH) or line.has(linked, Tag.NEXT, Tag.THIS))
    if line.has(after, Tag.WEEKDAY, Tag.UNIT) and of_month:
        return
    _mute_chain(line, muted, at, after + 1)


def _mute_chain(line: Line, muted: list[bool], start: int, end: int) -> None:
    """Mutes from start to end, and the words of time that hang on behind."""
    while end < len(line):
        beyond = end
        while beyond < len(line) and line.has(beyond, *_LINKING) and not line.has(beyond, *_TIME):
            beyond += 1
        symbol = line[beyond]
        if symbol.kind not in (Kind.CLOCK, Kind.DATE, Kind.ISO, Kind.DOTTED) and not symbol.has(*_TIME, Tag.LAST):
            break
        if symbol.has(*_FUTURE) and not symbol.has(Tag.MONTH):
            break
        end = beyond + 1
    muted[start:end] = [True] * (end - start)


def _counts(line: Line, muted: list[bool]) -> None:
    """As in "2 teeth", "tooth 12", "35 years": numbers of things."""
    for at, symbol in enumerate(line.symbols):
        if symbol.kind != Kind.NUMBER and not symbol.has(Tag.NUMBER):
            continue
        after = line[at + 1]
        years = after.name(Tag.UNIT) == "year" and not line.has(at - 1, Tag.IN, Tag.NEXT)
        counted = after.has(Tag.COUNTED) and after.number(Tag.COUNTED) == 1 and not after.has(Tag.UNIT)
        labelled = symbol.kind == Kind.NUMBER and line.has(at - 1, Tag.LABEL) and symbol.mark != "th"
        if years or counted or (labelled and not after.has(Tag.MERIDIEM, Tag.CLOCK_WORD)):
            muted[at] = True


def _pain_scores(line: Line, muted: list[bool]) -> None:
    """As in "pain 8/10", "8 out of 10", "pain level at 8"."""
    for at, symbol in enumerate(line.symbols):
        near = line.symbols[max(0, at - _REACH) : at] + line.symbols[at + 1 : at + 3]
        about_pain = any(other.has(Tag.PAIN) for other in near)
        if symbol.kind == Kind.DATE and symbol.mark == "/" and symbol.numbers[1:] == (_HIGHEST_SCORE,):
            if symbol.numbers[0] <= _HIGHEST_SCORE and about_pain and not line.has(at - 1, Tag.ON, Tag.FOR):
                muted[at] = True
        elif symbol.kind == Kind.NUMBER and symbol.numbers[0] <= _HIGHEST_SCORE and about_pain:
            told = line.has(at + 1, Tag.MERIDIEM, Tag.CLOCK_WORD, Tag.UNIT, Tag.MONTH, Tag.DASH)
            before = line.symbols[max(0, at - _REACH + 1) : at]
            same_clause = not any(other.has(Tag.COMMA, Tag.STOP) for other in before)
            if not told and same_clause and any(other.has(Tag.PAIN) for other in before) and not symbol.mark:
                muted[at] = True


def _complaints(line: Line, muted: list[bool]) -> None:
    """As in "it started on Monday", "it hurts in the evening": a clause about the complaint that asks for nothing."""
    start = 0
    for at in range(len(line) + 1):
        if at < len(line) and not _parts_clauses(line, at):
            continue
        clause = range(start, at)
        start = at
        asks = any(line.has(place, Tag.INTENT) for place in clause)
        if asks or any(_surely_ahead(line, place) for place in clause):
            continue
        tells = any(line.has(place, Tag.COMPLAINT) for place in clause)
        nouns = [place for place in clause if line.has(place, Tag.COMPLAINT_NOUN)]
        if tells:
            _mute_times(line, muted, clause)
        elif nouns and not any(line.has(place, *_NAMES_A_DAY) for place in clause):
            _mute_times(line, muted, [p for p in clause if p > nouns[0] and not line.has(p, Tag.ASAP)])


def _mute_times(line: Line, muted: list[bool], places: range | list[int]) -> None:
    for place in places:
        symbol = line[place]
        if symbol.kind in (Kind.CLOCK, Kind.NUMBER, Kind.DATE, Kind.ISO, Kind.DOTTED) or symbol.has(
            *_TIME, Tag.EVERY, Tag.ANY, Tag.EARLY, Tag.LATE
        ):
            muted[place] = True


def _surely_ahead(line: Line, at: int) -> bool:
    """As in "tomorrow", "next …", a written date: nothing that has happened already."""
    symbol = line[at]
    return (
        symbol.has(Tag.NEXT, Tag.COMING, Tag.AFTER_NEXT)
        or symbol.kind in (Kind.DATE, Kind.ISO)
        or (symbol.has(Tag.RELATIVE) and symbol.number(Tag.RELATIVE) > 0)
    )


def _parts_clauses(line: Line, at: int) -> bool:
    symbol = line[at]
    if symbol.kind == Kind.SIGN and not symbol.has(Tag.DASH, Tag.OR, Tag.AND, Tag.AT):
        return True
    return symbol.has(Tag.AND, Tag.BUT) and line.has(at + 1, Tag.PRONOUN)
