"""What patients tell about their health: encrypted where it lies, read by few, and every reading by staff noted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from appointments import medical
from appointments.models import MEDICAL_FIELDS, MedicalRecord
from clinic.core import db
from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.crypto import Unreadable
from clinic.history.models import Action, Change
from clinic.patients.models import Patient
from tests.appointments.told import told
from tests.factories import Cast
from tests.factories.stored import nothing_stored

TOLD = {name: f"{name} – a secret 🦷" for name in MEDICAL_FIELDS}
NOTHING = dict.fromkeys(MEDICAL_FIELDS, "")


@pytest.fixture
def visit_id(cast: Cast) -> UUID:
    return cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical=TOLD).appointment.pk


def read(actor: Actor, visit_id: UUID) -> dict[str, str]:
    with db.transaction(actor):
        return medical.read_for(actor, visit_id)


def readings() -> list[tuple[Any, ...]]:
    with db.as_owner():
        read = Change.objects.filter(action=Action.READ).order_by("id")
        return list(read.values_list("visit_id", "user_id", "role", "source"))


def raw_columns() -> str:
    with db.as_owner():
        return str(db.rows("SELECT row::text FROM appointments_medicalrecord row"))


def test_the_database_never_holds_the_text(cast: Cast, visit_id: UUID) -> None:
    assert "secret" not in raw_columns()
    assert raw_columns().count("gAAAA") == len(MEDICAL_FIELDS)


def test_control_text_that_is_stored_plainly_is_seen_and_refused(cast: Cast, visit_id: UUID) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("UPDATE appointments_medicalrecord SET symptoms = 'a secret'")
    assert "secret" in raw_columns()
    # Not shown as empty, nor as it is.
    with pytest.raises(Unreadable):
        read(cast.as_ana, visit_id)


def test_patients_read_what_they_told(cast: Cast, visit_id: UUID) -> None:
    assert read(cast.as_ana, visit_id) == TOLD
    assert read(ANONYMOUS.with_visit(visit_id), visit_id) == TOLD
    assert readings() == []


def test_the_treating_dentist_and_an_admin_read_and_it_is_noted(cast: Cast, visit_id: UUID) -> None:
    assert read(cast.as_dentist(cast.weber), visit_id) == TOLD
    assert read(cast.as_admin, visit_id) == TOLD
    assert readings() == [
        (visit_id, cast.weber.user_id, "dentist", "portal"),
        (visit_id, cast.ada.pk, "admin", "portal"),
    ]


def test_everybody_else_reads_nothing(cast: Cast, visit_id: UUID) -> None:
    for actor in (cast.as_desk, cast.as_dentist(cast.okafor), cast.as_ben, ANONYMOUS):
        assert read(actor, visit_id) == NOTHING
    assert readings() == []


@pytest.mark.parametrize("who", ["dana", "okafor"])
def test_staff_are_patients_too(cast: Cast, visit_id: UUID, who: str) -> None:
    actor = cast.as_desk if who == "dana" else cast.as_dentist(cast.okafor)
    with db.as_owner():
        Patient.objects.filter(pk=cast.ana_herself.pk).update(account=actor.user_id)
    assert read(actor, visit_id) == TOLD
    assert readings() == [(visit_id, actor.user_id, actor.role.value, "portal")]


def test_staff_cannot_read_past_the_function_that_notes_it(cast: Cast, visit_id: UUID) -> None:
    for actor in (cast.as_dentist(cast.weber), cast.as_admin, cast.as_desk):
        with pytest.raises(DatabaseError, match="permission denied"), db.transaction(actor):
            MedicalRecord.objects.count()
        with pytest.raises(DatabaseError, match="permission denied"), db.transaction(actor):
            db.rows("UPDATE history_change SET role = 'nobody' RETURNING id")


def test_reading_needs_a_transaction_that_may_write(cast: Cast, visit_id: UUID) -> None:
    with pytest.raises(DatabaseError, match="read-only"), db.reading(cast.as_admin):
        medical.read_for(cast.as_admin, visit_id)


def test_staff_write_what_callers_tell_them(cast: Cast) -> None:
    visit = cast.booked(cast.as_desk, cast.at(9), medical={"allergies": "penicillin"}).appointment
    assert read(cast.as_dentist(cast.weber), visit.pk) == NOTHING | {"allergies": "penicillin"}


def test_nothing_told_nothing_kept(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"notes": "  \r\n "})
    with db.as_owner():
        assert MedicalRecord.objects.count() == 0
    assert read(cast.as_ana, visit.appointment.pk) == NOTHING


def test_what_cannot_be_stored(cast: Cast) -> None:
    with nothing_stored():
        for text in ("x" * 4001, "a\0b", "half a pair \ud83d"):
            assert (
                told(lambda text=text: cast.booked(cast.nobody(), cast.at(9), medical={"notes": text})) == "malformed"
            )
    assert told(lambda: cast.booked(cast.nobody(), cast.at(9), medical={"notes": "🦷" * 4000})) == "done"
