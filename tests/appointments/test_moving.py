"""Rescheduling: what moves along, what stays as booked, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments.models import Appointment
from appointments.moving import reschedule
from availability.errors import SlotTaken
from availability.models import Closure, Reservation, TimeOff
from availability.reservations import reserve
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from clinic.core.models import ClinicSettings
from dentists.models import Treatment
from tests.appointments.told import told
from tests.concurrency.law import faults
from tests.factories import Cast
from tests.factories.stored import nothing_stored


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment


def test_the_visit_moves_as_it_was_booked(cast: Cast, visit: Appointment) -> None:
    with db.as_owner():
        Treatment.objects.update(
            name="Quick look", duration_minutes=15, price=Decimal(1), buffer_before_minutes=60, buffer_after_minutes=60
        )
    moved = reschedule(cast.as_ana, visit.pk, start=cast.at(14, 15))
    assert (moved.pk, moved.booking_reference) == (visit.pk, visit.booking_reference)
    assert (moved.starts_at, moved.ends_at) == (cast.at(14, 15), cast.at(14, 45))
    assert (moved.treatment_name, moved.payment_amount, moved.buffer_before_minutes) == ("Check-up", Decimal(60), 0)
    assert (moved.status, moved.sequence) == ("confirmed", 1)
    assert faults() == []


def test_the_old_time_is_free_at_once(cast: Cast, visit: Appointment) -> None:
    reschedule(cast.as_ana, visit.pk, start=cast.at(14))
    assert told(lambda: cast.booked(cast.nobody(), cast.at(9))) == "done"


def test_a_quarter_later_its_own_time_is_not_in_the_way(cast: Cast, visit: Appointment) -> None:
    assert reschedule(cast.as_ana, visit.pk, start=cast.at(9, 15)).starts_at == cast.at(9, 15)
    assert faults() == []


def test_to_where_it_is_nothing_happens(cast: Cast, visit: Appointment) -> None:
    with nothing_stored():
        assert reschedule(cast.as_ana, visit.pk, start=cast.at(9)).sequence == 0


def test_to_a_colleague_the_name_follows(cast: Cast, visit: Appointment) -> None:
    moved = reschedule(cast.as_ana, visit.pk, start=cast.at(9), dentist="chidi-okafor")
    assert (moved.dentist_id, moved.dentist_name, moved.dentist_email) == (
        cast.okafor.pk,
        "Dr. Chidi Okafor",
        cast.okafor.email,
    )
    assert moved.starts_at == cast.at(9)


def test_a_taken_time_is_refused_with_what_is_free(cast: Cast, visit: Appointment) -> None:
    cast.booked(cast.nobody(), cast.at(10))
    with nothing_stored(), pytest.raises(SlotTaken) as refusal:
        reschedule(cast.as_ana, visit.pk, start=cast.at(10))
    starts = [one["start"] for one in refusal.value.details["alternatives"]]
    # Near the time that was wanted; the visit's own time counts as free.
    assert cast.at(9, 30).isoformat() in starts
    assert cast.at(10).isoformat() not in starts


def test_somebody_elses_hold_is_in_the_way_ones_own_is_not(cast: Cast, visit: Appointment) -> None:
    reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(10))
    reserve(cast.as_ana, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(11))
    assert told(lambda: reschedule(cast.as_ana, visit.pk, start=cast.at(10))) == "slot_taken"
    assert reschedule(cast.as_ana, visit.pk, start=cast.at(11)).starts_at == cast.at(11)
    with db.as_owner():
        assert Reservation.objects.get().holder == f"u:{cast.ben.pk}"
    assert faults() == []


def test_patients_until_the_cut_off_staff_always(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(reschedule_cutoff_hours=5)
    ana, desk, last = cast.as_ana, cast.as_desk, visit.starts_at - timedelta(hours=5)
    monkeypatch.setattr(clock, "now", lambda: last + timedelta(seconds=1))
    with nothing_stored():
        assert told(lambda: reschedule(ana, visit.pk, start=cast.at(15))) == "too_late_to_move"
    monkeypatch.setattr(clock, "now", lambda: last)
    assert told(lambda: reschedule(ana, visit.pk, start=cast.at(15))) == "done"
    monkeypatch.setattr(clock, "now", lambda: cast.at(16))
    assert told(lambda: reschedule(desk, visit.pk, start=cast.at(16), outside_rules=True)) == "done"


def test_only_staff_move_outside_the_rules(cast: Cast, visit: Appointment) -> None:
    with nothing_stored():
        code = told(lambda: reschedule(cast.as_ana, visit.pk, start=cast.at(19, 7), outside_rules=True))
        assert code == "outside_hours"
        assert told(lambda: reschedule(cast.as_desk, visit.pk, start=cast.at(19, 7))) == "outside_hours"
    moved = reschedule(cast.as_desk, visit.pk, start=cast.at(19, 7), outside_rules=True)
    assert (moved.starts_at, moved.outside_rules) == (cast.at(19, 7), True)


def test_nobody_moves_over_taken_time(cast: Cast, visit: Appointment) -> None:
    cast.booked(cast.nobody(), cast.at(10))
    with nothing_stored():
        code = told(lambda: reschedule(cast.as_admin, visit.pk, start=cast.at(10, 15), outside_rules=True))
        assert code == "slot_taken"


def test_where_no_visit_can_be(cast: Cast, visit: Appointment) -> None:
    with db.as_owner():
        Closure.objects.create(date=cast.monday + timedelta(days=1))
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(13), ends_at=cast.at(15))
    ana = cast.as_ana
    with nothing_stored():
        heard = {
            "closed": told(lambda: reschedule(ana, visit.pk, start=cast.at(9, days=1))),
            "away": told(lambda: reschedule(ana, visit.pk, start=cast.at(14, 45))),
            "off the grid": told(lambda: reschedule(ana, visit.pk, start=cast.at(10, 7))),
            "past": told(lambda: reschedule(ana, visit.pk, start=cast.at(9, days=-30))),
            "the year 9999": told(lambda: reschedule(ana, visit.pk, start=cast.at(9).replace(year=9999))),
            "naive": told(lambda: reschedule(ana, visit.pk, start=cast.at(10).replace(tzinfo=None))),
            "nobody": told(lambda: reschedule(ana, visit.pk, start=cast.at(10), dentist="dr-who")),
        }
    assert heard == {
        "closed": "outside_hours",
        "away": "time_off",
        "off the grid": "outside_hours",
        "past": "in_the_past",
        "the year 9999": "too_far_ahead",
        "naive": "malformed",
        "nobody": "unknown_dentist",
    }


def test_to_a_dentist_who_does_not_offer_it(cast: Cast) -> None:
    filling = cast.booked(cast.as_ben, cast.at(10), treatment="filling", contact=cast.guest("Ben Krause")).appointment
    with nothing_stored():
        code = told(lambda: reschedule(cast.as_ben, filling.pk, start=cast.at(10), dentist=cast.okafor.pk))
        assert code == "wrong_treatment"


def test_a_dentist_moves_within_their_own_schedule(cast: Cast, visit: Appointment) -> None:
    weber = cast.as_dentist(cast.weber)
    with nothing_stored():
        assert told(lambda: reschedule(weber, visit.pk, start=cast.at(9), dentist=cast.okafor.pk)) == "not_allowed"
    assert told(lambda: reschedule(weber, visit.pk, start=cast.at(11))) == "done"


def test_a_guest_moves_by_the_private_link(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    assert told(lambda: reschedule(ANONYMOUS, visit.pk, start=cast.at(11))) == "not_found"
    assert told(lambda: reschedule(ANONYMOUS.with_visit(visit.pk), visit.pk, start=cast.at(11))) == "done"
