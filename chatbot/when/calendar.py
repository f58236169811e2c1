"""From days as they were said to days of the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from chatbot.when.context import LATEST, days_on, monday_of, month_length, months_on
from chatbot.when.items import (
    MINUTES_PER_DAY,
    AnyDay,
    Bound,
    CalendarDay,
    Day,
    EarlierDays,
    FromToday,
    Join,
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
from chatbot.when.scopes import narrows, scoped
from chatbot.when.timetable import Doubt, Reading, minute_of

_SATURDAY = 5
_MOST_OF_THE_WEEK = 4  # "Monday to Friday" is said of every week, "Monday to Wednesday" of the next one
_LONGEST_RUN = 500  # days
_MANY_DAYS = 31  # "another day" than one of so many is any of them
_MONTHS_AHEAD = 3  # how far "Friday the 3rd" is looked for


@dataclass(frozen=True)
class Span:
    """A run of days, both included; the first from a minute on, the last up to one."""

    first: date
    last: date
    start: int = 0
    end: int = MINUTES_PER_DAY


@dataclass
class Calendar:
    """Places days around `today`; `last` is the horizon, `earlier` the days of the message before."""

    today: date
    last: date
    reading: Reading
    earlier: Sequence[tuple[date, date]] = ()
    named_range: bool = field(default=False)  # more than single days were named
    named: bool = field(default=False)

    def place(self, days: Sequence[tuple[Join, Day]]) -> list[Span]:
        """The spans that the days of one clause come to: alternatives united, limits applied."""
        limits = [day for join, day in days if narrows(join, day, days)]
        scopes = scoped([(join, day) for join, day in days if day not in limits])
        spans: list[Span] = []
        for day, scope in scopes:
            spans.extend(self.spans(day, scope))
        period = next((day for _, day in days if isinstance(day, Period)), None)
        for limit in limits:
            bound = self.spans(limit, period)
            spans = _intersection(spans, bound) if spans or scopes else bound
            scopes = scopes or [(limit, None)]
        self.named = self.named or any(not isinstance(day, AnyDay) for _, day in days)
        return spans

    def spans(self, day: Day, scope: Period | None = None) -> list[Span]:
        if isinstance(day, CalendarDay):
            found = self._date(day, scope)
            return [Span(found, found)] if found else []
        if isinstance(day, FromToday):
            return [_one(days_on(self.today, day.days))]
        if isinstance(day, Weekdays):
            return [_one(found) for found in self._weekdays(day, scope)]
        if isinstance(day, Weekend):
            return self._weekend(day, scope)
        if isinstance(day, Within):
            return self.spans(day.day, day.period)
        if isinstance(day, Shifted):
            return self._shifted(day)
        if isinstance(day, Run | Bound):
            return self._open_or_closed(day, scope)
        if isinstance(day, WeekOf):
            self.named_range = True
            inner = self.spans(day.day)
            return [Span(monday_of(inner[0].first), days_on(monday_of(inner[0].first), 6))] if inner else []
        if isinstance(day, EarlierDays):
            return self._earlier(day)
        self.named_range = self.named_range or isinstance(day, Period)
        return [Span(day.first, day.last)] if isinstance(day, Period) else [Span(self.today, self.last)]

    def _date(self, day: CalendarDay, scope: Period | None) -> date | None:
        """The date, next year or next month when this one's is over; None when there is none."""
        if day.month is None:
            return self._of_month(day, scope)
        year = day.year or self.today.year
        found = _date_or_none(year, day.month, day.day)
        if found is None or (day.year is None and found < self.today):
            later = None if day.year is not None else _date_or_none(year + 1, day.month, day.day)
            found = later if found is not None or (day.month, day.day) == (2, 29) else None
        if found is None:
            self.reading.no_such_date = True
        return self._on_weekday(found, day.weekday) if found else None

    def _of_month(self, day: CalendarDay, scope: Period | None) -> date | None:
        """As in "the 3rd": of the month named beside it, or the next third there is."""
        start = scope.first if scope else self.today
        candidates = list[date]()
        for ahead in range(1 if scope else 2 + _MONTHS_AHEAD):
            month = months_on(start.replace(day=1), ahead)
            found = _date_or_none(month.year, month.month, day.day)
            if found and (found >= self.today or scope):
                candidates.append(found)
        if not candidates:
            self.reading.no_such_date = True
            return None
        if day.weekday is not None:
            for found in candidates[:2]:
                if found.weekday() == day.weekday:
                    return found
        return self._on_weekday(candidates[0], day.weekday)

    def _on_weekday(self, found: date, weekday: int | None) -> date:
        """The date, or in the second reading the weekday nearest to it, when the two do not agree."""
        if weekday is None or found.weekday() == weekday or not self.reading.second(Doubt.WEEKDAY):
            return found
        return days_on(found, (weekday - found.weekday() + 3) % 7 - 3)

    def _weekdays(self, day: Weekdays, scope: Period | None) -> list[date]:
        if scope is not None or day.recurring:
            first = max(scope.first, self.today) if scope else self.today
            last = min(scope.last, self.last) if scope else self.last
            if scope and scope.last < self.today:
                first, last = scope.first, scope.last
            if scope and scope.first > self.last:
                first, last = scope.first, min(scope.last, days_on(scope.first, 400))
            self.named_range = self.named_range or day.recurring
            count = (last - first).days + 1
            return [found for found in (days_on(first, n) for n in range(count)) if found.weekday() in day.days]
        return sorted(self._weekday(weekday, day.which) for weekday in day.days)

    def _weekday(self, weekday: int, which: Which) -> date:
        ahead = (weekday - self.today.weekday()) % 7
        this_week = days_on(monday_of(self.today), weekday)
        if which == Which.PLAIN and ahead == 0:
            return self.today if self.reading.second(Doubt.TODAY) else days_on(self.today, 7)
        if which == Which.THIS:
            return days_on(self.today, ahead)
        if which in (Which.NEXT, Which.AFTER_NEXT):
            weeks = 1 if which == Which.NEXT else 2
            if this_week > self.today and self.reading.second(Doubt.NEXT):
                weeks -= 1
            return days_on(this_week, 7 * weeks)
        return days_on(self.today, ahead or 7)

    def _weekend(self, day: Weekend, scope: Period | None) -> list[Span]:
        if day.recurring or scope is not None:
            return [_one(found) for found in self._weekdays(Weekdays(frozenset({5, 6}), recurring=True), scope)]
        saturday = days_on(monday_of(self.today), _SATURDAY)
        if day.which == Which.COMING and self.today >= saturday:
            saturday = days_on(saturday, 7)
        elif day.which in (Which.NEXT, Which.AFTER_NEXT):
            weeks = 1 if day.which == Which.NEXT else 2
            if self.today < saturday and self.reading.second(Doubt.NEXT):
                weeks -= 1
            saturday = days_on(saturday, 7 * weeks)
        self.named_range = True
        return [Span(saturday, days_on(saturday, 1))]

    def _shifted(self, day: Shifted) -> list[Span]:
        if day.day is not None:
            if isinstance(day.day, Weekdays) and day.day.which == Which.PLAIN and not day.day.recurring:
                inner = [_one(self._weekday(weekday, Which.THIS)) for weekday in day.day.days]
            else:
                inner = self.spans(day.day)
            return [Span(days_on(span.first, day.days), days_on(span.last, day.days)) for span in inner]
        if not self.earlier:
            return []
        base = self.earlier[-1][1] if day.days > 0 else self.earlier[0][0]
        moved = days_on(base, day.days)
        if abs(day.days) < 7:
            return [_one(moved)]
        self.named_range = True
        return [Span(monday_of(moved), days_on(monday_of(moved), 6))]

    def _open_or_closed(self, day: Run | Bound, scope: Period | None) -> list[Span]:
        if isinstance(day, Run):
            return self._run(day, scope)
        inner = self._inner(day.day, scope)
        self.named_range = True
        if not inner:
            return []
        first, last = inner[0].first, inner[-1].last
        minute = minute_of(day.clock, None, self.reading) if day.clock and day.clock.exists else None
        if day.op in (Op.FROM, Op.AFTER):
            if minute is not None:
                return [Span(first, LATEST, start=minute)]
            return [Span(first if day.op == Op.FROM else days_on(last, 1), LATEST)]
        if minute is not None:
            return [Span(self.today, last, end=minute)]
        return [Span(min(self.today, last), last if day.op == Op.UNTIL else days_on(first, -1))]

    def _inner(self, day: Day, scope: Period | None) -> list[Span]:
        """A bound by a bare weekday: in the week that is named beside it, else the next one."""
        if isinstance(day, Weekdays) and day.which == Which.PLAIN and scope is None:
            return [_one(days_on(self.today, ((weekday - self.today.weekday()) % 7) or 7)) for weekday in day.days]
        return self.spans(day, scope if isinstance(day, Weekdays | CalendarDay) else None)

    def _run(self, run: Run, scope: Period | None) -> list[Span]:
        first, last = run.first, run.last
        self.named_range = True
        if isinstance(first, Weekdays) and isinstance(last, Weekdays) and first.which == Which.PLAIN:
            start, end = min(first.days), min(last.days)
            days = frozenset((start + n) % 7 for n in range((end - start) % 7 + 1))
            if scope is not None or first.recurring or last.recurring or len(days) >= _MOST_OF_THE_WEEK:
                return self.spans(Weekdays(days, recurring=True), scope)
            under_way = self.today.weekday() in days and self.today.weekday() != end
            begin = self.today if under_way else days_on(self.today, (start - self.today.weekday()) % 7)
            return [Span(begin, days_on(begin, (end - begin.weekday()) % 7))]
        begins = self.spans(first, scope)
        if not begins:
            return []
        after = Calendar(begins[0].first, days_on(begins[0].first, _LONGEST_RUN), self.reading, self.earlier)
        ends = after.spans(last, scope)
        if isinstance(last, FromToday):
            ends = self.spans(last)
        if not ends or ends[-1].last < begins[0].first:
            return []
        return [Span(begins[0].first, ends[-1].last)]

    def _earlier(self, day: EarlierDays) -> list[Span]:
        same = [Span(first, last) for first, last in self.earlier]
        if not day.other or sum((last - first).days + 1 for first, last in self.earlier) > _MANY_DAYS:
            return same
        self.named_range = True
        return _complement(same, self.today, self.last)


def _one(day: date) -> Span:
    return Span(day, day)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 2 < year < LATEST.year or not 1 <= day <= month_length(year, month):
        return None
    return date(year, month, day)


def _intersection(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    both = list[Span]()
    for one in some:
        for other in others:
            first, last = max(one.first, other.first), min(one.last, other.last)
            if first <= last:
                start = max((span.start for span in (one, other) if span.first == first), default=0)
                end = min((span.end for span in (one, other) if span.last == last), default=MINUTES_PER_DAY)
                both.append(Span(first, last, start, end))
    return both


def _complement(spans: Sequence[Span], first: date, last: date) -> list[Span]:
    left, at = list[Span](), first
    for span in sorted(spans, key=lambda span: span.first):
        if span.first > at:
            left.append(Span(at, days_on(span.first, -1)))
        at = max(at, days_on(span.last, 1))
    return [*left, Span(at, last)] if at <= last else left
