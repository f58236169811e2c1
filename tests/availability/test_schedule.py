"""Changing a schedule: who may, what is refused, and which visits it hits."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from appointments import impact
from availability import schedule
from availability.errors import HoursOverlap, HoursReversed
from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from availability.schedule import Interval, WeeklyInterval
from clinic.core import db
from clinic.core.errors import NotAllowed, NotFound
from tests.concurrency.crowd import at_once
from tests.factories import Cast

MORNINGS = [WeeklyInterval(day, time(8), time(12)) for day in range(5)]


def test_a_dentist_replaces_the_week_and_keeps_nothing_of_the_old_one(cast: Cast) -> None:
    schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, MORNINGS)
    with db.as_owner():
        rows = WorkingHours.objects.filter(dentist=cast.weber).values_list("day_of_week", "start_time", "end_time")
        assert list(rows) == [(day, time(8), time(12)) for day in range(5)]
        assert WorkingHours.objects.filter(dentist=cast.okafor).count() == 10


def test_the_hours_that_go_hit_the_visits_that_do_not_fit_any_more(cast: Cast) -> None:
    early = cast.booked(cast.nobody("a"), cast.at(9)).appointment
    late = cast.booked(cast.nobody("b"), cast.at(14), contact=cast.guest("Lea Late")).appointment
    me = cast.as_dentist(cast.weber)
    with db.reading(me):
        hit = impact.hit_by_weekly_hours(me, cast.weber.pk, MORNINGS)
        closed = impact.hit_by_override(me, cast.weber.pk, cast.monday, [])
        short = impact.hit_by_override(me, cast.weber.pk, cast.monday, [Interval(time(13), time(17))])
        away = impact.hit_by_time_off(me, cast.weber.pk, cast.at(9, 15), cast.at(9, 45))
        whole_day = impact.hit_by_closure(me, cast.monday)
    assert [visit.pk for visit in hit] == [late.pk]
    assert [visit.pk for visit in closed] == [early.pk, late.pk]
    assert [visit.pk for visit in short] == [early.pk]
    assert [visit.pk for visit in away] == [early.pk]
    assert [visit.pk for visit in whole_day] == [early.pk, late.pk]


def test_overlapping_and_reversed_hours_change_nothing(cast: Cast) -> None:
    me = cast.as_dentist(cast.weber)
    with pytest.raises(HoursOverlap):
        schedule.set_weekly_hours(me, cast.weber.pk, [*MORNINGS, WeeklyInterval(0, time(11), time(13))])
    with pytest.raises(HoursReversed):
        schedule.set_weekly_hours(me, cast.weber.pk, [WeeklyInterval(0, time(12), time(12))])
    with db.as_owner():
        assert WorkingHours.objects.filter(dentist=cast.weber).count() == 10


def test_nobody_changes_somebody_elses_schedule(cast: Cast) -> None:
    for actor in (cast.as_dentist(cast.okafor), cast.as_ana, cast.nobody()):
        with pytest.raises(NotAllowed):
            schedule.set_weekly_hours(actor, cast.weber.pk, MORNINGS)
        with pytest.raises(NotAllowed):
            schedule.add_time_off(actor, cast.weber.pk, cast.at(9), cast.at(10))
        with pytest.raises(NotAllowed):
            schedule.add_closure(actor, cast.monday)
    with db.as_owner():
        assert (WorkingHours.objects.filter(dentist=cast.weber).count(), TimeOff.objects.count()) == (10, 0)


@pytest.mark.parametrize("who", ["as_desk", "as_admin"])
def test_front_desk_and_admin_change_everybodys(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    schedule.set_weekly_hours(actor, cast.weber.pk, MORNINGS)
    schedule.set_override(actor, cast.weber.pk, cast.monday, [])
    away = schedule.add_time_off(actor, cast.weber.pk, cast.at(9), cast.at(10), reason="course")
    schedule.add_closure(actor, cast.monday + timedelta(days=1), name="Moving house")
    schedule.remove_time_off(actor, away.pk)
    schedule.clear_override(actor, cast.weber.pk, cast.monday)
    schedule.remove_closure(actor, cast.monday + timedelta(days=1))
    with pytest.raises(NotFound):
        schedule.remove_closure(actor, cast.monday)
    with db.as_owner():
        assert (DateOverride.objects.count(), TimeOff.objects.count(), Closure.objects.count()) == (0, 0, 0)


def test_somebody_elses_time_off_looks_like_none(cast: Cast) -> None:
    away = schedule.add_time_off(cast.as_dentist(cast.weber), cast.weber.pk, cast.at(9), cast.at(10))
    with pytest.raises(NotFound):
        schedule.remove_time_off(cast.as_dentist(cast.okafor), away.pk)


def test_the_same_time_off_is_written_down_once(cast: Cast) -> None:
    me = cast.as_dentist(cast.weber)
    first = schedule.add_time_off(me, cast.weber.pk, cast.at(9), cast.at(10), reason="course")
    again = schedule.add_time_off(cast.as_desk, cast.weber.pk, cast.at(9), cast.at(10))
    assert (again.pk, again.reason) == (first.pk, "course")
    assert schedule.add_time_off(me, cast.weber.pk, cast.at(9), cast.at(10), reason="a talk").pk == first.pk
    schedule.add_time_off(me, cast.weber.pk, cast.at(9), cast.at(11))
    schedule.add_time_off(cast.as_desk, cast.okafor.pk, cast.at(9), cast.at(10))
    with db.as_owner():
        kept = TimeOff.objects.order_by("id").values_list("dentist", "ends_at", "reason")
        assert list(kept) == [
            (cast.weber.pk, cast.at(10), "a talk"),
            (cast.weber.pk, cast.at(11), ""),
            (cast.okafor.pk, cast.at(10), ""),
        ]


def test_the_same_time_off_from_many_at_once_is_written_down_once(cast: Cast) -> None:
    def add() -> int:
        return schedule.add_time_off(cast.as_desk, cast.weber.pk, cast.at(9), cast.at(10)).pk

    answers = at_once([add] * 6)
    assert [one.error for one in answers] == [None] * 6
    with db.as_owner():
        assert {one.result for one in answers} == {TimeOff.objects.get().pk}
