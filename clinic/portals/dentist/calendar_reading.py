"""What the calendar shows of some days: visits, absences, holds and free gaps, each at its place in the grid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from appointments.models import Appointment, Status
from availability.models import Closure, TimeOff
from availability.schedules import Schedule, schedules
from availability.slots import Busy
from clinic.core import clock
from clinic.core.models import ClinicSettings
from clinic.portals.dentist import calendar_layout as layout
from clinic.portals.dentist.calendar_layout import HOUR, Span
from clinic.portals.staff.free_time import kept_for

MOVABLE = (Status.PENDING, Status.CONFIRMED)
# A block of up to so many minutes has room for one line, two lines, three lines; see calendar.css.
ONE_LINE, TWO_LINES, THREE_LINES = 25, 40, 50
WEEKEND = (5, 6)


@dataclass(slots=True)
class Item:
    """A visit, an absence, a hold or a free gap of one day. `place` are the classes that put it into the grid."""

    kind: str
    key: str
    span: Span
    place: str = ""
    starts: time | None = None
    ends: time | None = None
    row: Any = None
    size: str = ""
    movable: bool = False
    second_pass: str = ""  # the clock's name in the hour that comes twice
    kept: str = ""  # whom a gap is kept for, if for somebody


@dataclass(slots=True)
class Day:
    """One date of the calendar. `hours` are its opening hours as wall times, `note` says why it has others."""

    date: date
    is_today: bool
    hours: list[tuple[time, time]]
    closure: Closure | None = None
    has_other_hours: bool = False
    items: list[Item] = field(default_factory=list)
    shades: list[tuple[str, str]] = field(default_factory=list)
    visits: int = 0
    now: str = ""
    _open: list[Span] = field(default_factory=list)

    @property
    def opening(self) -> str:
        """The opening hours as the grid's scripts read them: `540-720 780-1020`, in minutes since midnight."""
        return " ".join(f"{span.begin}-{span.end}" for span in self._open)


@dataclass(frozen=True, slots=True)
class Shown:
    """Days with the hours that they share; `hours` labels the rows of each."""

    days: list[Day]
    window: Span
    hours: list[tuple[time, str]]
    step: int

    @property
    def whole(self) -> str:
        """The classes of what reaches from the first row to the last."""
        return layout.place(self.window, self.window)


def read(dentist_id: UUID, dates: Sequence[date], now: datetime, *, always: Collection[date] = ()) -> Shown:
    """The calendar of a dentist on consecutive clinic dates; five statements however much there is. `now` is an instant.

    A Saturday or Sunday without hours on which nothing is leaves its width to the other days, unless it is one of `always`.
    Cancelled visits are not shown: their time is free.
    """
    first, last = dates[0], dates[-1]
    begin, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    visits = list(
        Appointment.objects.filter(dentist_id=dentist_id, starts_at__lt=end, ends_at__gt=begin)
        .exclude(status=Status.CANCELLED)
        .select_related("treatment")
        .order_by("starts_at", "id")
    )
    away = list(TimeOff.objects.filter(dentist_id=dentist_id, starts_at__lt=end, ends_at__gt=begin))
    closures = {row.date: row for row in Closure.objects.filter(date__range=(first, last))}
    schedule = schedules([dentist_id], first, last)[dentist_id]
    step = ClinicSettings.current().slot_step_minutes
    held = _holds(schedule.busy, visits)
    days = [_day(one, now, schedule, visits, away, held, closures) for one in dates]
    shown = layout.window([*_always_shown(days)])
    days = [day for day in days if day.hours or day.items or day.date in always or day.date.weekday() not in WEEKEND]
    for day in days:
        _add_gaps(day, schedule, now, step)
        _put(day, shown, now)
    hours = [
        (time(minute // HOUR), layout.place(Span(minute, minute + HOUR), shown))
        for minute in range(shown.begin, shown.end, HOUR)
    ]
    return Shown(days, shown, hours, step)


def _holds(busy: Sequence[Busy], visits: Sequence[Appointment]) -> list[Busy]:
    """Taken time that no visit takes: slots that somebody is about to book."""
    known = {_reach(one) for one in visits}
    return [row for row in busy if (row.start.astimezone(UTC), row.end.astimezone(UTC)) not in known]


def _reach(visit: Appointment) -> tuple[datetime, datetime]:
    """A visit's time with its buffers, as instants in UTC."""
    before, after = timedelta(minutes=visit.buffer_before_minutes), timedelta(minutes=visit.buffer_after_minutes)
    return visit.starts_at.astimezone(UTC) - before, visit.ends_at.astimezone(UTC) + after


def _always_shown(days: Sequence[Day]) -> list[Span]:
    """What the window has to reach: opening hours and visits. An absence may last all night."""
    visits = [item.span for day in days for item in day.items if item.kind in ("visit", "hold")]
    return [*visits, *(span for day in days for span in day._open)]


def _day(
    day: date,
    now: datetime,
    schedule: Schedule,
    visits: Sequence[Appointment],
    away: Sequence[TimeOff],
    held: Sequence[Busy],
    closures: dict[date, Closure],
) -> Day:
    hours = schedule.hours(day)
    found = Day(
        day,
        is_today=clock.local(now).date() == day,
        hours=[(one.start, one.end) for one in hours],
        closure=closures.get(day),
        has_other_hours=any(one.date == day for one in schedule.overrides),
    )
    found._open = [Span(one.opening // _MINUTE, one.closing // _MINUTE) for one in hours]
    for visit in visits:
        if item := _item("visit", str(visit.pk), visit.starts_at, visit.ends_at, day, row=visit):
            item.movable = visit.status in MOVABLE and clock.local(visit.starts_at).date() == day
            length = item.span.end - item.span.begin
            item.size = _size(length)
            found.visits += visit.is_active
            found.items.append(item)
    for absence in away:
        if item := _item("off", f"off-{absence.pk}", absence.starts_at, absence.ends_at, day, row=absence):
            found.items.append(item)
    for row in held:
        key = f"hold-{int(row.start.timestamp())}"
        if item := _item("hold", key, row.start, row.end, day):
            found.items.append(item)
    return found


def _size(minutes: int) -> str:
    sizes = {"one": ONE_LINE, "two": TWO_LINES, "three": THREE_LINES}
    return next((name for name, most in sizes.items() if minutes <= most), "more")


_MINUTE = timedelta(minutes=1)


def _item(kind: str, key: str, start: datetime, end: datetime, day: date, *, row: Any = None) -> Item | None:
    span = layout.span_of(start, end, day, clock.zone())
    if span is None:
        return None
    local = clock.local(start)
    again = local.fold == 1 and local.date() == day
    item = Item(kind, f"{key}" if local.date() == day else f"{key}-{day}", span, row=row)
    item.starts, item.ends = _wall(span.begin), _wall(span.end)
    item.second_pass = local.tzname() or "" if again else ""
    return item


def _wall(minutes: int) -> time:
    """The wall time of minutes since midnight; the midnight that ends the date is 0:00."""
    return time(minutes // HOUR % 24, minutes % HOUR)


def _add_gaps(day: Day, schedule: Schedule, now: datetime, step: int) -> None:
    """Where something can still be booked: free stretches of the opening hours, from now on."""
    today = clock.local(now)
    if day.date < today.date():
        return
    earliest = today.hour * HOUR + today.minute + 1 if day.is_today else 0
    zone = clock.zone()
    taken = [layout.span_of(row.start, row.end, day.date, zone) for row in (*schedule.busy, *schedule.time_off)]
    skipped = layout.skipped(day.date, zone)
    kept = {span: kept_for(hours) for span, hours in zip(day._open, schedule.hours(day.date), strict=True)}
    for gap in layout.gaps(day._open, filter(None, [*taken, skipped]), step=step, earliest=earliest):
        item = Item("gap", f"gap-{day.date}-{gap.end}", gap)
        item.kept = next(words for span, words in kept.items() if span.begin <= gap.begin < span.end)
        item.starts, item.ends = _wall(gap.begin), _wall(gap.end)
        day.items.append(item)


def _put(day: Day, shown: Span, now: datetime) -> None:
    """Gives everything of a day its place, and draws what lies behind it."""
    side_by_side = [item for item in day.items if item.kind in ("visit", "hold")]
    for item, lane in zip(side_by_side, layout.lanes([item.span for item in side_by_side]), strict=True):
        item.place = lane
    for item in day.items:
        item.place = f"{layout.place(item.span, shown)} {item.place}".strip()
    day.items = sorted((item for item in day.items if item.place), key=lambda item: (item.span, item.kind))
    zone = clock.zone()
    shades = [("shut", span) for span in layout.free([shown], day._open)]
    for kind, odd in (("skipped", layout.skipped(day.date, zone)), ("doubled", layout.doubled(day.date, zone))):
        if odd is not None:
            shades.append((kind, odd))
    for item in day.items:
        if item.kind == "visit" and item.row.is_active:
            shades += [("buffer", span) for span in _buffers(item.row, day.date)]
    placed = ((kind, layout.place(span, shown)) for kind, span in shades)
    day.shades = [(kind, place) for kind, place in placed if place]
    if day.is_today:
        local = clock.local(now)
        minute = local.hour * HOUR + local.minute
        day.now = layout.place(Span(minute, minute + 1), shown)


def _buffers(visit: Appointment, day: date) -> list[Span]:
    busy_from, busy_until = _reach(visit)
    zone = clock.zone()
    around = (
        layout.span_of(busy_from, visit.starts_at, day, zone),
        layout.span_of(visit.ends_at, busy_until, day, zone),
    )
    return [span for span in around if span is not None]
