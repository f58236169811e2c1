"""Words about dates and times become windows; the words around them are left for others to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatbot.when.bygone import bygone_in
from chatbot.when.calendar import Span
from chatbot.when.clauses import Wishes, wishes_of, without_loose_references
from chatbot.when.context import Context, days_on
from chatbot.when.english import ENGLISH
from chatbot.when.german import GERMAN
from chatbot.when.items import Piece
from chatbot.when.lexicon import WORD_OF_TIME, Lexicon, fold
from chatbot.when.model import Exactness, Problem, When, Window
from chatbot.when.pieces import read_pieces
from chatbot.when.placing import Frame, Placed, place
from chatbot.when.plan import Plan
from chatbot.when.readback import Telling, runs_of
from chatbot.when.roles import without_other_roles
from chatbot.when.spans import spans_of, text_of
from chatbot.when.styles import style_for
from chatbot.when.tags import Line
from chatbot.when.timetable import ALL_DAY, Interval
from chatbot.when.tokens import LONGEST_TEXT, symbols_of
from chatbot.when.wallclock import windows_of

_LEXICONS = {"en": ENGLISH, "de": GERMAN}
_OTHER_WORDS = {
    code: frozenset[str]().union(*(other.known for name, other in _LEXICONS.items() if name != code))
    for code in _LEXICONS
}
_YEARS = range(1900, 4000)
_WORD = re.compile(r"(?<!\w)[^\W\d_](?:['’]?[^\W\d_])+(?!\w)")
_LONGEST_STRAY = 31  # days told of a wish that lies outside past and horizon


def understand(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str = "en",
    day_first: bool = True,
    horizon_days: int = 400,
    previous: When | None = None,
) -> When | None:
    """The windows that a message asks for in words, or None when it names no time.

    `now` is an instant (aware), `zone` the clinic's; all windows lie between now and the last of `horizon_days`
    days. `language` ("en", "de", with or without region) is that of the conversation: the answer's readback is
    in it, and it is tried first; a message in the other one is understood too, and `When.language` tells.
    `day_first` reads 3/12 as 3 December. With `previous`, what the message leaves open is taken from there.
    Only the first 2,000 characters are read. Raises ValueError when `now` is naive or outside 1900–3999.
    """
    if now.utcoffset() is None:
        raise ValueError("now must be an aware datetime")
    if now.year not in _YEARS:
        raise ValueError(f"no calendar for the year {now.year}")
    today = now.astimezone(zone).date()
    frame = Frame(now, zone, today, days_on(today, max(horizon_days, 0)), previous)
    told_in = language.lower()[:2] if language.lower()[:2] in _LEXICONS else "en"
    over: When | None = None
    for lexicon in _by_likelihood(text, told_in):
        said = Line(symbols_of(text, lexicon, _OTHER_WORDS[lexicon.code]))
        line, pieces = _pieces(said, lexicon, frame, day_first)
        if pieces:
            telling = Telling(style_for(told_in, day_first=day_first), frame.today, frame.last)
            answer = _Answer(wishes_of(pieces), frame, telling)
            return answer.when(text, spans_of(pieces, line), lexicon.code)
        over = over or _over(text, said, lexicon)
    return over


def _over(text: str, said: Line, lexicon: Lexicon) -> When | None:
    """A day that is over, read back in the words that name it."""
    found = bygone_in(said)
    if found is None:
        return None
    words = text_of(text, [found])
    return When((), words, words, lexicon.code, Exactness.DAY, problem=Problem.PAST, spans=(found,))


def exactly(start: datetime, *, zone: ZoneInfo, language: str = "en", day_first: bool = True) -> When:
    """The one start (an instant) as if it had been asked for: what "later" and "the day after" refer to."""
    local = start.astimezone(zone).replace(second=0, microsecond=0)
    minute = local.hour * 60 + local.minute
    day, hours = local.date(), ((minute, minute + 1),)
    telling = Telling(style_for(language.lower()[:2], day_first=day_first), day, day)
    end = (local.astimezone(UTC) + timedelta(minutes=1)).astimezone(zone)
    return When(
        windows=(Window(local, end),),
        text="",
        readback=telling.tell({day: hours}),
        language=language.lower()[:2],
        exactness=Exactness.EXACT_TIME,
        days=((day, day),),
        hours=hours,
    )


def _by_likelihood(text: str, preferred: str) -> Iterator[Lexicon]:
    """The languages, the one that knows more of the words first; another only if it knows a word of time."""
    words = [fold(word) for word in _WORD.findall(text[:LONGEST_TEXT])]
    weights = {code: sum(lexicon.weight(word) for word in words) for code, lexicon in _LEXICONS.items()}
    order = sorted(_LEXICONS, key=lambda code: (-weights[code], code != preferred))
    likeliest = weights[order[0]]
    yield from (_LEXICONS[code] for code in order if code == order[0] or not likeliest or weights[code] >= WORD_OF_TIME)


def _pieces(said: Line, lexicon: Lexicon, frame: Frame, day_first: bool) -> tuple[Line, list[Piece]]:
    line = without_other_roles(said)
    context = Context(frame.today, day_first, lexicon.half_is_before)
    return line, without_loose_references(read_pieces(line, context), has_previous=frame.previous is not None)


@dataclass
class _Answer:
    wishes: Wishes
    frame: Frame
    telling: Telling

    def when(self, text: str, spans: tuple[tuple[int, int], ...], language: str) -> When:
        placed = place(self.wishes, self.frame)
        windows = self._windows(placed)
        told = self._told(placed, windows)
        return When(
            windows=windows,
            text=text_of(text, spans),
            readback=told or text_of(text, spans),
            language=language,
            exactness=placed.exactness,
            asap=self.wishes.soonest,
            ambiguous=self._readings(placed, windows, told),
            problem=None if windows else _problem(placed),
            spans=spans,
            days=_named_days(placed),
            hours=tuple(placed.hours or ()),
        )

    def _windows(self, placed: Placed) -> tuple[Window, ...]:
        return windows_of(placed.plan.days, self.frame.now, self.frame.zone)

    def _readings(self, placed: Placed, windows: tuple[Window, ...], first: str) -> tuple[str, ...]:
        """Both readings in words when there are two that come to different windows."""
        told = [first] if windows else []
        for doubt in placed.reading.doubts:
            other = place(self.wishes, self.frame, frozenset({doubt}))
            other_windows = self._windows(other)
            if other_windows and other_windows != windows:
                told.append(self._told(other, other_windows))
        return tuple(dict.fromkeys(told)) if len(told) > 1 else ()

    def _told(self, placed: Placed, windows: tuple[Window, ...]) -> str:
        days = dict(placed.plan.days)
        if windows:
            days[self.frame.today] = self._still_to_come(days.pop(self.frame.today, []), days)
        elif placed.plan.empty:
            days = _outside(placed)
        named = placed.named or placed.named_range
        return self.telling.tell(days, named=named, soonest=self.wishes.soonest)

    def _still_to_come(self, today: list[Interval], other_days: dict[date, list[Interval]]) -> list[Interval]:
        """The hours of today that are not over; all of them when other days have the same and some are not."""
        local = self.frame.now.astimezone(self.frame.zone)
        left = [hours for hours in today if hours[1] > local.hour * 60 + local.minute]
        return today if left and today in other_days.values() else left


def _outside(placed: Placed) -> dict[date, list[Interval]]:
    """The days that were named although they are over or too far away."""
    days: dict[date, list[Interval]] = {}
    for span in placed.spans:
        nearby = Span(span.first, min(span.last, days_on(span.first, _LONGEST_STRAY)))
        plan = Plan(nearby.first, nearby.last)
        plan.add([nearby], placed.hours or [ALL_DAY])
        days.update(plan.days)
    return days


def _problem(placed: Placed) -> Problem:
    if placed.reading.no_such_date:
        return Problem.NO_SUCH_DATE
    if placed.reading.no_such_time:
        return Problem.NO_SUCH_TIME
    if not placed.plan.empty or placed.plan.before:
        return Problem.PAST
    return Problem.TOO_FAR if placed.plan.beyond else Problem.CONTRADICTION


def _named_days(placed: Placed) -> tuple[tuple[date, date], ...]:
    """The days that were named and not ruled out, as runs in order; what was named when nothing is left."""
    if not (placed.named or placed.named_range):
        return ()
    if placed.plan.empty:
        return tuple(sorted({(span.first, span.last) for span in placed.spans}))
    days = sorted(day for day, hours in placed.plan.days.items() if hours)
    return tuple((run[0], run[-1]) for run in runs_of(days))
