"""The demo clinic looks like a clinic, by the same rules as a real one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count, Model

from appointments.models import ACTIVE, Appointment, MedicalRecord, Status
from availability import slots
from availability.models import Access, Closure, DateOverride, Occupancy, TimeOff, WorkingHours
from availability.schedules import schedules
from availability.slots import Audience, Busy, Rules, Visit
from clinic.accounts.models import User
from clinic.accounts.requests import actor_for
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from clinic.demo.sign_ins import PASSWORD, SIGN_INS
from clinic.demo.small import load_demo
from clinic.notifications.models import Message
from clinic.patients.models import Patient
from dentists.models import Dentist, Offer, Treatment
from tests.conftest import empty_database
from tests.demo.consistency import contradictions

WEDNESDAY = datetime(2026, 11, 18, 9, 20, tzinfo=UTC)  # 10:20 on the clinic's clock
OTHER_DAYS = [
    datetime(2026, 11, 22, 11, 0, tzinfo=UTC),  # a Sunday
    datetime(2026, 12, 24, 22, 59, tzinfo=UTC),  # Christmas Eve, two weeks of holidays around
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # in the hour that comes twice
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),  # at the jump
]


@pytest.fixture
def loaded(database: None) -> Iterator[None]:
    """The demo clinic of that Wednesday, read as the owner of the tables."""
    assert load_demo(WEDNESDAY)
    with db.as_owner():
        yield


def test_it_has_six_dentists_twelve_treatments_and_two_hundred_visits(loaded: None) -> None:
    assert (Dentist.objects.count(), Treatment.objects.count(), Appointment.objects.count()) == (6, 12, 200)
    assert {len(dentist.initials) for dentist in Dentist.objects.all()} == {2}
    assert Treatment.objects.exclude(offers__isnull=False).count() == 0
    days = [visit.appointment_date for visit in Appointment.objects.all()]
    assert date(2026, 10, 28) <= min(days) < date(2026, 11, 4)
    assert date(2026, 12, 9) < max(days) <= date(2026, 12, 16)
    assert days.count(date(2026, 11, 18)) >= 8


def test_it_has_every_kind_of_hours(loaded: None) -> None:
    kept = WorkingHours.objects.values("access").annotate(dentists=Count("dentist", distinct=True))
    assert {row["access"]: row["dentists"] for row in kept} == {
        Access.EVERYONE: 6, Access.SAME_DAY: 2, Access.URGENT: 3,
    }  # fmt: skip
    saturdays = WorkingHours.objects.filter(day_of_week=5).values_list("dentist__name", flat=True)
    assert list(saturdays) == ["Dr. Jonas Brandt"]
    assert (TimeOff.objects.count(), DateOverride.objects.filter(start_time=None).count()) == (2, 1)
    closed = dict(Closure.objects.values_list("date", "name"))
    assert closed[date(2026, 12, 25)] == "Christmas Day"
    assert (closed[date(2027, 3, 26)], closed[date(2027, 5, 6)]) == ("Good Friday", "Ascension Day")
    assert Treatment.objects.filter(bookable_online=False).count() == 1


def test_a_visit_has_gone_as_far_as_it_can_have_gone(loaded: None) -> None:
    for visit in Appointment.objects.all():
        over = visit.ends_at <= WEDNESDAY
        begun = visit.starts_at <= WEDNESDAY
        allowed = ("completed", "no_show", "cancelled") if over else ("checked_in",) if begun else (
            "confirmed", "pending", "cancelled")  # fmt: skip
        assert visit.status in allowed
        steps = [visit.created_at, visit.confirmed_at, visit.checked_in_at, visit.completed_at, visit.no_show_at,
                 visit.cancelled_at]  # fmt: skip
        assert max(step for step in steps if step) <= WEDNESDAY
        assert (visit.completed_at is not None, visit.no_show_at is not None, visit.cancelled_at is not None) == (
            visit.status == Status.COMPLETED, visit.status == Status.NO_SHOW, visit.status == Status.CANCELLED,
        )  # fmt: skip
    present = {field: set(Appointment.objects.values_list(field, flat=True)) for field in ("status", "booking_source")}
    assert present["booking_source"] == {"manual", "chatbot", "staff"}
    assert present["status"] >= {"completed", "no_show", "cancelled", "confirmed", "pending"}


def test_what_patients_told_is_stored_encrypted(loaded: None) -> None:
    told = MedicalRecord.objects.exclude(chief_complaint="").count()
    assert told == MedicalRecord.objects.count() >= 40
    assert db.value("SELECT count(*) FROM appointments_medicalrecord WHERE chief_complaint LIKE 'gAAAA%%'") == told


def test_nobody_is_sent_anything_for_it(loaded: None) -> None:
    assert (Message.objects.count(), db.value("SELECT count(*) FROM procrastinate_jobs")) == (0, 0)


def fits(visit: Appointment, taken: list[Busy]) -> bool:
    """Whether the visit's own place would be offered to staff, if the visit were not there."""
    day = visit.appointment_date
    assert visit.dentist_id is not None
    schedule = schedules([visit.dentist_id], day, day)[visit.dentist_id]
    before, after = (timedelta(minutes=m) for m in (visit.buffer_before_minutes, visit.buffer_after_minutes))
    return slots.is_free(
        visit.starts_at,
        day,
        schedule.hours(day),
        visit=Visit(visit.ends_at - visit.starts_at, before, after),
        busy=taken,
        time_off=schedule.time_off,
        rules=Rules(clock.zone(), timedelta(minutes=15), timedelta(0), timedelta(days=900), timedelta(0)),
        now=visit.starts_at - timedelta(days=30),
        audience=Audience.STAFF,
    )


@pytest.mark.parametrize("now", [WEDNESDAY, *OTHER_DAYS])
def test_every_visit_stands_where_it_could_have_been_booked(database: None, now: datetime) -> None:
    assert load_demo(now)
    assert contradictions() == []
    with db.as_owner():
        assert Appointment.objects.count() == 200
        taken = list(Occupancy.objects.all())
        for visit in Appointment.objects.filter(status__in=ACTIVE):
            others = [
                Busy(one.starts_at, one.ends_at)
                for one in taken
                if one.dentist_id == visit.dentist_id and one.source_id != visit.pk
            ]
            assert fits(visit, others), visit


def test_rows_pass_what_a_form_would_ask(database: None) -> None:
    load_demo(WEDNESDAY)
    with db.signing_in():
        admin = User.objects.get(role="admin")
    models: list[type[Model]] = [
        User, Patient, Dentist, Treatment, Offer, WorkingHours, DateOverride, TimeOff, Closure, ClinicSettings,
    ]  # fmt: skip
    with db.reading(actor_for(admin)):
        for model in models:
            rows = list(model._default_manager.all())
            assert rows, model
            for row in rows:
                row.full_clean()


def test_everybody_named_signs_in_and_patients_find_visits(database: None) -> None:
    load_demo(WEDNESDAY)
    for one in SIGN_INS:
        user = authenticate(None, username=one.email, password=PASSWORD)
        assert isinstance(user, User), one
        assert (user.role, user.name) == (one.role, one.name)
        with db.reading(actor_for(user)):
            mine = Appointment.objects.all()
            if one.role == "patient":
                assert mine.filter(starts_at__gt=WEDNESDAY).count() >= 2
                assert mine.filter(starts_at__lte=WEDNESDAY).count() >= 2
            elif one.role == "dentist":
                assert (user.dentist_id is not None, mine.exists()) == (True, True)


def picture() -> list[tuple[object, ...]]:
    with db.as_owner():
        visits = Appointment.objects.order_by("booking_reference").values_list(
            "id", "booking_reference", "starts_at", "status", "dentist_id", "patient_id", "patient_name", "created_at"
        )
        return [*visits, *User.objects.order_by("email").values_list("id", "email")]


def test_the_same_instant_gives_the_same_clinic(database: None) -> None:
    load_demo(WEDNESDAY)
    first = picture()
    empty_database()
    load_demo(WEDNESDAY)
    assert picture() == first
    empty_database()
    load_demo(WEDNESDAY, seed=21)
    assert picture() != first


def test_a_clinic_that_has_a_dentist_is_left_alone(database: None) -> None:
    load_demo(WEDNESDAY)
    first = picture()
    assert load_demo(WEDNESDAY + timedelta(days=1)) is False
    assert picture() == first
