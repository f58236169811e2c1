"""Looking only at the dates that have room finds what looking at every date finds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from availability.catalogue import offers_of
from availability.models import Access, Closure, DateOverride, TimeOff, WorkingHours
from availability.queries import Opening, PartOfDay, first_available, next_free, search
from availability.slots import Slot
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from dentists.models import Dentist, Offer, Treatment
from tests.factories import Cast, make_dentist
from tests.factories.holds import hold

DAYS = 24
# Within the searched days the clock changes: in autumn an hour comes twice, in spring one is skipped.
AUTUMN, SPRING = date(2027, 10, 20), date(2027, 3, 17)
PATTERNS = ((), ((9, 0, 12, 0), (13, 0, 17, 0)), ((8, 10, 8, 50),), ((1, 30, 4, 0),), ((9, 5, 13, 0), (13, 0, 19, 30)))


def a_clinic(cast: Cast, chance: random.Random, first: date) -> None:
    """Three dentists with odd hours, exceptions, closures, absences and taken time, most of it taken."""
    ClinicSettings.objects.update(
        slot_step_minutes=chance.choice([10, 15, 25]),
        min_notice_minutes=chance.choice([0, 60, 3 * 1440]),
        max_advance_days=chance.choice([10, 456]),
    )
    for number in range(3):
        dentist = make_dentist(f"Dr. Number {number}", cast.filling, hours=())
        _hours(dentist, chance)
        for day in (first + timedelta(days=n) for n in range(DAYS)):
            if chance.random() < 0.2:
                _instead(dentist, day, chance)
            _taken(cast, dentist, day, chance)
    Closure.objects.create(date=first + timedelta(days=chance.randrange(DAYS)))


def _hours(dentist: Dentist, chance: random.Random) -> None:
    for weekday in range(7):
        for opens, from_minute, closes, to_minute in chance.choice(PATTERNS):
            WorkingHours.objects.create(
                dentist=dentist, day_of_week=weekday, access=chance.choice(Access.values),
                start_time=time(opens, from_minute), end_time=time(closes, to_minute),
            )  # fmt: skip


def _instead(dentist: Dentist, day: date, chance: random.Random) -> None:
    if chance.random() < 0.5:
        DateOverride.objects.create(dentist=dentist, date=day)
    else:
        DateOverride.objects.create(dentist=dentist, date=day, start_time=time(10, 20), end_time=time(12))


def _taken(cast: Cast, dentist: Dentist, day: date, chance: random.Random) -> None:
    """Mostly nothing is left of a day; else one gap about as long as the visit with its buffers, or much of it."""
    begin, end = (bound.astimezone(UTC) for bound in clock.day_bounds(day))
    gap = begin + timedelta(minutes=5 * chance.randrange(12 * 8, 12 * 16))
    match chance.choice(["all", "all", "all", "gap", "gap", "hold"]):
        case "all":
            _away(dentist, begin, end)
        case "gap":
            _away(dentist, begin, gap)
            _away(dentist, gap + timedelta(minutes=chance.choice([59, 60, 70])), end)
        case "hold":
            hold(cast, cast.nobody(f"{dentist} {day}"), gap, runs_for=60_000, dentist=dentist)


def _away(dentist: Dentist, begin: datetime, end: datetime) -> None:
    TimeOff.objects.create(dentist=dentist, starts_at=begin, ends_at=end)


@pytest.mark.parametrize("seed", range(12))
def test_the_first_and_the_next_free_are_the_first_of_all(
    cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    first = chance.choice([AUTUMN, SPRING])
    now = datetime.combine(first, time(chance.randrange(24), 7), tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    with db.as_owner():
        a_clinic(cast, chance, first)
    ana = cast.as_ana
    with db.reading(ana):
        offers = offers_of(Treatment.objects.get(slug="filling"), actor=ana)
        for part in (None, *PartOfDay):
            for urgent in (False, True):
                every = list(search(ana, offers, first, DAYS, part=part, urgent=urgent))
                found = first_available(ana, offers, first, DAYS, part=part, urgent=urgent)
                assert found == (every[0] if every else None)
        assert next_free(ana, offers, first, DAYS) == by_dentist(list(search(ana, offers, first, DAYS)))


def by_dentist(every: list[Opening]) -> dict[UUID, Slot]:
    firsts: dict[UUID, Slot] = {}
    for opening in every:
        firsts.setdefault(opening.offered.dentist.pk, opening.slot)
    return firsts


def test_a_gap_that_fits_only_by_the_clock_that_was_just_changed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # From 01:30 every 25 minutes by the clock: 03:10 is on that grid, and 40 minutes after the opening, since 02:00 to 03:00
    # does not exist. Between 03:05 and 04:05 there is room for 45 minutes with 5 before and 10 after.
    sunday = date(2027, 3, 28)
    monkeypatch.setattr(clock, "now", lambda: clock.at(sunday, time(0)) - timedelta(days=5))
    with db.as_owner():
        ClinicSettings.objects.update(slot_step_minutes=25)
        dentist = make_dentist("Dr. Night", cast.filling, hours=((time(1, 30), time(4)),), days=(6,))
        Offer.objects.filter(treatment=cast.filling).exclude(dentist=dentist).delete()
        _away(dentist, clock.at(sunday, time(0)), clock.at(sunday, time(3, 5)))
        _away(dentist, clock.at(sunday, time(4, 5)), clock.at(sunday, time(12)))
    ana = cast.as_ana
    with db.reading(ana):
        found = first_available(ana, offers_of(cast.filling, actor=ana), sunday - timedelta(days=3), 5)
    assert found is not None
    assert found.start == clock.at(sunday, time(3, 10))
