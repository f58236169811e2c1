"""Visits of the small demo clinic: placed by the same rules as real ones, densest around today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from math import exp
from random import Random
from uuid import UUID

from appointments.models import Appointment
from availability import slots
from availability.slots import Audience, Busy, Rules, Slot, Visit
from clinic.core import clock
from clinic.demo import treatments
from clinic.demo.chance import pick
from clinic.demo.house import Practice
from clinic.demo.life import Case, visit_of
from clinic.demo.people import Person
from clinic.demo.sign_ins import SIGN_INS
from dentists.models import Treatment

BACK_DAYS, AHEAD_DAYS = 21, 28
# Whoever can sign in finds something there: so many past and so many coming visits each, their children too.
_SURE = 2
_ADULT, _CHILD = 18, 14
_STEP = timedelta(minutes=15)


def visits(
    practices: Sequence[Practice], people: Sequence[Person], count: int, now: datetime, chance: Random
) -> Iterator[Appointment]:
    """So many visits from three weeks ago to four weeks ahead of `now`.

    None overlaps another of its dentist, buffers included, and nobody has two on one day. They are noted in the
    practices' schedules as they are made.
    """
    today = clock.local(now).date()
    span = [today + timedelta(days=days) for days in range(-BACK_DAYS, AHEAD_DAYS + 1)]
    places = [(practice, day) for practice in practices for day in span if practice.schedule.hours(day)]
    weights = [_weight(practice, day, today) for practice, day in places]
    here: dict[date, set[UUID]] = defaultdict(set)
    sure = _sure(people)
    made = 0
    while made < count:
        place = chance.choices(range(len(places)), weights)[0]
        practice, day = places[place]
        wanted = sure[day > today]
        case = _case(practice, day, made, wanted[-1] if wanted else None, people, here[day], chance)
        if case is None:
            weights[place] *= 0.8  # fuller than it looked
            continue
        if wanted:
            wanted.pop()
        made += 1
        visit = visit_of(case, now, chance)
        if visit.is_active:
            here[day].add(case.person.id)
            before, after = _buffers(case.treatment)
            practice.schedule.busy.append(Busy(case.start - before, case.end + after))
        yield visit


def _sure(people: Sequence[Person]) -> dict[bool, list[Person]]:
    """Who must have visits, by whether these are still to come."""
    emails = {one.email for one in SIGN_INS}
    return {coming: [person for person in people if person.email in emails] * _SURE for coming in (False, True)}


def _weight(practice: Practice, day: date, today: date) -> float:
    open_for = sum((one.closing - one.opening for one in practice.schedule.hours(day)), timedelta(0))
    return open_for.total_seconds() * (0.25 + exp(-abs((day - today).days) / 9))


def _case(
    practice: Practice, day: date, number: int, wanted: Person | None, people: Sequence[Person], here: set[UUID],
    chance: Random,
) -> Case | None:  # fmt: skip
    """A visit that fits this dentist and day, for the wanted person or for anybody; None when there is none."""
    offered = practice.treatments
    asked_for = {slug: treatments.BY_SLUG[slug].asked_for for slug in offered}
    if wanted is not None:
        child = wanted.age_on(day) < _ADULT
        asked_for = {slug: weight for slug, weight in asked_for.items() if (slug == "children") is child}
        if not asked_for:
            return None
    treatment = offered[pick(chance, asked_for)]
    person = wanted or _somebody(treatment, day, people, here, chance)
    if person is None or person.id in here:
        return None
    free = _free(practice, day, treatment)
    if not free:
        return None
    slot = chance.choice(free[:3] + free[-2:] + free)  # people like the early hours and the late ones
    return Case(number, person, practice.dentist, treatment, slot.start, slot.end)


def _somebody(
    treatment: Treatment, day: date, people: Sequence[Person], here: set[UUID], chance: Random
) -> Person | None:
    for _ in range(20):
        person = chance.choice(people)
        age = person.age_on(day)
        fits = age <= _CHILD if treatment.slug == "children" else age >= max(_ADULT, treatment.minimum_age)
        if fits and person.id not in here:
            return person
    return None


def _free(practice: Practice, day: date, treatment: Treatment) -> list[Slot]:
    """The slots as somebody saw them who looked the evening before; toothache sees the emergency hours too."""
    schedule, (before, after) = practice.schedule, _buffers(treatment)
    return slots.free_slots(
        day,
        schedule.hours(day),
        visit=Visit(timedelta(minutes=treatment.duration_minutes), before, after),
        busy=schedule.busy,
        time_off=schedule.time_off,
        rules=Rules(clock.zone(), _STEP, timedelta(0), timedelta(days=2), timedelta(0)),
        now=clock.day_bounds(day)[0] - timedelta(hours=3),
        audience=Audience.URGENT if treatment.slug == "toothache" else Audience.EVERYONE,
    )


def _buffers(treatment: Treatment) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=treatment.buffer_before_minutes), timedelta(minutes=treatment.buffer_after_minutes)
