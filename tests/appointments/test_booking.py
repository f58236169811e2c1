"""Booking, by hold and directly: what is stored, and who hears which refusal."""

from __future__ import annotations

import pytest

from appointments.booking import book
from appointments.models import Appointment
from availability.errors import AlreadyBooked, SlotTaken
from availability.reservations import reserve
from clinic.core import db
from tests.factories import Cast


def test_a_guest_books_a_free_slot(cast: Cast) -> None:
    booked = cast.booked(cast.nobody(), cast.at(9, 30), medical={"symptoms": "a dull ache"}, consent=True)
    with db.as_owner():
        stored = Appointment.objects.get()
    assert stored.pk == booked.appointment.pk
    assert (stored.starts_at, stored.duration_minutes, stored.status) == (cast.at(9, 30), 30, "confirmed")
    assert (stored.dentist_name, stored.treatment_name, str(stored.payment_amount)) == (
        "Dr. Eva Weber",
        "Check-up",
        "60.00",
    )
    assert (stored.patient_phone, stored.account_id) == ("+49301234567", None)


def test_the_second_of_two_hears_slot_taken_with_what_is_free(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9, 30), contact=cast.guest("Ana Ruiz"))
    with pytest.raises(SlotTaken) as refusal:
        cast.booked(cast.nobody(), cast.at(9, 30))
    starts = [one["start"] for one in refusal.value.details["alternatives"]]
    assert cast.at(9).isoformat() in starts
    assert cast.at(10).isoformat() in starts


def test_a_hold_becomes_a_visit(cast: Cast) -> None:
    ben = cast.as_ben
    hold = reserve(ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(10))
    with pytest.raises(SlotTaken):
        cast.booked(cast.nobody(), cast.at(10))
    booked = book(
        ben, cast.wish(None, treatment=None, dentist=None, reservation_id=hold.id, contact=cast.guest("Ben Krause"))
    )
    assert booked.appointment.starts_at == cast.at(10)
    assert booked.appointment.account_id == cast.ben.pk


def test_nobody_is_in_two_chairs_at_once(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    with pytest.raises(AlreadyBooked):
        cast.booked(cast.as_ana, cast.at(9, 15), dentist=cast.okafor.pk, contact=cast.guest("Ana Ruiz"))
