"""Wishes placed in the calendar: from clauses, and from what the message before left open, to a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatbot.when.calendar import Calendar, Span
from chatbot.when.clauses import Clause, Wishes
from chatbot.when.items import MINUTES_PER_DAY, AnyDay, AnyHour, Day, Elapsed, Part, Weekdays, Weekend, Which
from chatbot.when.model import Exactness, When
from chatbot.when.plan import Plan
from chatbot.when.previous import earlier_days, is_exact, moved_days, moved_hours, other_days
from chatbot.when.timetable import ALL_DAY, Doubt, Interval, Reading, minutes_of


@dataclass(frozen=True)
class Frame:
    """The moment and place that words are read at: `now` an instant, `today` and `last` clinic days."""

    now: datetime
    zone: ZoneInfo
    today: date
    last: date
    previous: When | None


@dataclass
class Placed:
    """One reading of a message."""

    plan: Plan
    reading: Reading
    spans: list[Span] = field(default_factory=list)  # of the days named, or taken over
    hours: list[Interval] | None = None  # None: not named; several clauses with different hours: []
    named: bool = False
    named_range: bool = False
    timed: bool = False

    def note_hours(self, hours: list[Interval]) -> None:
        self.timed = True
        self.hours = hours if self.hours in (None, hours) else []

    @property
    def exactness(self) -> Exactness:
        if self.timed:
            held = [interval for hours in self.plan.days.values() for interval in hours]
            return Exactness.EXACT_TIME if is_exact(held) else Exactness.PART_OF_DAY
        if self.named_range:
            return Exactness.RANGE
        return Exactness.DAY if self.named else Exactness.ANY


def place(wishes: Wishes, frame: Frame, other: frozenset[Doubt] = frozenset()) -> Placed:
    """The plan of one reading; `other` names the doubts in which the second reading is taken."""
    reading = Reading(other)
    placed = Placed(Plan(frame.today, frame.last), reading)
    calendar = Calendar(frame.today, frame.last, reading, frame.previous.days if frame.previous else ())
    if wishes.change is not None and frame.previous is not None:
        _change(wishes, frame, calendar, placed)
    elif wishes.wanted:
        for clause in wishes.wanted:
            _add(clause, wishes, frame, calendar, placed)
    elif not wishes.elapsed:
        _open(wishes, frame, placed)
    for elapsed in wishes.elapsed:
        _add_elapsed(elapsed, frame, placed)
    placed.named, placed.named_range = placed.named or calendar.named, placed.named_range or calendar.named_range
    _remove_unwanted(wishes.unwanted, frame, placed)
    return placed


def _add(clause: Clause, wishes: Wishes, frame: Frame, calendar: Calendar, placed: Placed) -> None:
    previous = frame.previous
    names_hours = any(not isinstance(item, AnyHour) for _, item in clause.hours)
    if clause.days:
        every_week = not clause.hours_first and any(
            isinstance(item, Part) and item.recurring for _, item in clause.hours
        )
        spans = calendar.place([(join, _in_every_week(day) if every_week else day) for join, day in clause.days])
        if any(not isinstance(day, AnyDay) for _, day in clause.days):
            placed.spans.extend(spans)
    elif previous is not None and previous.days:
        spans = earlier_days(previous)
        placed.spans.extend(spans)
        placed.named = True
    else:
        spans = [Span(frame.today, frame.last)]
    hours = [ALL_DAY]
    if names_hours:
        hours = minutes_of(clause.hours, placed.reading, previous.hours if previous else ())
        placed.note_hours(hours)
    elif _keeps_hours(clause, wishes, previous, calendar):
        hours = list(previous.hours) if previous else hours
        placed.note_hours(hours)
    elif any(span.start or span.end < MINUTES_PER_DAY for span in spans):
        placed.timed = True
    placed.plan.add(spans, hours)


def _keeps_hours(clause: Clause, wishes: Wishes, previous: When | None, calendar: Calendar) -> bool:
    """A message that names only a day keeps the hours of the one before; a whole week keeps no exact time."""
    if previous is None or not previous.hours or clause.hours or wishes.soonest:
        return False
    if any(other.hours for other in wishes.wanted) or any(isinstance(day, AnyDay) for _, day in clause.days):
        return False
    return not (calendar.named_range and is_exact(previous.hours))


def _change(wishes: Wishes, frame: Frame, calendar: Calendar, placed: Placed) -> None:
    change, previous = wishes.change, frame.previous
    clause = wishes.wanted[0] if wishes.wanted else Clause()
    if change is None or previous is None or (clause.hours and not change.days):
        _add(clause, wishes, frame, calendar, placed)
        return
    hours = list(previous.hours)
    if clause.hours:
        hours = minutes_of(clause.hours, placed.reading, previous.hours)
    spans = calendar.place(clause.days) if clause.days else earlier_days(previous) or [Span(frame.today, frame.last)]
    if change.days:
        spans = moved_days(change, previous) or spans
    elif moved := moved_hours(change, hours):
        hours = moved
    elif not clause.days:
        spans = other_days(change, previous, frame.today, frame.last)
        placed.named_range = True
    placed.spans.extend(spans)
    placed.named = True
    if hours:
        placed.note_hours(hours)
    placed.plan.add(spans, hours or [ALL_DAY])


def _open(wishes: Wishes, frame: Frame, placed: Placed) -> None:
    """No day or hour is wanted by name: any, or all of the message before that is not ruled out now."""
    previous = frame.previous
    if wishes.unwanted and previous is not None and previous.days:
        hours = list(previous.hours) or [ALL_DAY]
        placed.plan.add(earlier_days(previous), hours)
        _remove_unwanted(wishes.unwanted, frame, placed)
        if not placed.plan.empty:
            placed.spans.extend(earlier_days(previous))
            placed.named = placed.named_range = True
            if previous.hours:
                placed.note_hours(hours)
            return
        placed.plan = Plan(frame.today, frame.last)
    hours = [ALL_DAY]
    if wishes.unwanted and previous is not None and previous.hours and not is_exact(previous.hours):
        hours = list(previous.hours)
        placed.note_hours(hours)
    placed.plan.add([Span(frame.today, frame.last)], hours)
    placed.named_range = bool(wishes.unwanted)


def _add_elapsed(elapsed: Elapsed, frame: Frame, placed: Placed) -> None:
    """Minutes of real time from now, noted on the wall clock."""
    start = (frame.now.astimezone(UTC) + timedelta(minutes=elapsed.first)).astimezone(frame.zone)
    end = (frame.now.astimezone(UTC) + timedelta(minutes=elapsed.last + 1)).astimezone(frame.zone)
    first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    placed.plan.add([Span(start.date(), end.date(), start=first, end=max(last, 1))], [ALL_DAY])
    placed.spans.append(Span(start.date(), end.date()))
    placed.named = placed.timed = True


def _remove_unwanted(clauses: Sequence[Clause], frame: Frame, placed: Placed) -> None:
    for clause in clauses:
        calendar = Calendar(frame.today, frame.last, placed.reading)
        removed = Plan(frame.today, frame.last)
        days = [(join, _in_every_week(day)) for join, day in clause.days]
        spans = calendar.place(days) if days else [Span(frame.today, frame.last)]
        removed.add(spans, minutes_of(clause.hours, placed.reading) if clause.hours else [ALL_DAY])
        placed.plan.remove(removed.days)


def _in_every_week(day: Day) -> Day:
    """As in "Monday mornings" are those of every week, and whoever rules out Friday rules out every Friday."""
    if isinstance(day, Weekdays | Weekend) and day.which == Which.PLAIN:
        return replace(day, recurring=True)
    return day
