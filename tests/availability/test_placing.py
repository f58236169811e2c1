"""Whether a visit may be placed at a start, by hours, notice, audience and what is taken."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest

from availability.models import Access, Closure, DateOverride, TimeOff, WorkingHours
from availability.placing import Place, check, place
from availability.slots import Visit
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from tests.appointments.told import told
from tests.factories import Cast

CHECKUP = Visit(timedelta(minutes=30))
FILLING = Visit(timedelta(minutes=45), timedelta(minutes=5), timedelta(minutes=10))


def placed(
    cast: Cast,
    actor: Actor,
    start: datetime,
    visit: Visit = CHECKUP,
    *,
    urgent: bool = False,
    outside_rules: bool = False,
    moving: UUID | None = None,
) -> str:
    with db.reading(actor):
        return told(
            lambda: check(actor, cast.weber.pk, visit, start, urgent=urgent, outside_rules=outside_rules, moving=moving)
        )


def test_a_place_is_the_visit_with_its_buffers(cast: Cast) -> None:
    found = place(FILLING, cast.at(9))
    assert found == Place(cast.at(9), cast.at(9, 45), cast.at(8, 55), cast.at(9, 55))


def test_buffers_reach_outside_hours_and_into_closures_not_into_time_off(cast: Cast) -> None:
    with db.as_owner():
        Closure.objects.create(date=cast.monday + timedelta(days=1))
        WorkingHours.objects.filter(dentist=cast.weber, day_of_week=0, start_time=time(13)).update(
            end_time=time(23, 45)
        )
    ana = cast.as_ana
    long_tail = Visit(timedelta(minutes=30), timedelta(0), timedelta(minutes=60))
    assert placed(cast, ana, cast.at(9), FILLING) == "done"
    assert placed(cast, ana, cast.at(11, 15), FILLING) == "done"
    assert placed(cast, ana, cast.at(23, 15), long_tail) == "done"
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(8), ends_at=cast.at(8, 56))
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(12), ends_at=cast.at(12, 30))
    assert placed(cast, ana, cast.at(9), FILLING) == "time_off"
    assert placed(cast, ana, cast.at(9), CHECKUP) == "done"
    assert placed(cast, ana, cast.at(11, 15), FILLING) == "time_off"
    assert placed(cast, ana, cast.at(11, 30), CHECKUP) == "done"


def test_notice_and_horizon_to_the_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(min_notice_minutes=90, max_advance_days=30)
    for now, code in (
        (cast.at(9) - timedelta(minutes=89), "too_soon"),
        (cast.at(9) - timedelta(minutes=90), "done"),
        (cast.at(9), "in_the_past"),
        (cast.at(9) - timedelta(days=30), "done"),
        (cast.at(9) - timedelta(days=30, seconds=1), "too_far_ahead"),
    ):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        # Staff have the same notice and horizon, until they say otherwise.
        assert placed(cast, cast.as_ana, cast.at(9)) == code
        assert placed(cast, cast.as_desk, cast.at(9)) == code
        assert placed(cast, cast.as_desk, cast.at(9), outside_rules=True) == "done"


def test_without_notice_the_start_is_still_to_come(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(min_notice_minutes=0)
    monkeypatch.setattr(clock, "now", lambda: cast.at(9))
    assert placed(cast, cast.as_ana, cast.at(9)) == "in_the_past"
    monkeypatch.setattr(clock, "now", lambda: cast.at(9) - timedelta(microseconds=1))
    assert placed(cast, cast.as_ana, cast.at(9)) == "done"


def test_hours_kept_for_some(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(same_day_release_minutes=120)
        for hour, access in ((19, Access.SAME_DAY), (20, Access.URGENT)):
            WorkingHours.objects.create(
                dentist=cast.weber, day_of_week=0, start_time=time(hour), end_time=time(hour + 1), access=access
            )
    same_day, kept = cast.at(19), cast.at(20)
    ana, desk = cast.as_ana, cast.as_desk
    assert [placed(cast, ana, same_day), placed(cast, ana, kept)] == ["outside_hours"] * 2
    assert [placed(cast, ana, same_day, urgent=True), placed(cast, ana, kept, urgent=True)] == ["done"] * 2
    assert [placed(cast, desk, same_day), placed(cast, desk, kept)] == ["done"] * 2
    monkeypatch.setattr(clock, "now", lambda: cast.at(17))
    assert [placed(cast, ana, same_day), placed(cast, ana, kept)] == ["done", "outside_hours"]
    monkeypatch.setattr(clock, "now", lambda: cast.at(17) - timedelta(seconds=1))
    assert placed(cast, ana, same_day) == "outside_hours"


def test_what_wins_closure_then_time_off_then_the_date_then_the_week(cast: Cast) -> None:
    ana, day = cast.as_ana, cast.monday
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=day, start_time=time(18), end_time=time(20))
    assert [placed(cast, ana, cast.at(9)), placed(cast, ana, cast.at(18))] == ["outside_hours", "done"]
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(18), ends_at=cast.at(19))
    assert [placed(cast, ana, cast.at(18)), placed(cast, ana, cast.at(19))] == ["time_off", "done"]
    with db.as_owner():
        Closure.objects.create(date=day)
    assert [placed(cast, ana, cast.at(18)), placed(cast, ana, cast.at(19))] == ["outside_hours"] * 2
    assert placed(cast, cast.as_desk, cast.at(19), outside_rules=True) == "done"


def test_the_visit_that_moves_is_not_in_its_own_way(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    assert placed(cast, cast.as_ana, cast.at(9, 15)) == "slot_taken"
    assert placed(cast, cast.as_ana, cast.at(9, 15), moving=visit.pk) == "done"
