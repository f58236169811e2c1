"""Which booked visits a change of hours, time off or a closure would hit: shown before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from appointments.models import Appointment, Status
from availability.models import DateOverride as StoredOverride
from availability.models import WorkingHours
from availability.schedule import Interval, WeeklyInterval
from availability.schedules import Schedule, schedules
from availability.slots import Access, Busy, DateOverride, Hours, WeeklyHours
from availability.wallclock import wall_day
from clinic.core import clock
from clinic.core.actor import Actor

STILL_TO_COME = (Status.PENDING, Status.CONFIRMED)


def hit_by_weekly_hours(actor: Actor, dentist_id: UUID, intervals: Sequence[WeeklyInterval]) -> list[Appointment]:
    """The dentist's coming visits that fit today's hours and would not fit these; call it while reading."""
    weekly = [
        WeeklyHours(one.day_of_week, Hours(one.start, one.end, Access(one.access)))
        for one in intervals
        if one.is_available
    ]
    return _hit(dentist_id, lambda schedule: replace_hours(schedule, weekly=weekly))


def hit_by_override(actor: Actor, dentist_id: UUID, day: date, intervals: Sequence[Interval]) -> list[Appointment]:
    """The coming visits of that date which these hours (none: closed) would leave outside."""
    hours = [DateOverride(day, Hours(one.start, one.end, Access(one.access))) for one in intervals]

    def changed(schedule: Schedule) -> Schedule:
        others = [one for one in schedule.overrides if one.date != day]
        return replace_hours(schedule, overrides=[*others, *(hours or [DateOverride(day, None)])])

    return _hit(dentist_id, changed)


def hit_by_weekly_hours_again(actor: Actor, dentist_id: UUID, day: date) -> list[Appointment]:
    """The coming visits of a date with other hours that the weekly ones would leave outside."""
    return _hit(
        dentist_id,
        lambda schedule: replace_hours(schedule, overrides=[one for one in schedule.overrides if one.date != day]),
    )


def hit_by_time_off(actor: Actor, dentist_id: UUID, start: datetime, end: datetime) -> list[Appointment]:
    """The coming visits of the dentist that meet an absence, by their bare time."""
    visits = _coming().filter(dentist_id=dentist_id, starts_at__lt=end, ends_at__gt=start)
    return list(visits)


def hit_by_closure(actor: Actor, day: date) -> list[Appointment]:
    """Everybody's coming visits on a date."""
    begin, end = clock.day_bounds(day)
    return list(_coming().filter(starts_at__lt=end, ends_at__gt=begin))


def standing(of: Q, without: Sequence[Any] = ()) -> list[Appointment]:
    """The coming visits of a choice that lie within the hours of their dentists, and not in their time off; as it would be
    without these rows of weekly or other hours."""
    visits = list(_coming().filter(of, dentist__isnull=False))
    if not visits:
        return []
    first, last = clock.local(visits[0].starts_at).date(), clock.local(visits[-1].starts_at).date()
    plans = schedules({visit.dentist_id for visit in visits if visit.dentist_id}, first, last)
    for row in without:
        if row.dentist_id in plans:
            plans[row.dentist_id] = _without(plans[row.dentist_id], row)
    return [visit for visit in visits if visit.dentist_id and _stands(visit, plans[visit.dentist_id])]


def _without(schedule: Schedule, row: Any) -> Schedule:
    if isinstance(row, WorkingHours):
        gone = WeeklyHours(row.day_of_week, Hours(row.start_time, row.end_time, Access(row.access)))
        return replace_hours(schedule, weekly=[one for one in schedule.weekly if one != gone])
    if isinstance(row, StoredOverride):
        hours = (
            None
            if row.start_time is None or row.end_time is None
            else Hours(row.start_time, row.end_time, Access(row.access))
        )
        other = DateOverride(row.date, hours)
        return replace_hours(schedule, overrides=[one for one in schedule.overrides if one != other])
    return schedule


def _stands(visit: Appointment, schedule: Schedule) -> bool:
    away = any(visit.starts_at < off.end and off.start < visit.ends_at for off in schedule.time_off)
    return not away and fits(visit, schedule)


def _coming():  # type: ignore[no-untyped-def]  # a queryset of visits
    rows = Appointment.objects.filter(status__in=STILL_TO_COME, ends_at__gt=clock.now())
    return rows.select_related("dentist", "treatment").order_by("starts_at", "id")


def replace_hours(
    schedule: Schedule, *, weekly: list[WeeklyHours] | None = None, overrides: list[DateOverride] | None = None
) -> Schedule:
    """The same schedule with other hours."""
    return replace(
        schedule,
        weekly=schedule.weekly if weekly is None else weekly,
        overrides=schedule.overrides if overrides is None else overrides,
    )


def _hit(dentist_id: UUID, changed: Callable[[Schedule], Schedule]) -> list[Appointment]:
    visits = list(_coming().filter(dentist_id=dentist_id))
    if not visits:
        return []
    first, last = clock.local(visits[0].starts_at).date(), clock.local(visits[-1].starts_at).date()
    now = schedules([dentist_id], first, last)[dentist_id]
    then = changed(now)
    return [visit for visit in visits if fits(visit, now) and not fits(visit, then)]


def fits(visit: Appointment, schedule: Schedule) -> bool:
    """Whether a visit's bare time lies inside one open interval of its date."""
    day = clock.local(visit.starts_at).date()
    wall = wall_day(day, clock.zone())
    return any(_covers(open_time, visit) for open_time in _open(schedule, day, wall.instant))


def _open(schedule: Schedule, day: date, instant: Callable[[timedelta], datetime]) -> list[Busy]:
    return [Busy(instant(one.opening), instant(one.closing)) for one in schedule.hours(day)]


def _covers(open_time: Busy, visit: Appointment) -> bool:
    return open_time.start <= visit.starts_at.astimezone(UTC) and visit.ends_at.astimezone(UTC) <= open_time.end
