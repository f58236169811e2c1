"""Booking references: readable over the phone, found however they are typed, and no key without the email."""

from __future__ import annotations

import pytest

from appointments import booking, references
from appointments.models import Appointment
from appointments.queries import visit_by_reference
from appointments.references import ALPHABET, new_reference, normalized
from clinic.core import db
from clinic.core.actor import ANONYMOUS
from tests.appointments.told import told
from tests.factories import Cast


def test_a_reference_holds_nothing_that_sounds_or_looks_like_something_else() -> None:
    drawn = {new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert {one[:3] for one in drawn} == {"DC-"}
    assert {len(one) for one in drawn} == {9}
    assert set().union(*(one[3:] for one in drawn)) == set(ALPHABET)
    assert set("01ILOU") & set(ALPHABET) == set()


@pytest.mark.parametrize(
    "typed", ["DC-7KQ2M9", "dc-7kq2m9", " dc 7kq 2m9 ", "DC7KQ2M9", "dc–7kq2–m9", "D.C.7KQ2M9", "dc_7kq2m9\n"]
)
def test_however_it_is_typed(typed: str) -> None:
    assert normalized(typed) == "DC-7KQ2M9"


@pytest.mark.parametrize(
    "typed",
    ["", "DC-", "7KQ2M9", "DC-7KQ2M", "DC-7KQ2M9999", "DC-7KQ2MO", "DC-0KQ2M9", "DC-7KQ2M9'--", "DC-７KQ2M9", "\0"],
)
def test_what_cannot_be_one(typed: str) -> None:
    assert normalized(typed) is None


def test_it_opens_the_visit_with_the_email_given_for_it(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    spoken = visit.booking_reference.lower().replace("-", " ")
    assert visit_by_reference(ANONYMOUS, spoken, " GUS@example.net ") == visit.pk
    wrong = [
        (visit.booking_reference, "other@example.net"),
        (visit.booking_reference, "%@%"),
        (visit.booking_reference, ""),
        (visit.booking_reference, "gus\0@example.net"),
        (visit.booking_reference, "gus\ud83d@example.net"),
        ("DC-222222", "gus@example.net"),
        ("%", "gus@example.net"),
    ]
    heard = {told(lambda given=given: visit_by_reference(ANONYMOUS, *given)) for given in wrong}
    assert heard == {"not_found"}


def test_a_visit_without_an_email_is_not_opened_by_none(cast: Cast) -> None:
    visit = cast.booked(cast.as_desk, cast.at(9), contact=cast.guest(email="", phone="")).appointment
    assert told(lambda: visit_by_reference(ANONYMOUS, visit.booking_reference, "@")) == "not_found"


def test_a_reference_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cast.booked(cast.nobody(), cast.at(9)).appointment
    drawn = iter([first.booking_reference, first.booking_reference, "DC-222222"])
    monkeypatch.setattr(booking, "new_reference", lambda: next(drawn))
    other = cast.guest("Olga Other")
    assert cast.booked(cast.nobody("other"), cast.at(10), contact=other).appointment.booking_reference == "DC-222222"
    with db.as_owner():
        assert Appointment.objects.count() == 2


def test_when_every_draw_is_taken_nothing_is_booked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cast.booked(cast.nobody(), cast.at(9)).appointment
    monkeypatch.setattr(booking, "new_reference", lambda: first.booking_reference)
    assert told(lambda: cast.booked(cast.nobody("other"), cast.at(10))) == "reference_taken"
    assert references.normalized(first.booking_reference) == first.booking_reference
