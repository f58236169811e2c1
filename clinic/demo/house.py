"""The house itself: settings, accounts, treatments, dentists with their hours, and when nobody is there.

Everything here writes as the owner of the tables, inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from availability.schedules import Schedule
from availability.slots import Access, Busy, Hours, WeeklyHours
from availability.slots import DateOverride as OtherHours
from clinic.accounts.models import AccountRole, User
from clinic.core import clock
from clinic.core.models import ClinicSettings
from clinic.demo import holidays, staff, treatments
from clinic.demo.chance import new_id
from clinic.demo.sign_ins import ADMIN, DESK, PASSWORD
from dentists.models import Dentist, Offer, Treatment

_BEFORE_DAYS, _AHEAD_DAYS = 35, 460  # holidays are known a little beyond what can be booked


@dataclass(slots=True)
class Practice:
    """A dentist as visits are placed with them: the row, what they offer by treatment's slug, and their schedule."""

    dentist: Dentist
    treatments: dict[str, Treatment]
    schedule: Schedule


def settle(today: date, dentists: int, chance: Random) -> list[Practice]:
    """Stores the house with so many dentists and gives their practices, without visits."""
    ClinicSettings.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Lindenhof Dental Practice",
            "phone": "+49 30 23125100",
            "email": f"hello@{staff.DOMAIN}",
            "address": "Lindenhof 7\n10178 Berlin",
        },
    )
    profiles = list(staff.profiles(dentists, chance))
    _accounts(profiles, chance)
    kinds = {kind.slug: kind for kind in treatments.rows(chance)}
    Treatment.objects.bulk_create(kinds.values())
    closed = dict(holidays.between(today - timedelta(days=_BEFORE_DAYS), today + timedelta(days=_AHEAD_DAYS)))
    Closure.objects.bulk_create(Closure(date=day, name=name) for day, name in closed.items())
    practices = []
    for profile in profiles:
        offered = {slug: kinds[slug] for slug in profile.treatments}
        practices.append(Practice(_dentist(profile, chance), offered, Schedule(closures=frozenset(closed))))
    Dentist.objects.bulk_create(practice.dentist for practice in practices)
    Offer.objects.bulk_create(
        Offer(dentist=one.dentist, treatment=kind) for one in practices for kind in one.treatments.values()
    )
    monday = today - timedelta(days=today.weekday())
    for number, (practice, profile) in enumerate(zip(practices, profiles, strict=True)):
        _week(practice, profile)
        _absences(practice, number, monday)
    return practices


def _accounts(profiles: list[staff.Profile], chance: Random) -> None:
    secret = make_password(PASSWORD)
    people = [(ADMIN.email, ADMIN.name, AccountRole.ADMIN), (DESK.email, DESK.name, AccountRole.DESK)]
    people += [(profile.email, profile.name, AccountRole.DENTIST) for profile in profiles]
    # A dentist's row finds the account of its email: made first, the accounts have ids and a password of our choosing.
    User.objects.bulk_create(
        User(id=new_id(chance), email=email, name=name, role=role, password=secret) for email, name, role in people
    )


def _dentist(profile: staff.Profile, chance: Random) -> Dentist:
    return Dentist(
        id=new_id(chance),
        name=profile.name,
        slug=profile.slug,
        email=profile.email,
        title=profile.title,
        specializations=list(profile.specializations),
        languages=list(profile.languages),
        bio=profile.bio,
        practising_since=profile.since,
        tone=profile.tone,
    )


def _week(practice: Practice, profile: staff.Profile) -> None:
    rows = [
        WorkingHours(
            dentist=practice.dentist,
            day_of_week=day,
            start_time=interval.start,
            end_time=interval.end,
            access=interval.access,
        )
        for interval in profile.week
        for day in interval.days
    ]
    WorkingHours.objects.bulk_create(rows)
    practice.schedule.weekly += [
        WeeklyHours(row.day_of_week, Hours(row.start_time, row.end_time, Access(row.access))) for row in rows
    ]


def _absences(practice: Practice, number: int, monday: date) -> None:
    """Some dentists are away for a week or an afternoon, some have a short day, a day off and an extra Saturday."""

    def day(days: int) -> date:
        return monday + timedelta(days=days)

    dentist, kind = practice.dentist, number % len(staff.KNOWN)
    away: list[TimeOff] = []
    other: list[DateOverride] = []
    if kind == 0:
        other = [DateOverride(dentist=dentist, date=day(11), start_time=time(9), end_time=time(12))]
    elif kind == 1:
        first, last = clock.at(day(10), time(14)), clock.at(day(10), time(20))
        away = [TimeOff(dentist=dentist, starts_at=first, ends_at=last, reason="Conference")]
    elif kind == 2:
        extra = DateOverride(dentist=dentist, date=day(19), start_time=time(10), end_time=time(13))
        other = [DateOverride(dentist=dentist, date=day(16)), extra]
    elif kind == 4:
        first, last = clock.at(day(14), time(0)), clock.at(day(21), time(0))
        away = [TimeOff(dentist=dentist, starts_at=first, ends_at=last, reason="Holiday")]
    TimeOff.objects.bulk_create(away)
    DateOverride.objects.bulk_create(other)
    practice.schedule.time_off += [Busy(row.starts_at, row.ends_at) for row in away]
    practice.schedule.overrides += [
        OtherHours(row.date, Hours(row.start_time, row.end_time) if row.start_time and row.end_time else None)
        for row in other
    ]
