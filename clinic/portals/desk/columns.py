"""The columns of the day sheet: of every dentist with hours or visits on a day, all that stands in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from appointments.models import Appointment, Status
from appointments.steps import Step, open_steps
from availability.schedules import Schedule, schedules
from availability.slots import Hours
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.portals.desk.cutting import DAY, ROW, Span, hours_shown, pieces, without
from clinic.portals.staff.free_time import kept_for, place_of
from dentists.models import Dentist

EXPECTED = (Status.PENDING, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in a column: `kind` is `visit`, `gap`, `away` or `taken` (somebody is just booking there)."""

    kind: str
    span: Span
    visit: Appointment | None = None
    steps: tuple[Step, ...] = ()
    late: int = 0  # minutes since the visit should have begun
    kept: str = ""  # whom free time is kept for, if for somebody

    @property
    def at(self) -> str:
        """The wall time at which it begins, as addresses name it."""
        return f"{self.span.start // 60:02}:{self.span.start % 60:02}"

    @property
    def wall(self) -> time:
        """The same, as people read it."""
        return time(self.span.start // 60, self.span.start % 60)


@dataclass(slots=True)
class Column:
    """One dentist's day. `dentist` is None for visits of somebody who is no longer here."""

    key: str
    name: str
    dentist: Dentist | None
    open: list[Span] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def visits(self) -> list[Appointment]:
        return [piece.visit for piece in self.pieces if piece.visit is not None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day: `first` and `last` are the hours `[first, last)` that it shows, `now` the row of this moment, if shown."""

    columns: list[Column]
    gone: list[Piece]
    first: int
    last: int
    now: Span | None

    @property
    def hours(self) -> int:
        return self.last - self.first


def sheet_of(actor: Actor, day: date, dentists: Iterable[Dentist], visits: Iterable[Appointment]) -> Sheet:
    """The sheet of a clinic date from its dentists and all its visits; one statement more. Call it while reading."""
    now = clock.now()
    known = {one.pk: one for one in dentists}
    found = schedules(known, day, day)
    by_dentist: dict[UUID | str, list[Appointment]] = defaultdict(list)
    gone = []
    for visit in visits:
        if visit.is_active:
            key = visit.dentist_id if visit.dentist_id in known else visit.dentist_name
            by_dentist[key].append(visit)
        else:
            gone.append(_visit_piece(actor, day, now, visit))
    columns = [
        _column(actor, day, now, one, found[one.pk], by_dentist[one.pk])
        for one in known.values()
        if found[one.pk].hours(day) or by_dentist[one.pk]
    ]
    columns += [
        Column(f"left-{number}", name, None, [], [_visit_piece(actor, day, now, one) for one in theirs])
        for number, (name, theirs) in enumerate(by_dentist.items())
        if isinstance(name, str)
    ]
    spans = [span for column in columns for span in (*column.open, *(one.span for one in column.pieces))]
    first, last = hours_shown(spans)
    return Sheet(columns, gone, first, last, _now(day, now, first, last))


def _now(day: date, now: datetime, first: int, last: int) -> Span | None:
    local = clock.local(now)
    minute = local.hour * 60 + local.minute
    shown = local.date() == day and first * 60 <= minute < last * 60
    return Span(minute, minute + 1) if shown else None


def _column(
    actor: Actor, day: date, now: datetime, dentist: Dentist, schedule: Schedule, visits: list[Appointment]
) -> Column:
    hours = [Span(int(one.opening.total_seconds()) // 60, int(one.closing.total_seconds()) // 60)
             for one in schedule.hours(day)]  # fmt: skip
    away = _shown(day, ((one.start, one.end) for one in schedule.time_off))
    busy = _shown(day, ((one.start, one.end) for one in schedule.busy))
    booked = {(where.busy_from, where.busy_until) for where in map(place_of, visits)}
    held = _shown(day, ((one.start, one.end) for one in schedule.busy if (one.start, one.end) not in booked))
    passed = [Span(0, _minute_now(day, now))]
    free = without(hours, [*away, *busy, *passed])
    shown_away = without(away, without([Span(0, DAY)], hours))
    column = Column(str(dentist.pk), dentist.name, dentist, hours)
    column.pieces = sorted(
        [
            *(_visit_piece(actor, day, now, visit) for visit in visits),
            *(Piece("gap", span, kept=_kept(schedule.hours(day), span)) for span in pieces(free)),
            *(Piece("away", span) for span in shown_away),
            *(Piece("taken", span) for span in held),
        ],
        key=lambda piece: piece.span,
    )
    return column


def _kept(hours: Iterable[Hours], free: Span) -> str:
    minute = timedelta(minutes=1)
    around = (one for one in hours if one.opening // minute <= free.start < one.closing // minute)
    found = next(around, None)
    return "" if found is None else kept_for(found)


def _visit_piece(actor: Actor, day: date, now: datetime, visit: Appointment) -> Piece:
    [span] = _shown(day, [(visit.starts_at, visit.ends_at)]) or [Span(DAY - ROW, DAY)]
    late = int((now - visit.starts_at).total_seconds() // 60) if visit.status in EXPECTED and day == _today(now) else 0
    return Piece("visit", span, visit, tuple(open_steps(actor, visit)), max(late, 0))


def _shown(day: date, times: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """The parts of these instants that lie on the date, on its wall clock."""
    begin, end = clock.day_bounds(day)
    found = []
    for since, until in times:
        if since < end and until > begin:
            first = 0 if since <= begin else _minute(since)
            last = DAY if until >= end else _minute(until)
            # When the clock is put back, a visit may end at an earlier time of day than it began.
            found.append(Span(first, max(last, first + ROW)))
    return found


def _minute(instant: datetime) -> int:
    local = clock.local(instant)
    return local.hour * 60 + local.minute


def _today(now: datetime) -> date:
    return clock.local(now).date()


def _minute_now(day: date, now: datetime) -> int:
    """Up to which minute the day has passed, rounded up to the sheet's rows."""
    today = _today(now)
    if day != today:
        return DAY if day < today else 0
    return -(-_minute(now) // ROW) * ROW


def visits_of_day(day: date) -> list[Appointment]:
    """Everybody's visits of a clinic date, in order of time; call it while reading."""
    begin, end = clock.day_bounds(day)
    return list(Appointment.objects.filter(starts_at__gte=begin, starts_at__lt=end).order_by("starts_at", "id"))
