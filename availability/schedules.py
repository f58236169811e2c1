"""When dentists could see somebody: hours and taken time of many dentists and days in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from availability.models import Closure, DateOverride, WorkingHours
from availability.slots import Access, Busy, Hours, Rules, Taken, WeeklyHours, hours_of_day
from availability.slots import DateOverride as OtherHours
from clinic.core import clock, db
from clinic.core.models import ClinicSettings


@dataclass(slots=True)
class Schedule:
    """One dentist over a span of days."""

    weekly: list[WeeklyHours] = field(default_factory=list)
    overrides: list[OtherHours] = field(default_factory=list)
    closures: frozenset[date] = frozenset()
    busy: list[Busy] = field(default_factory=list)
    time_off: list[Busy] = field(default_factory=list)
    _taken: Taken | None = None

    def hours(self, day: date) -> list[Hours]:
        return hours_of_day(day, weekly=self.weekly, overrides=self.overrides, closures=self.closures)

    @property
    def taken(self) -> Taken:
        """Visits, holds and time off together, prepared for a search over many days."""
        if self._taken is None:
            self._taken = Taken(self.busy, self.time_off)
        return self._taken


def rules(settings: ClinicSettings, *, free_of_notice: bool = False) -> Rules:
    """The clinic's settings as slots need them; staff are free of notice and horizon."""
    return Rules(
        zone=clock.zone(),
        step=timedelta(minutes=settings.slot_step_minutes),
        min_notice=timedelta(0) if free_of_notice else timedelta(minutes=settings.min_notice_minutes),
        max_advance=timedelta(days=3660 if free_of_notice else settings.max_advance_days),
        same_day_release=timedelta(minutes=settings.same_day_release_minutes),
    )


def schedules(
    dentists: Collection[UUID], first: date, last: date, *, moving: UUID | None = None
) -> dict[UUID, Schedule]:
    """Each dentist's schedule from `first` to `last` (clinic dates, both included).

    Five queries however many dentists and days. Taken time is what is in the way of the caller who is acting: their own
    hold is not, nor is the visit `moving`.
    """
    found = {dentist: Schedule() for dentist in dentists}
    if not found:
        return found
    ids = list(found)
    closures = frozenset(Closure.objects.filter(date__range=(first, last)).values_list("date", flat=True))
    for schedule in found.values():
        schedule.closures = closures
    weekly = WorkingHours.objects.filter(dentist__in=ids, is_available=True)
    for dentist, weekday, start, end, access in weekly.values_list(
        "dentist_id", "day_of_week", "start_time", "end_time", "access"
    ):
        found[dentist].weekly.append(WeeklyHours(weekday, Hours(start, end, Access(access))))
    overrides = DateOverride.objects.filter(dentist__in=ids, date__range=(first, last))
    for dentist, day, opens, closes, access in overrides.values_list(
        "dentist_id", "date", "start_time", "end_time", "access"
    ):
        other = Hours(opens, closes, Access(access)) if opens is not None and closes is not None else None
        found[dentist].overrides.append(OtherHours(day, other))
    # Buffers and visits past midnight reach over the edges of the span.
    begin, end_of = (
        clock.day_bounds(first)[0] - timedelta(days=1),
        clock.day_bounds(last)[1] + timedelta(days=1),
    )
    _sort_in(found, "time_off", db.rows("SELECT * FROM availability_away(%s, %s, %s)", [ids, begin, end_of]))
    _sort_in(
        found,
        "busy",
        db.rows("SELECT * FROM availability_busy(%s, %s, %s, %s)", [ids, begin, end_of, moving]),
    )
    return found


def _sort_in(found: dict[UUID, Schedule], name: str, rows: Iterable[tuple[UUID, datetime, datetime]]) -> None:
    parts: dict[UUID, list[Busy]] = defaultdict(list)
    for dentist, start, end in rows:
        parts[dentist].append(Busy(start.astimezone(UTC), end.astimezone(UTC)))
    for dentist, busy in parts.items():
        setattr(found[dentist], name, busy)
