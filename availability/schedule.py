"""Changing when dentists work: weekly hours, dates with other hours, time off, closures.

Changes over booked visits are allowed: the visits stay until somebody moves or cancels them
(`appointments.impact` says which they are). Hours are the clinic's wall clock, time off is between instants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from availability.errors import HoursReversed
from availability.models import Access, Closure, DateOverride, TimeOff, WorkingHours
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.errors import Malformed, NotAllowed, NotFound
from dentists.models import Dentist

MANY = 60  # intervals a week or a date: more than anybody works, less than anybody types by mistake
LONGEST_TIME_OFF = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class WeeklyInterval:
    """One interval of a weekday, 0 = Monday."""

    day_of_week: int
    start: time
    end: time
    access: str = Access.EVERYONE
    is_available: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval of a date."""

    start: time
    end: time
    access: str = Access.EVERYONE


def may_change(actor: Actor, dentist_id: UUID) -> bool:
    """Whether the caller may change this dentist's schedule: the dentist, the front desk, an admin."""
    return actor.role in (Role.ADMIN, Role.DESK) or (actor.role == Role.DENTIST and actor.dentist_id == dentist_id)


def _dentist(actor: Actor, dentist_id: UUID) -> Dentist:
    """The dentist, locked, so that two changes of one schedule come one after the other."""
    if not may_change(actor, dentist_id):
        raise NotAllowed()
    db.value("SELECT pg_advisory_xact_lock(72032, hashtext(%s))", [str(dentist_id)])
    found = Dentist.objects.filter(pk=dentist_id).first()
    if found is None:
        raise NotFound()
    return found


def check_intervals(intervals: Sequence[WeeklyInterval] | Sequence[Interval]) -> None:
    """Raises `HoursReversed` and `Malformed` for intervals that no dentist can work; overlaps are the constraint's.

    Hours begin and end on the full minute, as they stand on the door.
    """
    if len(intervals) > MANY:
        raise Malformed().about("intervals")
    for one in intervals:
        if one.end <= one.start:
            raise HoursReversed().about("end_time")
        for name, wall in (("start_time", one.start), ("end_time", one.end)):
            if wall.second or wall.microsecond:
                raise Malformed().about(name)
        if one.access not in Access.values:
            raise Malformed().about("access")
        if isinstance(one, WeeklyInterval) and not 0 <= one.day_of_week <= 6:
            raise Malformed().about("day_of_week")


def set_weekly_hours(actor: Actor, dentist_id: UUID, intervals: Sequence[WeeklyInterval]) -> list[WorkingHours]:
    """Replaces a dentist's whole week, in order. Raises `HoursOverlap`, `HoursReversed`, `NotAllowed`, `NotFound`."""
    check_intervals(intervals)
    with db.transaction(actor):
        dentist = _dentist(actor, dentist_id)
        WorkingHours.objects.filter(dentist=dentist).delete()
        rows = [
            WorkingHours(
                dentist=dentist,
                day_of_week=one.day_of_week,
                start_time=one.start,
                end_time=one.end,
                access=one.access,
                is_available=one.is_available,
            )
            for one in sorted(intervals, key=lambda one: (one.day_of_week, one.start))
        ]
        return WorkingHours.objects.bulk_create(rows)


def set_override(actor: Actor, dentist_id: UUID, day: date, intervals: Sequence[Interval]) -> list[DateOverride]:
    """Gives one date other hours than the weekly ones; no interval means closed. Replaces what the date had."""
    check_intervals(intervals)
    with db.transaction(actor):
        dentist = _dentist(actor, dentist_id)
        DateOverride.objects.filter(dentist=dentist, date=day).delete()
        rows = [
            DateOverride(dentist=dentist, date=day, start_time=one.start, end_time=one.end, access=one.access)
            for one in sorted(intervals, key=lambda one: one.start)
        ] or [DateOverride(dentist=dentist, date=day)]
        return DateOverride.objects.bulk_create(rows)


def clear_override(actor: Actor, dentist_id: UUID, day: date) -> None:
    """Gives a date its weekly hours back; a date without other hours stays as it is."""
    with db.transaction(actor):
        dentist = _dentist(actor, dentist_id)
        DateOverride.objects.filter(dentist=dentist, date=day).delete()


def add_time_off(actor: Actor, dentist_id: UUID, start: datetime, end: datetime, *, reason: str = "") -> TimeOff:
    """An absence between two instants; the same one again keeps its row, and gets the reason if there is one. Raises
    `HoursReversed`, `Malformed`, `NotAllowed`, `NotFound`."""
    reason = " ".join(reason.split())
    if start.tzinfo is None or end.tzinfo is None:
        raise Malformed().about("starts_at")
    if end <= start:
        raise HoursReversed().about("ends_at")
    if end - start > LONGEST_TIME_OFF:
        raise Malformed().about("ends_at")
    if len(reason) > 200 or "\0" in reason:
        raise Malformed().about("reason")
    with db.transaction(actor):
        same = {"dentist": _dentist(actor, dentist_id), "starts_at": start, "ends_at": end}
        known = TimeOff.objects.filter(**same).order_by("id").first()
        if known is None:
            return TimeOff.objects.create(**same, reason=reason)
        if reason and reason != known.reason:
            known.reason = reason
            known.save(update_fields=["reason"])
        return known


def remove_time_off(actor: Actor, time_off_id: int) -> None:
    """Takes an absence back. Raises `NotFound`, also for somebody else's."""
    with db.transaction(actor):
        found = TimeOff.objects.filter(pk=time_off_id).first()
        if found is None or not may_change(actor, found.dentist_id):
            raise NotFound()
        found.delete()


def add_closure(actor: Actor, day: date, *, name: str = "") -> Closure:
    """Closes the whole clinic on a date; one that is closed already keeps its row and gets the name."""
    name = " ".join(name.split())
    if len(name) > 120 or "\0" in name:
        raise Malformed().about("name")
    if actor.role not in (Role.ADMIN, Role.DESK):
        raise NotAllowed()
    with db.transaction(actor):
        closure, _created = Closure.objects.update_or_create(date=day, defaults={"name": name})
        return closure


def remove_closure(actor: Actor, day: date) -> None:
    """Opens the clinic again on a date. Raises `NotFound` when it was not closed."""
    if actor.role not in (Role.ADMIN, Role.DESK):
        raise NotAllowed()
    with db.transaction(actor):
        deleted, _rows = Closure.objects.filter(date=day).delete()
        if not deleted:
            raise NotFound()
