"""Of personal fields the history says that they changed, and never what they held."""

from __future__ import annotations

from datetime import date

import pytest

from appointments import editing, moving, transitions
from appointments.models import MEDICAL_FIELDS
from availability.models import Closure, TimeOff
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.models import ClinicSettings
from clinic.patients.models import Patient
from dentists.models import Dentist
from tests.factories import Cast
from tests.history.noted import line, lines, run, whole

CANARY = "canary"
BORN = date(1987, 6, 5)


def _canary(name: str) -> str:
    return f"{CANARY}-{name}"


@pytest.fixture
def full(cast: Cast) -> Cast:
    """A clinic in which every personal field was filled, changed and taken away again."""
    guest = cast.guest(f"Gus {_canary('guest')}", email="canary@example.net", phone="030 7654321", birth_date=BORN)
    told = {name: _canary(name) for name in MEDICAL_FIELDS}
    visit = cast.booked(cast.nobody(), cast.at(9), contact=guest, medical=told).appointment
    moving.reschedule(cast.as_admin, visit.pk, start=cast.at(10))
    transitions.cancel(cast.as_desk, visit.pk, reason=_canary("cancellation"))
    with db.as_owner():
        for person in Patient.objects.filter(account=None):
            person.name, person.email, person.birth_date = _canary("renamed"), "canary2@example.net", date(1988, 6, 5)
            person.save()
        user = User.objects.create_user("canary3@example.org", _canary("password"), name=_canary("user"))
        user.name, user.email = _canary("user2"), "canary4@example.org"
        user.set_password(_canary("password2"))
        user.save()
        dentist = Dentist.objects.create(name=_canary("dentist"), slug="canary-slug", email="canary5@clinic.example")
        fields = ("name", "slug", "email", "title", "bio")
        Dentist.objects.filter(pk=dentist.pk).update(
            **{name: f"canary-{name}@x.example".lower() for name in fields}, languages=["canary"], practising_since=1987
        )
        off = TimeOff.objects.create(
            dentist=cast.weber, starts_at=cast.at(9), ends_at=cast.at(10), reason=_canary("off")
        )
        TimeOff.objects.filter(pk=off.pk).update(reason=_canary("off2"))
        closure = Closure.objects.create(date=cast.monday, name=_canary("closure"))
        Closure.objects.filter(pk=closure.pk).update(name=_canary("closure2"))
        ClinicSettings.objects.update(name=_canary("clinic"), phone=_canary("phone"), address=_canary("address"))
    run("UPDATE appointments_medicalrecord SET symptoms = 'canary-ciphertext'")
    run("UPDATE appointments_appointment SET patient_name = 'canary', patient_phone = 'canary', triage_band = 'urgent',"
        " stripe_session_id = 'canary', patient_birth_date = '1988-06-05', dentist_email = 'canary'")  # fmt: skip
    run("DELETE FROM appointments_medicalrecord")
    run("DELETE FROM appointments_appointment")
    run("DELETE FROM patients_patient WHERE account_id IS NULL")
    run("DELETE FROM accounts_user WHERE name = 'canary-user2'")
    run("DELETE FROM dentists_dentist WHERE email = 'canary-email@x.example'")
    return cast


def test_no_personal_value_stands_anywhere(full: Cast) -> None:
    text = whole().lower()
    assert len(lines()) > 25
    secrets = (CANARY, "1987-06-05", "1988-06-05", ": 1987", "307654321", "gus", "urgent", "gaaaa", "md5$", "weber")
    found = [word for word in secrets if word in text]
    assert found == []


def test_control_a_value_that_were_kept_would_be_found(full: Cast) -> None:
    run("DROP TRIGGER history_comes ON availability_closure; DROP TRIGGER history_changes ON availability_closure")
    run("SELECT history_watch('availability_closure', '{date,name}')")
    try:
        run("UPDATE availability_closure SET name = 'canary-again'")
        assert "canary-again" in whole()
    finally:
        run("DROP TRIGGER history_comes ON availability_closure; DROP TRIGGER history_changes ON availability_closure")
        run("SELECT history_watch('availability_closure', '{date}')")


def test_that_they_changed_is_told(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    editing.edit(cast.as_desk, visit.pk, contact={"patient_name": "Gustav Guest", "patient_phone": "030 7654321"})
    changed = lines(table_name="appointments_appointment", action="changed")[-1]
    assert (changed.fields, changed.before, changed.after) == (["patient_name", "patient_phone"], {}, {})


def test_a_new_password_is_told_and_nothing_of_it(cast: Cast) -> None:
    with db.as_owner():
        user = User.objects.get(pk=cast.ana.pk)
        user.set_password("another good password")
        user.save()
    changed = line(table_name="accounts_user")
    assert (changed.fields, changed.before, changed.after) == (["password"], {}, {})
