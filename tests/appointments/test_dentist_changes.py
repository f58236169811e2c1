"""Dentists who are renamed or leave: what their visits say, and what becomes of the login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from appointments.models import Appointment
from availability.models import Occupancy, Reservation, TimeOff, WorkingHours
from availability.reservations import reserve
from clinic.accounts.models import Session, User
from clinic.core import clock, db
from dentists.models import Dentist, Offer
from tests.concurrency.law import faults
from tests.factories import Cast


def days_ago(cast: Cast, days: int, guest: str) -> Appointment:
    """A visit with Dr. Weber that many days before now, completed."""
    start = clock.now().replace(second=0, microsecond=0) - timedelta(days=days)
    visit = cast.booked(cast.as_desk, start, outside_rules=True, contact=cast.guest(guest)).appointment
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(status="completed")
    return visit


def names() -> list[tuple[str, str]]:
    with db.as_owner():
        return list(Appointment.objects.order_by("starts_at").values_list("dentist_name", "dentist_email"))


def test_a_new_name_reaches_the_visits_that_are_not_over(cast: Cast) -> None:
    days_ago(cast, 3, "Paul Past")
    under_way = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    cast.booked(cast.as_desk, under_way, outside_rules=True, contact=cast.guest("Nora Now"))
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    cast.booked(cast.as_ben, cast.at(9), dentist=cast.okafor.pk, contact=cast.guest("Ben Krause"))
    old, colleague = ("Dr. Eva Weber", cast.weber.email), ("Dr. Chidi Okafor", cast.okafor.email)
    with db.transaction(cast.as_admin):
        Dentist.objects.filter(pk=cast.weber.pk).update(name="Dr. Eva Weber-Lang", email="lang@clinic.example")
    new = ("Dr. Eva Weber-Lang", "lang@clinic.example")
    assert sorted(names()[2:]) == sorted([new, colleague])
    assert names()[:2] == [old, new]
    with db.as_owner():
        user = User.objects.get(pk=cast.weber.user_id)
        assert (user.name, user.email, user.is_active) == (*new, True)


def test_what_is_written_on_a_visit_is_the_dentists_own_name(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("UPDATE appointments_appointment SET dentist_id = %s", [cast.okafor.pk])
    with db.as_owner():
        visit.refresh_from_db()
    assert (visit.dentist_name, visit.sequence) == ("Dr. Chidi Okafor", 1)
    assert faults() == []


def by_orm(cast: Cast) -> None:
    with db.transaction(cast.as_admin):
        Dentist.objects.get(pk=cast.weber.pk).delete()


def by_raw_sql(cast: Cast) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("DELETE FROM dentists_dentist WHERE id = %s", [cast.weber.pk])


@pytest.mark.parametrize("delete", [by_orm, by_raw_sql])
def test_a_dentist_who_leaves(cast: Cast, delete: Callable[[Cast], Any]) -> None:
    past = days_ago(cast, 3, "Paul Past")
    missed = days_ago(cast, 4, "Mia Missed")
    coming = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    elsewhere = cast.booked(cast.as_ana, cast.at(11), dentist=cast.okafor.pk, contact=cast.guest("Ana Ruiz"))
    reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(10))
    with db.as_owner():
        Appointment.objects.filter(pk=missed.pk).update(status="no_show")
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(13), ends_at=cast.at(14))
        for key, user in (("weber's", cast.weber.user_id), ("okafor's", cast.okafor.user_id)):
            Session.objects.create(session_key=key, expire_date=cast.at(9, days=30), user_id=user)

    delete(cast)

    with db.as_owner():
        stored = {visit.pk: visit for visit in Appointment.objects.all()}
        assert [stored[one.pk].status for one in (past, missed, coming)] == ["completed", "no_show", "cancelled"]
        gone = stored[coming.pk]
        assert (gone.cancelled_by, gone.cancellation_reason, gone.sequence) == ("clinic", "dentist_left", 1)
        assert gone.cancelled_at is not None
        assert stored[elsewhere.appointment.pk].status == "confirmed"
        for one in (past, missed, coming):
            assert (stored[one.pk].dentist_id, stored[one.pk].dentist_name) == (None, "Dr. Eva Weber")
            assert stored[one.pk].dentist_email == cast.weber.email
        user = User.objects.get(pk=cast.weber.user_id)
        assert (user.is_active, user.dentist_id) == (False, None)
        assert [session.session_key for session in Session.objects.all()] == ["okafor's"]
        for model in (WorkingHours, TimeOff, Reservation, Offer, Occupancy):
            assert not model.objects.filter(dentist_id=cast.weber.pk).exists()
    assert faults() == []
    # The patient reads what was, under the name that stands on it.
    with db.reading(cast.as_ana):
        assert Appointment.objects.get(pk=coming.pk).dentist_name == "Dr. Eva Weber"
