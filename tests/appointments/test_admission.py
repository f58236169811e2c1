"""Who may book what: age, new and known patients, what only the practice books, and what staff may do knowingly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from appointments.models import Appointment
from appointments.moving import reschedule
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from dentists.models import Dentist, Treatment
from tests.appointments.told import told
from tests.factories import Cast
from tests.factories.people import make_person
from tests.factories.stored import nothing_stored


def checkup(cast: Cast, **changes: Any) -> None:
    with db.as_owner():
        Treatment.objects.filter(pk=cast.checkup.pk).update(**changes)


def booking(cast: Cast, actor: Actor, hour: int = 9, **changes: Any) -> str:
    return told(lambda: cast.booked(actor, cast.at(hour), **changes))


def years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def test_the_age_on_the_day_of_the_visit_counts(cast: Cast) -> None:
    checkup(cast, minimum_age=18)
    eighteen = years_before(cast.monday, 18)
    with nothing_stored():
        young = cast.guest("Yuna Young", birth_date=eighteen + timedelta(days=1))
        assert booking(cast, cast.nobody(), contact=young) == "too_young"
    # Not eighteen today, but that Monday.
    assert eighteen > years_before(clock.today(), 18)
    assert booking(cast, cast.nobody(), contact=cast.guest("Ole Enough", birth_date=eighteen)) == "done"


def test_staff_decide_about_age_themselves(cast: Cast) -> None:
    checkup(cast, minimum_age=18)
    child = cast.guest("Yuna Young", birth_date=years_before(clock.today(), 5))
    assert booking(cast, cast.as_desk, contact=child) == "done"


def test_nobody_moves_a_visit_to_before_they_are_old_enough(cast: Cast) -> None:
    checkup(cast, minimum_age=18)
    tuesday = years_before(cast.monday + timedelta(days=1), 18)
    visit = cast.booked(
        cast.nobody(), cast.at(9, days=1), contact=cast.guest("Ole Enough", birth_date=tuesday)
    ).appointment
    guest = cast.nobody().with_visit(visit.pk)
    assert told(lambda: reschedule(guest, visit.pk, start=cast.at(9))) == "too_young"
    assert told(lambda: reschedule(guest, visit.pk, start=cast.at(10, days=1))) == "done"
    assert told(lambda: reschedule(cast.as_desk, visit.pk, start=cast.at(9))) == "done"


def test_the_age_of_somebody_known_is_known(cast: Cast) -> None:
    checkup(cast, minimum_age=18)
    with db.as_owner():
        cast.ana_herself.birth_date = years_before(clock.today(), 17)
        cast.ana_herself.save()
    with nothing_stored():
        assert booking(cast, cast.as_ana, contact=cast.guest("Ana Ruiz")) == "too_young"


def test_new_and_known_patients(cast: Cast) -> None:
    ana = cast.as_ana
    checkup(cast, admits="known")
    with nothing_stored():
        assert booking(cast, ana, contact=cast.guest("Ana Ruiz")) == "known_patients_only"
    checkup(cast, admits="new")
    assert booking(cast, ana, contact=cast.guest("Ana Ruiz")) == "done"
    # Having booked is not having been here.
    assert booking(cast, ana, 10, contact=cast.guest("Ana Ruiz")) == "done"
    with db.as_owner():
        Appointment.objects.filter(starts_at=cast.at(9)).update(status="completed")
    with nothing_stored():
        assert booking(cast, ana, 11, contact=cast.guest("Ana Ruiz")) == "new_patients_only"
    # Somebody else under the account has not been here yet.
    assert booking(cast, ana, 11, contact=cast.guest("Mia Ruiz")) == "done"
    checkup(cast, admits="known")
    assert booking(cast, ana, 14, contact=cast.guest("Ana Ruiz")) == "done"
    assert booking(cast, cast.as_desk, 15) == "done"


def test_what_only_the_practice_books(cast: Cast) -> None:
    checkup(cast, bookable_online=False)
    with nothing_stored():
        assert booking(cast, cast.as_ana, contact=cast.guest("Ana Ruiz")) == "not_bookable_online"
        assert booking(cast, cast.nobody(), dentist=None) == "not_bookable_online"
    assert booking(cast, cast.as_desk) == "done"


def test_what_is_no_longer_offered(cast: Cast) -> None:
    with db.as_owner():
        Dentist.objects.filter(pk=cast.okafor.pk).update(is_active=False)
    with nothing_stored():
        assert booking(cast, cast.as_desk, dentist=cast.okafor.pk) == "unknown_dentist"
    checkup(cast, is_active=False)
    with nothing_stored():
        assert booking(cast, cast.as_desk) == "unknown_treatment"


@pytest.mark.parametrize(
    ("at_once", "who", "status"),
    [(True, "nobody", "confirmed"), (False, "nobody", "pending"), (False, "as_ana", "pending"), (False, "as_desk", "confirmed")],
)  # fmt: skip
def test_confirmed_at_once_or_waiting(cast: Cast, at_once: bool, who: str, status: str) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(confirms_at_once=at_once)
    actor = getattr(cast, who)
    booked = cast.booked(actor() if callable(actor) else actor, cast.at(9)).appointment
    assert booked.status == status
    assert (booked.confirmed_at is not None) == (status == "confirmed")


@pytest.mark.parametrize("who", ["as_desk", "as_admin"])
def test_staff_book_outside_the_rules_knowingly(cast: Cast, who: str) -> None:
    staff = getattr(cast, who)
    outside = [cast.at(20), cast.at(9, 7), cast.at(9, days=5), cast.at(9, days=-21), cast.at(9, days=500)]
    codes = ["outside_hours", "outside_hours", "outside_hours", "in_the_past", "too_far_ahead"]
    with nothing_stored():
        assert [told(lambda start=start: cast.booked(staff, start)) for start in outside] == codes
        ana = cast.as_ana
        heard = [told(lambda start=start: cast.booked(ana, start, outside_rules=True)) for start in outside]
        assert heard == codes
    for number, start in enumerate(outside):
        booked = cast.booked(staff, start, outside_rules=True, contact=cast.guest(f"guest{number}")).appointment
        assert (booked.outside_rules, booked.booking_source) == (True, "staff")
        again = cast.guest(f"again{number}")
        with nothing_stored():
            heard = [
                told(lambda start=start, again=again: cast.booked(staff, start, outside_rules=True, contact=again))
            ]
            assert heard == ["slot_taken"]


def test_a_dentist_books_into_their_own_schedule(cast: Cast) -> None:
    weber = cast.as_dentist(cast.weber)
    assert booking(cast, weber) == "done"
    with nothing_stored():
        assert booking(cast, weber, 10, dentist=cast.okafor.pk) == "not_allowed"
    booked = cast.booked(weber, cast.at(11), dentist=None).appointment
    assert booked.dentist_id == cast.weber.pk


def test_at_a_colleagues_a_dentist_is_a_patient(cast: Cast) -> None:
    weber = cast.as_dentist(cast.weber)
    with db.as_owner():
        herself = make_person(User.objects.get(pk=cast.weber.user_id))
        ClinicSettings.objects.update(confirms_at_once=False)
    contact = cast.guest("Eva Weber", patient_id=herself.pk)
    with nothing_stored():
        code = told(
            lambda: cast.booked(weber, cast.at(20), dentist=cast.okafor.pk, contact=contact, outside_rules=True)
        )
        assert code == "outside_hours"
    visit = cast.booked(weber, cast.at(9), dentist=cast.okafor.pk, contact=contact, outside_rules=True).appointment
    assert (visit.status, visit.booking_source, visit.outside_rules) == ("pending", "manual", False)


def test_buffers_keep_visits_apart(cast: Cast) -> None:
    # A filling of 45 minutes with 5 before and 10 after.
    booked = cast.booked(cast.nobody(), cast.at(10), treatment="filling").appointment
    assert booked.ends_at == cast.at(10, 45)
    ana, desk = cast.as_ana, cast.as_desk
    with nothing_stored():
        assert told(lambda: cast.booked(ana, cast.at(9, 30))) == "slot_taken"
        assert told(lambda: cast.booked(ana, cast.at(10, 45))) == "slot_taken"
        assert told(lambda: cast.booked(desk, cast.at(9, 26), outside_rules=True)) == "slot_taken"
        # Buffers add: 10 after the one and 5 before the other.
        after = told(lambda: cast.booked(desk, cast.at(10, 59), treatment="filling", outside_rules=True))
        assert after == "slot_taken"
    assert told(lambda: cast.booked(ana, cast.at(9, 15))) == "done"
    other = cast.guest("Olga Other")
    assert (
        told(lambda: cast.booked(desk, cast.at(11), treatment="filling", outside_rules=True, contact=other)) == "done"
    )
