"""Whatever creates, changes or deletes a row of a watched table, a line is written: by the ORM and by bare SQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from appointments.models import Appointment, MedicalRecord
from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from clinic.accounts import second_factor, totp
from clinic.accounts.models import SecondFactor, User
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from clinic.history.admin import WATCHED
from clinic.patients.models import Patient
from dentists.models import Dentist, Offer, Treatment
from tests.factories import Cast
from tests.history.noted import line, lines, run


@dataclass(frozen=True)
class Watched:
    """One table: a row that can be stored, a field that can be changed, and what is kept of that change."""

    make: Callable[[Cast], models.Model]
    field: str
    value: Any
    before: Any = None
    after: Any = None


def _visit(cast: Cast) -> Appointment:
    return Appointment(
        booking_reference="DC-7KQ2M9", patient=cast.ana_herself, dentist=cast.weber, treatment=cast.checkup,
        starts_at=cast.at(9), ends_at=cast.at(9, 30), treatment_name="Check-up", patient_name="Ana Ruiz", payment_amount=60,
    )  # fmt: skip


def _record(cast: Cast) -> MedicalRecord:
    visit = _visit(cast)
    visit.save()
    return MedicalRecord(appointment=visit, symptoms="an ache")


def _settings(cast: Cast) -> ClinicSettings:
    run("DELETE FROM core_clinicsettings")
    run("DELETE FROM history_change")
    return ClinicSettings()


TABLES: dict[type[models.Model], Watched] = {
    Appointment: Watched(_visit, "payment_status", "paid", "pending", "paid"),
    MedicalRecord: Watched(_record, "symptoms", "another ache"),
    WorkingHours: Watched(
        lambda cast: WorkingHours(dentist=cast.weber, day_of_week=6, start_time=time(9), end_time=time(12)),
        "end_time", time(11), "12:00:00", "11:00:00",
    ),
    DateOverride: Watched(
        lambda cast: DateOverride(dentist=cast.weber, date=cast.monday), "access", "urgent", "everyone", "urgent"
    ),
    TimeOff: Watched(
        lambda cast: TimeOff(dentist=cast.weber, starts_at=cast.at(9), ends_at=cast.at(10)), "reason", "a private matter"
    ),
    Closure: Watched(lambda cast: Closure(date=cast.monday), "name", "Outing"),
    Dentist: Watched(
        lambda _cast: Dentist(name="Dr. New", slug="new", email="new@clinic.example"), "is_active", False, True, False
    ),
    Treatment: Watched(
        lambda _cast: Treatment(slug="x", name="X-ray", duration_minutes=10, price=20), "duration_minutes", 15, 10, 15
    ),
    Offer: Watched(
        lambda cast: Offer(dentist=cast.okafor, treatment=cast.filling), "duration_minutes", 50, None, 50
    ),
    User: Watched(lambda _cast: User(email="new@example.org", name="New"), "is_active", False, True, False),
    SecondFactor: Watched(lambda cast: SecondFactor(user=cast.ana, secret="JBSWY3DP", last_step=1), "secret", "KRSXG5DJ"),
    Patient: Watched(lambda _cast: Patient(name="New"), "relation", "other", "guest", "other"),
    ClinicSettings: Watched(_settings, "hold_minutes", 7, 5, 7),
}  # fmt: skip
each_table = pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.model_name)


def told(model: type[models.Model], row: models.Model) -> list[tuple[Any, ...]]:
    found = lines(table_name=model._meta.db_table, row_id=str(row.pk))
    return [(one.action, one.fields, one.source, one.role, one.user_id) for one in found]


@each_table
def test_the_orm(cast: Cast, model: type[models.Model]) -> None:
    watched = TABLES[model]
    with db.as_owner():
        row = watched.make(cast)
        row.save(force_insert=True)
        setattr(row, watched.field, watched.value)
        row.save(update_fields=[watched.field])
        pk = row.pk
        row.delete()
        row.pk = pk
    by = ("sql", "", None)
    assert told(model, row) == [("created", [], *by), ("changed", [watched.field], *by), ("deleted", [], *by)]
    changed = line(table_name=model._meta.db_table, action="changed", row_id=str(pk))
    kept = [watched.field] if watched.after is not None else []
    assert changed.before == dict.fromkeys(kept, watched.before)
    assert changed.after == dict.fromkeys(kept, watched.after)


@each_table
def test_bare_sql_and_many_rows_at_once(cast: Cast, model: type[models.Model]) -> None:
    watched, table = TABLES[model], model._meta.db_table
    with db.as_owner():
        row = watched.make(cast)
        row.save(force_insert=True)
    key = str(model._meta.pk.column)  # type: ignore[union-attr]  # every model has a key
    value = watched.value if model is not MedicalRecord else "gAAAAA"
    for _twice in range(2):  # the second changes nothing
        run(f"UPDATE {table} SET {watched.field} = %s WHERE {key} = %s", [value, row.pk])
    run(f"DELETE FROM {table} WHERE {key} = %s", [row.pk])
    assert [action for action, *_ in told(model, row)] == ["created", "changed", "deleted"]


@each_table
def test_control_without_its_trigger_a_change_is_missing(cast: Cast, model: type[models.Model]) -> None:
    watched, table = TABLES[model], model._meta.db_table
    run(f"ALTER TABLE {table} DISABLE TRIGGER history_changes, DISABLE TRIGGER history_comes")
    try:
        with db.as_owner():
            row = watched.make(cast)
            row.save(force_insert=True)
            setattr(row, watched.field, watched.value)
            row.save(update_fields=[watched.field])
    finally:
        run(f"ALTER TABLE {table} ENABLE TRIGGER history_changes, ENABLE TRIGGER history_comes")
    assert told(model, row) == []


def test_the_tables_that_are_watched_are_these() -> None:
    assert {model._meta.db_table for model in TABLES} == set(WATCHED)
    with db.as_owner():
        found = db.rows(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'history\\_%' AND tgenabled = 'O'"
        )
    assert sorted(found) == sorted(
        (name, table) for name in ("history_changes", "history_comes") for table in WATCHED
    )  # fmt: skip


# What comes and goes by itself, is told elsewhere, or says nothing of a person or a schedule.
NOT_WATCHED = {
    "Change", "Session", "RefreshFamily", "RecoveryCode", "IdempotencyKey", "Reservation", "Occupancy",
    "HoldAttempt", "Message", "MailedCode", "EmailChange", "RealtimeEvent", "Channel", "State", "Relay",
}  # fmt: skip


def test_a_model_that_is_added_is_watched_or_named_as_not() -> None:
    ours = {
        model for model in apps.get_models()
        if model.__module__.split(".")[0] in ("clinic", "dentists", "availability", "appointments")
    }  # fmt: skip
    assert {model.__name__ for model in ours - TABLES.keys()} - NOT_WATCHED == set()


def test_what_follows_in_other_tables_is_written_too(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with db.transaction(cast.as_admin):
        db.connection().cursor().execute("DELETE FROM dentists_dentist WHERE id = %s", [cast.weber.pk])
    cancelled = lines(table_name="appointments_appointment", row_id=str(visit.pk), action="changed")
    assert [(one.role, one.user_id) for one in cancelled] == [("admin", cast.ada.pk)] * len(cancelled)
    assert [one.after["status"] for one in cancelled if "status" in one.fields] == ["cancelled"]
    assert line(table_name="accounts_user", action="changed").after == {"is_active": False, "dentist_id": None}
    assert len(lines(table_name="availability_workinghours", action="deleted")) == 10
    assert len(lines(table_name="dentists_offer", action="deleted")) == 2


def test_an_update_that_changes_nothing_writes_nothing(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "ache"})
    before = len(lines())
    for table in WATCHED:
        key = {"appointments_medicalrecord": "appointment_id", "accounts_secondfactor": "user_id"}.get(table, "id")
        run(f"UPDATE {table} SET {key} = {key}")
    assert len(lines()) == before


def test_signing_in_is_no_change_of_the_account(cast: Cast) -> None:
    run("UPDATE accounts_user SET last_login = now()")
    assert lines() == []


def test_every_setting_is_kept_but_what_names_the_practice(cast: Cast) -> None:
    words = {"id", "name", "phone", "email", "address"}
    numbers = [field.column for field in ClinicSettings._meta.concrete_fields if field.column not in words]
    with db.as_owner():
        row = json.loads(db.value("SELECT to_jsonb(s)::text FROM core_clinicsettings s"))
    run("DELETE FROM core_clinicsettings")
    kept = line(table_name="core_clinicsettings", action="deleted").before
    assert kept == {name: row[name] for name in numbers}


def test_a_second_factor_comes_is_used_and_goes(cast: Cast) -> None:
    secret = totp.new_secret()
    with db.transaction(cast.as_ana):
        step = totp.step_at(clock.now().timestamp())
        second_factor.switch_on(cast.ana, secret, totp.code_of(secret, step))
    run("UPDATE accounts_secondfactor SET last_step = last_step + 1")
    with db.transaction(cast.as_ana):
        second_factor.switch_off(cast.ana.pk)
    found = lines(table_name="accounts_secondfactor")
    assert [(one.action, one.row_id, one.role, one.before, one.after) for one in found] == [
        ("created", str(cast.ana.pk), "auth", {}, {}),
        ("deleted", str(cast.ana.pk), "auth", {}, {}),
    ]


def test_the_same_text_under_another_key_is_no_change_for_the_owner_alone(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "ache"})
    before = len(lines())
    with db.as_owner(), transaction.atomic(using=db.OWNER), db.connection().cursor() as cursor:
        cursor.execute("SET LOCAL clinic.same_text = 'symptoms'")
        cursor.execute("UPDATE appointments_medicalrecord SET symptoms = 'gAAAA'")
        assert len(lines()) == before
        cursor.execute("UPDATE appointments_medicalrecord SET symptoms = 'gAAAAA', notes = 'gAAAAA'")
    assert len(lines()) == before + 1
    with db.transaction(cast.as_ana), db.connection().cursor() as cursor:
        cursor.execute("SET LOCAL clinic.same_text = 'symptoms'")
        cursor.execute("UPDATE appointments_medicalrecord SET symptoms = 'gAAAAAA'")
    assert line(action="changed", role="patient").visit_id == visit.appointment.pk


def test_what_is_undone_leaves_no_line(cast: Cast) -> None:
    with pytest.raises(IntegrityError), db.transaction(cast.as_admin):
        Closure.objects.bulk_create([Closure(date=cast.monday), Closure(date=cast.monday, name="once more")])
    assert lines() == []


def test_a_table_is_watched_for_columns_that_it_has() -> None:
    with pytest.raises(Exception, match=r"no such columns in availability_closure: \{colour\}"):
        run("SELECT history_watch('availability_closure', '{date,colour}')")


def test_a_column_that_nobody_named_counts_as_personal(cast: Cast) -> None:
    run("ALTER TABLE availability_closure ADD COLUMN told_by text")
    try:
        run("INSERT INTO availability_closure (date, name, told_by) VALUES (%s, '', 'somebody')", [cast.monday])
        run("UPDATE availability_closure SET told_by = 'somebody else'")
    finally:
        run("ALTER TABLE availability_closure DROP COLUMN told_by")
    assert [(one.fields, one.before, one.after) for one in lines()] == [
        ([], {}, {"date": cast.monday.isoformat()}),
        (["told_by"], {}, {}),
    ]


def test_a_line_knows_its_own_number(cast: Cast) -> None:
    with db.as_owner():
        row = uuid.uuid4()
        Patient.objects.create(id=row, name="New")
    assert line().row_id == str(row)
