"""What a visit keeps: the facts as they were when it was booked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from appointments.booking import book
from appointments.models import Appointment
from appointments.transitions import cancel
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from dentists.models import Offer, Treatment
from tests.concurrency.law import faults
from tests.factories import Cast
from tests.factories.stored import nothing_stored


def stored() -> Appointment:
    with db.as_owner():
        return Appointment.objects.get()


def test_what_the_dentist_asks_and_takes_is_kept(cast: Cast) -> None:
    with db.as_owner():
        Offer.objects.filter(dentist=cast.weber, treatment=cast.filling).update(
            duration_minutes=60, price=Decimal("99.50")
        )
        ClinicSettings.objects.update(currency="CHF")
    cast.booked(cast.nobody(), cast.at(9, 15), treatment="filling", payment_method="stripe", source="chatbot")
    with db.as_owner():
        Treatment.objects.update(name="Other", price=1, duration_minutes=5, buffer_before_minutes=0)
        Offer.objects.all().delete()
        ClinicSettings.objects.update(currency="EUR")
    visit = stored()
    assert (visit.treatment_name, visit.duration_minutes, visit.payment_amount) == ("Filling", 60, Decimal("99.50"))
    assert (visit.currency, visit.payment_method, visit.payment_status) == ("CHF", "stripe", "pending")
    assert (visit.buffer_before_minutes, visit.buffer_after_minutes) == (5, 10)
    assert visit.booking_source == "chatbot"
    assert faults() == []


def test_a_treatment_that_goes_leaves_its_name(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with db.transaction(cast.as_admin):
        Treatment.objects.get(pk=cast.checkup.pk).delete()
    assert (stored().treatment_id, stored().treatment_name) == (None, "Check-up")


def test_consent_is_kept_with_its_version_and_time(cast: Cast) -> None:
    before = clock.now()
    cast.booked(cast.nobody(), cast.at(9), consent=True)
    with db.as_owner():
        ClinicSettings.objects.update(consent_version="2030-01")
    visit = stored()
    assert visit.consent_version == "2026-11"
    assert visit.consent_at is not None
    assert before <= visit.consent_at <= clock.now()


def test_no_consent_is_kept_as_none(cast: Cast) -> None:
    cast.booked(cast.as_desk, cast.at(9))
    assert (stored().consent_version, stored().consent_at) == ("", None)


def test_the_age_follows_from_the_birth_date(cast: Cast) -> None:
    born = date(cast.monday.year - 30, cast.monday.month, cast.monday.day)
    cast.booked(cast.nobody(), cast.at(9), contact=cast.guest(birth_date=born))
    assert (stored().patient_age, stored().patient_birth_date) == (30, born)


def test_the_contact_as_given_stays_when_the_person_changes(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz", email="ana@work.example"))
    with db.as_owner():
        cast.ana_herself.name = "Ana Ruiz-Lang"
        cast.ana_herself.save()
    visit = stored()
    assert (visit.patient_name, visit.patient_email, visit.account_id) == ("Ana Ruiz", "ana@work.example", cast.ana.pk)


def test_urgency_is_kept_with_the_visit(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9), triage_band="soon", medical={"triage_reason": "pain that has eased"})
    assert stored().triage_band == "soon"


def test_a_cancelled_visit_gives_its_time_but_not_its_reference(cast: Cast) -> None:
    first = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    cancel(cast.as_ana, first.pk)
    second = book(cast.nobody(), cast.wish(cast.at(9))).appointment
    with db.as_owner():
        assert Appointment.objects.count() == 2
    assert first.booking_reference != second.booking_reference
    assert faults() == []


def test_a_booking_that_fails_late_leaves_nothing(cast: Cast) -> None:
    # The visit fits, its medical text does not: the database refuses after the time was taken.
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("ALTER TABLE appointments_medicalrecord ADD CONSTRAINT tried CHECK (symptoms = '')")
    try:
        with nothing_stored(), pytest.raises(IntegrityError, match="tried"):
            cast.booked(cast.nobody(), cast.at(9), medical={"symptoms": "pain"})
    finally:
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute("ALTER TABLE appointments_medicalrecord DROP CONSTRAINT tried")
