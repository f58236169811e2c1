"""A large clinic, loaded past the triggers, is just what the triggers would have made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from appointments.booking import Request, book
from appointments.contact import Contact
from appointments.models import ACTIVE, Appointment
from availability.errors import SlotTaken
from availability.models import Occupancy
from availability.schedules import schedules
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from clinic.demo import large
from clinic.demo.large import Size, load_large
from clinic.demo.sign_ins import PASSWORD, SIGN_INS
from clinic.patients.models import Patient
from dentists.models import Dentist
from tests.demo.consistency import contradictions, rules
from tests.demo.test_small import fits

WEDNESDAY = datetime(2026, 11, 18, 9, 20, tzinfo=UTC)
SIZE = Size(dentists=8, appointments=2000, days_ahead=30)


def load(size: Size = SIZE, now: datetime = WEDNESDAY) -> list[str]:
    steps: list[str] = []
    assert load_large(size, now, steps.append)
    return steps


def test_every_visit_takes_its_time_and_no_other(database: None) -> None:
    before = rules()
    load()
    assert contradictions() == []
    assert rules() == before
    with db.as_owner():
        assert (Dentist.objects.count(), Appointment.objects.count()) == (8, 2000)
        assert Occupancy.objects.count() == Appointment.objects.filter(status__in=ACTIVE).count()
        assert Patient.objects.count() == 160


def test_visits_stand_where_they_could_have_been_booked(database: None) -> None:
    load(Size(dentists=8, appointments=400))
    with db.as_owner():
        for visit in Appointment.objects.filter(status__in=ACTIVE):
            assert fits(visit, []), visit


def test_the_coming_days_are_filled_and_the_rest_lies_in_the_past(database: None) -> None:
    load()
    with db.as_owner():
        coming = Appointment.objects.filter(starts_at__gt=WEDNESDAY)
        past = Appointment.objects.filter(ends_at__lte=WEDNESDAY)
        assert set(coming.values_list("status", flat=True)) == {"confirmed", "pending", "cancelled"}
        assert set(past.values_list("status", flat=True)) == {"completed", "no_show", "cancelled"}
        assert past.count() > 800
        first, last = clock.local(WEDNESDAY).date(), clock.local(WEDNESDAY).date() + timedelta(days=29)
        found = schedules(Dentist.objects.values_list("pk", flat=True), first, last)
        open_for = busy_for = timedelta(0)
        for schedule in found.values():
            for days in range(1, 30):
                open_for += sum(
                    (one.closing - one.opening for one in schedule.hours(first + timedelta(days))), timedelta(0)
                )
            busy_for += sum((one.end - one.start for one in schedule.busy), timedelta(0))
    assert 0.55 < busy_for / open_for < 0.75


def test_the_constraints_are_awake_afterwards(database: None) -> None:
    now = clock.now()
    load(Size(dentists=3, appointments=300), now)
    with db.as_owner():
        taken = Appointment.objects.filter(status="confirmed", starts_at__gt=now + timedelta(days=3)).earliest(
            "starts_at"
        )
    wish = Request(
        contact=Contact(name="Gus Guest", email="gus@example.net", phone="030 23125123"),
        dentist=taken.dentist_id,
        treatment=taken.treatment_id,
        start=taken.starts_at,
    )
    with pytest.raises(SlotTaken):
        book(ANONYMOUS.with_secret("somebody"), wish)


def test_the_demos_people_sign_in_there_too(database: None) -> None:
    load()
    users = [authenticate(None, username=one.email, password=PASSWORD) for one in SIGN_INS]
    assert [user.role for user in users if isinstance(user, User)] == [one.role for one in SIGN_INS]
    with db.as_owner():
        other = User.objects.filter(role="patient").exclude(email__in=[one.email for one in SIGN_INS]).earliest("email")
    assert not other.has_usable_password()


def test_a_load_that_breaks_a_rule_leaves_everything_as_it_was(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules()
    # As if every buffer were five hours long: only the constraints, put back at the end, can know.
    monkeypatch.setattr(large, "_OCCUPY", large._OCCUPY.replace("mins => buffer", "mins => 300 + buffer"))
    with pytest.raises(IntegrityError, match="occupancy_dentist_time"):
        load()
    assert rules() == before
    with db.as_owner():
        assert (Dentist.objects.count(), Patient.objects.count(), Appointment.objects.count()) == (0, 0, 0)
