"""Cancelling and undoing: until when, by whom, and what becomes of the time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appointments.models import Appointment
from appointments.transitions import cancel, check_in, complete, mark_no_show, undo
from availability.errors import SlotTaken
from availability.models import Occupancy
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from clinic.core.models import ClinicSettings
from tests.appointments.told import told
from tests.factories import Cast
from tests.factories.stored import nothing_stored
from tests.factories.time import clock_at

SECOND = timedelta(seconds=1)


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


def stored() -> Appointment:
    with db.as_owner():
        return Appointment.objects.order_by("created_at").first()  # type: ignore[return-value]  # one was booked


def test_the_row_stays_and_the_time_is_free_at_once(cast: Cast, visit: Appointment) -> None:
    cancel(cast.as_ana, visit.pk, reason="  a   cold ")
    row = stored()
    assert (row.status, row.cancellation_reason, row.cancelled_by) == ("cancelled", "a cold", "patient")
    assert (row.cancelled_by_user_id, row.sequence, row.booking_reference) == (
        cast.ana.pk,
        1,
        visit.booking_reference,
    )
    assert row.cancelled_at is not None
    assert told(lambda: cast.booked(cast.nobody(), cast.at(9))) == "done"


@pytest.mark.parametrize(("who", "kept"), [("as_desk", "desk"), ("as_admin", "admin")])
def test_who_cancelled_is_kept(cast: Cast, visit: Appointment, who: str, kept: str) -> None:
    cancel(getattr(cast, who), visit.pk)
    assert stored().cancelled_by == kept


def test_a_guest_cancels_by_the_private_link(cast: Cast) -> None:
    booked = cast.booked(cast.nobody(), cast.at(9))
    cancel(ANONYMOUS.with_visit(booked.appointment.pk), booked.appointment.pk)
    assert (stored().cancelled_by, stored().cancelled_by_user_id) == ("patient", None)


@pytest.mark.parametrize("hours", [24, 2, 0])
def test_patients_until_the_cut_off_staff_always(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(cancel_cutoff_hours=hours)
    last = visit.starts_at - timedelta(hours=hours)
    ana, desk = cast.as_ana, cast.as_desk
    at(monkeypatch, last + SECOND)
    with nothing_stored():
        assert told(lambda: cancel(ana, visit.pk)) == "too_late_to_cancel"
    at(monkeypatch, last)
    assert told(lambda: cancel(ana, visit.pk)) == "done"
    other = cast.booked(desk, cast.at(10)).appointment
    at(monkeypatch, other.starts_at + timedelta(days=3))
    assert told(lambda: cancel(desk, other.pk)) == "done"


@pytest.mark.parametrize("reason", ["x" * 201, "a\0b", "half a pair \ud83d"])
def test_a_reason_that_cannot_be_stored(cast: Cast, visit: Appointment, reason: str) -> None:
    with nothing_stored():
        assert told(lambda: cancel(cast.as_ana, visit.pk, reason=reason)) == "malformed"


def test_a_no_show_who_came_after_all(cast: Cast, visit: Appointment) -> None:
    desk = cast.as_desk
    with clock_at(cast.at(9, 20)):
        mark_no_show(desk, visit.pk)
        with db.as_owner():
            assert Occupancy.objects.count() == 0
        assert undo(desk, visit.pk).status == "confirmed"
    assert stored().no_show_at is None
    with pytest.raises(SlotTaken):
        cast.booked(cast.nobody(), cast.at(9))


def test_a_no_show_whose_time_was_given_away_stays_one(cast: Cast, visit: Appointment) -> None:
    desk = cast.as_desk
    with clock_at(cast.at(9, 20)):
        mark_no_show(desk, visit.pk)
    cast.booked(cast.nobody(), cast.at(9))
    with clock_at(cast.at(9, 25)), nothing_stored():
        assert told(lambda: undo(desk, visit.pk)) == "slot_taken"


def test_a_no_show_who_is_elsewhere_by_now_stays_one(cast: Cast, visit: Appointment) -> None:
    desk = cast.as_desk
    with clock_at(cast.at(9, 20)):
        mark_no_show(desk, visit.pk)
    cast.booked(cast.as_ana, cast.at(9), dentist=cast.okafor.pk, contact=cast.guest("Ana Ruiz"))
    with clock_at(cast.at(9, 25)), nothing_stored():
        assert told(lambda: undo(desk, visit.pk)) == "already_booked"


def test_steps_are_taken_back_one_by_one(cast: Cast, visit: Appointment) -> None:
    desk = cast.as_desk
    with clock_at(cast.at(9, 20)):
        check_in(desk, visit.pk)
        complete(desk, visit.pk)
        assert [undo(desk, visit.pk).status, undo(desk, visit.pk).status] == ["checked_in", "confirmed"]
        assert told(lambda: undo(desk, visit.pk)) == "nothing_to_undo"
    assert (stored().checked_in_at, stored().completed_at) == (None, None)


def test_yesterdays_step_stays(cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = cast.as_desk
    at(monkeypatch, cast.at(9))
    check_in(desk, visit.pk)
    # The clinic's day counts: an hour before its midnight is still today, in UTC or not.
    at(monkeypatch, cast.at(0, days=1))
    with nothing_stored():
        assert told(lambda: undo(desk, visit.pk)) == "nothing_to_undo"
    at(monkeypatch, cast.at(0, days=1) - SECOND)
    assert told(lambda: undo(desk, visit.pk)) == "done"
