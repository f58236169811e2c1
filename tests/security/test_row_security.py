"""Raw SQL under each caller's identity: which rows it sees, and which it can change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from appointments import medical
from availability.models import TimeOff
from availability.reservations import reserve
from clinic.accounts.models import Session
from clinic.core import db
from clinic.core.actor import ANONYMOUS, AUTH, SERVICE, Actor, Role
from tests.factories import Cast, make_user
from tests.factories.stored import stored

DENIED = "denied"


@dataclass(frozen=True)
class House:
    """One of everything of everybody: a visit with medical text, a hold, a session, time off."""

    visits: dict[str, UUID]
    callers: dict[str, Actor]


@pytest.fixture
def house(cast: Cast) -> House:
    told = {"symptoms": "a dull ache"}
    visits = {
        "ana": cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical=told).appointment.pk,
        "ben": cast.booked(cast.as_ben, cast.at(9), dentist="chidi-okafor", contact=cast.guest("Ben Krause"),
                           medical=told).appointment.pk,
        "guest": cast.booked(cast.nobody(), cast.at(11), medical=told).appointment.pk,
    }  # fmt: skip
    reserve(cast.as_ana, dentist=cast.weber.pk, treatment="check-up", start=cast.at(14))
    reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(15))
    weber = cast.as_dentist(cast.weber)
    with db.transaction(weber):
        medical.read_for(weber, visits["ana"])
    with db.as_owner():
        bot = Actor(Role.BOT, make_user("Bea Bot", "bot").pk)
        TimeOff.objects.create(
            dentist=cast.weber, starts_at=cast.at(12), ends_at=cast.at(13), reason="a private matter"
        )
        Session.objects.create(session_key="ana's", expire_date=cast.at(9), user_id=cast.ana.pk)
    callers = {
        "anonymous": ANONYMOUS,
        "holder": cast.nobody(),
        "link": ANONYMOUS.with_visit(visits["guest"]),
        "ana": cast.as_ana,
        "ben": cast.as_ben,
        "ben+link": cast.as_ben.with_visit(visits["guest"]),
        "weber": weber,
        "okafor": cast.as_dentist(cast.okafor),
        "desk": cast.as_desk,
        "admin": cast.as_admin,
        "bot": bot,
        "bot+link": bot.with_visit(visits["guest"]),
        "auth": AUTH,
        "service": SERVICE,
    }
    return House(visits, callers)


# How many rows of a table each caller sees; whoever is not named is denied the table.
OWN_ROW = dict.fromkeys(("ana", "ben", "ben+link", "weber", "okafor", "desk", "bot", "bot+link"), 1)
OPEN = dict.fromkeys(
    ("anonymous", "holder", "link", "ana", "ben", "ben+link", "weber", "okafor", "desk", "admin", "bot", "bot+link", "service")
)  # fmt: skip
SEEN: dict[str, dict[str, int]] = {
    "appointments_appointment": {
        "anonymous": 0, "holder": 0, "link": 1, "ana": 1, "ben": 1, "ben+link": 2, "weber": 2, "okafor": 1,
        "desk": 3, "admin": 3, "bot": 0, "bot+link": 1, "service": 3,
    },
    "appointments_medicalrecord": {
        "anonymous": 0, "holder": 0, "link": 1, "ana": 1, "ben": 1, "ben+link": 2, "bot": 0, "bot+link": 1,
    },
    "patients_patient": {"ana": 1, "ben": 1, "ben+link": 1, "weber": 2, "okafor": 1, "desk": 3, "admin": 3, "service": 3},
    "accounts_user": OWN_ROW | {"admin": 7, "auth": 7},
    "accounts_session": {"auth": 1, "service": 1},
    "availability_reservation": {
        "anonymous": 0, "holder": 1, "link": 0, "ana": 1, "ben": 0, "ben+link": 0, "weber": 0, "okafor": 0,
        "desk": 0, "admin": 2, "bot": 0, "bot+link": 0, "service": 2,
    },
    "availability_holdattempt": {"service": 2},
    "availability_timeoff": {"weber": 1, "okafor": 0, "desk": 1, "admin": 1},
    "django_admin_log": {"admin": 0},
    "dentists_dentist": {**dict.fromkeys(OPEN, 2), "auth": 2},
    "core_clinicsettings": {**dict.fromkeys(OPEN, 1), "auth": 1},
}  # fmt: skip


def count(actor: Actor, table: str) -> int | str:
    try:
        with db.transaction(actor):
            return int(db.value(f"SELECT count(*) FROM {table}"))
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        return DENIED


def test_who_sees_how_many_rows_of_what(house: House) -> None:
    seen = {table: {who: count(actor, table) for who, actor in house.callers.items()} for table in SEEN}
    assert seen == {
        table: {who: expected.get(who, DENIED) for who in house.callers} for table, expected in SEEN.items()
    }


def test_control_without_row_security_everybody_sees_everything(house: House) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("ALTER TABLE appointments_appointment DISABLE ROW LEVEL SECURITY")
    try:
        seen = {who: count(actor, "appointments_appointment") for who, actor in house.callers.items()}
    finally:
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute("ALTER TABLE appointments_appointment ENABLE ROW LEVEL SECURITY")
    assert seen == {who: 3 for who in house.callers if who != "auth"} | {"auth": DENIED}


def test_it_is_ones_own_rows_that_one_sees(house: House) -> None:
    for who, visits in {"ana": ["ana"], "okafor": ["ben"], "link": ["guest"], "weber": ["ana", "guest"]}.items():
        with db.transaction(house.callers[who]):
            seen = {pk for (pk,) in db.rows("SELECT id FROM appointments_appointment")}
        assert seen == {house.visits[one] for one in visits}


def test_of_taken_time_everybody_knows_when_and_nobody_with_whom(house: House) -> None:
    for actor in house.callers.values():
        if actor.role is Role.AUTH:
            continue
        with db.transaction(actor):
            assert len(db.rows("SELECT dentist_id, starts_at, ends_at FROM availability_occupancy")) == 5
        for column in ("person_id", "holder", "source_id", "kind", "*"):
            with pytest.raises(DatabaseError, match="permission denied"), db.transaction(actor):
                db.rows(f"SELECT {column} FROM availability_occupancy")


def changed(actor: Actor, statement: str, values: list[Any] | None = None) -> int | str:
    """How many rows the statement changed, or the kind of the database's refusal."""
    try:
        with db.transaction(actor), db.connection().cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    except DatabaseError as error:
        return (
            "denied"
            if "permission denied" in str(error)
            else "row"
            if "row-level security" in str(error)
            else str(error)
        )


def test_nobody_changes_what_is_not_theirs(cast: Cast, house: House) -> None:
    visits, before = house.visits, stored()
    ana, guest = house.callers["ana"], house.callers["link"]
    weber, okafor, desk = house.callers["weber"], house.callers["okafor"], house.callers["desk"]
    visit = "UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now() WHERE id = %s"
    heard = [
        changed(ana, visit, [visits["ben"]]),
        changed(ana, visit.replace("id = %s", "id <> %s"), [visits["ana"]]),
        changed(guest, visit, [visits["ana"]]),
        changed(okafor, visit, [visits["ana"]]),
        changed(ana, "UPDATE appointments_appointment SET account_id = %s", [cast.ben.pk]),
        changed(weber, "UPDATE appointments_appointment SET dentist_id = %s WHERE id = %s", [cast.okafor.pk, visits["guest"]]),
        changed(ana, "DELETE FROM appointments_appointment"),
        changed(desk, "DELETE FROM appointments_appointment"),
        changed(ana, "UPDATE appointments_medicalrecord SET symptoms = '' WHERE appointment_id = %s", [visits["ben"]]),
        changed(weber, "UPDATE appointments_medicalrecord SET symptoms = ''"),
        changed(ana, "UPDATE patients_patient SET name = 'x' WHERE account_id <> %s", [cast.ana.pk]),
        changed(ana, "UPDATE patients_patient SET account_id = %s", [cast.ben.pk]),
        changed(ana, "UPDATE accounts_user SET role = 'admin'"),
        changed(ana, "UPDATE accounts_user SET dentist_id = %s", [cast.weber.pk]),
        changed(desk, "UPDATE accounts_user SET password = 'x'"),
        changed(desk, "UPDATE accounts_user SET name = 'x' WHERE id <> %s", [cast.dana.pk]),
        changed(weber, "UPDATE dentists_dentist SET name = 'x'"),
        changed(weber, "UPDATE dentists_dentist SET bio = 'x' WHERE id = %s", [cast.okafor.pk]),
        changed(weber, "UPDATE availability_workinghours SET end_time = '18:00' WHERE dentist_id = %s", [cast.okafor.pk]),
        changed(weber, "UPDATE availability_workinghours SET dentist_id = %s", [cast.okafor.pk]),
        changed(ana, "UPDATE availability_reservation SET holder = %s", [f"u:{cast.ben.pk}"]),
        changed(ana, "DELETE FROM availability_reservation WHERE holder <> %s", [f"u:{cast.ana.pk}"]),
        changed(ana, "INSERT INTO availability_occupancy SELECT * FROM availability_occupancy"),
        changed(ana, "DELETE FROM availability_occupancy"),
        changed(ana, "UPDATE core_clinicsettings SET name = 'x'"),
        changed(desk, "UPDATE core_clinicsettings SET name = 'x'"),
        changed(desk, "UPDATE dentists_treatment SET price = 0"),
    ]  # fmt: skip
    assert heard == [
        0, 0, 0, 0, "denied", "row", "denied", "denied", 0, "denied", 0, "row", "denied", "denied", "denied", 0,
        "denied", 0, 0, "row", "row", 0, "denied", "denied", "denied", "denied", "denied",
    ]  # fmt: skip
    assert stored() == before


def test_nobody_books_in_somebody_elses_name_in_raw_sql(cast: Cast, house: House) -> None:
    columns = (
        "treatment_name, starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, status, booking_source,"
        " patient_name, patient_email, patient_phone, payment_method, payment_status, payment_amount, currency,"
        " stripe_session_id, triage_band, consent_version, sequence, outside_rules, cancellation_reason, cancelled_by"
    )
    insert = (
        f"INSERT INTO appointments_appointment (id, booking_reference, patient_id, dentist_id, dentist_name,"
        f" dentist_email, {columns}) VALUES (gen_random_uuid(), 'DC-222222', %s, %s, '', '', 'x', %s, %s, 0, 0,"
        " 'confirmed', 'manual', 'x', '', '', 'cash', 'paid', 0, 'EUR', '', '', '', 0, false, '', '')"
    )
    of_ben = [cast.ben_himself.pk, cast.weber.pk, cast.at(16), cast.at(16, 30)]
    of_ana = [cast.ana_herself.pk, *of_ben[1:]]
    before = stored()
    heard = [
        changed(house.callers["ana"], insert, of_ben),
        changed(house.callers["anonymous"], insert, of_ben),
        changed(house.callers["link"], insert, of_ana),
        changed(house.callers["okafor"], insert, of_ben),
    ]
    assert heard == ["row"] * 4
    assert stored() == before
    # The control: for herself she may.
    assert changed(house.callers["ana"], insert, of_ana) == 1
