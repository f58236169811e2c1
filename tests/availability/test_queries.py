"""Finding free slots over dentists and days, at a cost that does not grow with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from availability.catalogue import Offered, offers_of
from availability.models import Closure, TimeOff, WorkingHours
from availability.queries import FIRST_LOOK_DAYS, PartOfDay, first_available, nearest, next_free, search, slots_on
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from dentists.models import Dentist
from tests.factories import Cast, make_dentist
from tests.factories.holds import hold


@contextmanager
def asking(cast: Cast, actor: Actor | None = None) -> Iterator[list[Offered]]:
    """Everybody who offers a check-up, as the caller may ask for it."""
    with db.reading(actor or cast.as_ana):
        yield offers_of(cast.checkup, actor=actor or cast.as_ana)


def test_the_slots_of_a_day(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(10))
    with asking(cast) as offers:
        weber = next(one for one in offers if one.dentist.pk == cast.weber.pk)
        found = slots_on(cast.as_ana, weber, cast.monday)
        closed = slots_on(cast.as_ana, weber, cast.monday + timedelta(days=5))
    assert [f"{slot.start:%H:%M}" for slot in found if slot.start < cast.at(12)] == [
        "09:00", "09:15", "09:30", "10:30", "10:45", "11:00", "11:15", "11:30",
    ]  # fmt: skip
    assert {slot.end - slot.start for slot in found} == {timedelta(minutes=30)}
    assert closed == []


def test_several_dentists_come_by_time_then_by_name(cast: Cast) -> None:
    with asking(cast) as offers:
        found = list(search(cast.as_ana, offers, cast.monday, 1))
    assert [(one.offered.dentist.name, f"{one.start:%H:%M}") for one in found[:4]] == [
        ("Dr. Chidi Okafor", "09:00"),
        ("Dr. Eva Weber", "09:00"),
        ("Dr. Chidi Okafor", "09:15"),
        ("Dr. Eva Weber", "09:15"),
    ]
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_parts_of_the_day(cast: Cast) -> None:
    with db.as_owner():
        WorkingHours.objects.create(dentist=cast.weber, day_of_week=0, start_time=time(17), end_time=time(19))
    with asking(cast) as offers:
        of = {
            part: {f"{one.start:%H}" for one in search(cast.as_ana, offers, cast.monday, 1, part=part)}
            for part in PartOfDay
        }
    assert of == {
        PartOfDay.MORNING: {"09", "10", "11"},
        PartOfDay.AFTERNOON: {"13", "14", "15", "16"},
        PartOfDay.EVENING: {"17", "18"},
    }


def test_the_first_available_near_far_and_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.at(6))
    with asking(cast) as offers:
        near = first_available(cast.as_ana, offers, cast.monday, 60)
    with db.as_owner():
        for dentist in (cast.weber, cast.okafor):
            TimeOff.objects.create(dentist=dentist, starts_at=cast.at(0), ends_at=cast.at(0, days=21))
    with asking(cast) as offers:
        far = first_available(cast.as_ana, offers, cast.monday, 60)
        last_day = first_available(cast.as_ana, offers, cast.monday, 22)
        none = first_available(cast.as_ana, offers, cast.monday, 21)
        first_look = first_available(cast.as_ana, offers, cast.monday, FIRST_LOOK_DAYS)
    assert near is not None
    assert far is not None
    assert (near.start, far.start, last_day) == (cast.at(9), cast.at(9, days=21), far)
    assert (none, first_look) == (None, None)


def test_a_search_that_begins_in_the_past_finds_what_is_to_come(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.at(10, 20))
    with db.as_owner():
        ClinicSettings.objects.update(min_notice_minutes=0)
    with asking(cast) as offers:
        found = first_available(cast.as_ana, offers, cast.monday - timedelta(days=3), 7)
    assert found is not None
    assert found.start == cast.at(10, 30)


def test_each_dentists_next_free_slot(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.at(6))
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.okafor, starts_at=cast.at(0), ends_at=cast.at(0, days=2))
    with asking(cast) as offers:
        found = next_free(cast.as_ana, offers, cast.monday, 30)
        nobody = next_free(cast.as_ana, offers, cast.monday + timedelta(days=5), 2)
    assert {key: slot.start for key, slot in found.items()} == {
        cast.weber.pk: cast.at(9),
        cast.okafor.pk: cast.at(9, days=2),
    }
    assert nobody == {}


def test_the_nearest_ones(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(10))
    with db.as_owner():
        Closure.objects.create(date=cast.monday + timedelta(days=1))
    with asking(cast) as offers:
        weber = [one for one in offers if one.dentist.pk == cast.weber.pk]
        around_ten = [one.start for one in nearest(cast.as_ana, weber, cast.at(10))]
        on_a_closed_day = [one.start for one in nearest(cast.as_ana, weber, cast.at(9, days=1), count=2)]
        far_off = nearest(cast.as_ana, weber, cast.at(9, days=5000))
    assert around_ten == [cast.at(9), cast.at(9, 15), cast.at(9, 30), cast.at(10, 30), cast.at(10, 45)]
    assert on_a_closed_day == [cast.at(16, 15), cast.at(16, 30)]
    assert far_off == []


def test_it_costs_as_many_queries_for_thirty_as_for_one(cast: Cast) -> None:
    ana = cast.as_ana

    def cost() -> int:
        with asking(cast, ana) as offers, CaptureQueriesContext(connections["default"]) as queries:
            list(search(ana, offers, cast.monday, 30))
            next_free(ana, offers, cast.monday, 30)
            nearest(ana, offers, cast.at(9))
        return len(queries)

    with db.as_owner():
        Dentist.objects.filter(pk=cast.okafor.pk).update(is_active=False)
    for_one = cost()
    with db.as_owner():
        for number in range(30):
            dentist = make_dentist(f"Dr. Number {number}", cast.checkup)
            TimeOff.objects.create(dentist=dentist, starts_at=cast.at(13), ends_at=cast.at(14))
            hold(cast, cast.nobody(f"holder {number}"), cast.at(9), runs_for=60_000, dentist=dentist)
    assert cost() == for_one
    # The settings once, schedules for each of the three; the second one first asks on which days there is room.
    assert for_one == 1 + 3 + 1
