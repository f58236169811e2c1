"""Nobody asks the database anything without saying who asks, and what was said ends with the transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError, ProgrammingError, connections

from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.actor import ANONYMOUS, SERVICE, Actor
from clinic.core.models import ClinicSettings
from tests.factories import Cast

WHO = "SELECT session_user::text, current_user::text, coalesce(current_setting('clinic.context', true), '')"


def said() -> tuple[str, str, str]:
    """Login, role and context of the connection as it is now."""
    (row,) = db.rows(WHO)
    return row  # type: ignore[return-value]  # three columns of text


def test_without_an_identity_no_table_answers(cast: Cast) -> None:
    with db.as_owner():
        tables = db.rows(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relowner = 'clinic_owner'::regrole"
        )
    assert len(tables) > 20
    for (table,) in tables:
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.rows(f"SELECT 1 FROM {table} LIMIT 1")
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.rows(f"DELETE FROM {table}")
    with pytest.raises(ProgrammingError, match="permission denied"):
        ClinicSettings.current()


def test_an_identity_ends_with_its_transaction(cast: Cast) -> None:
    with db.transaction(cast.as_ana):
        login, role, context = said()
        backend = connections["default"].connection.info.backend_pid
        assert (login, role, context.split("|")[1]) == ("clinic_web", "app_patient", str(cast.ana.pk))
    # The same connection, to the very process.
    assert connections["default"].connection.info.backend_pid == backend
    assert said() == ("clinic_web", "clinic_web", "")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Appointment.objects.count()


def test_an_identity_ends_with_a_failure(cast: Cast) -> None:
    ana = cast.as_ana

    def fail(block: Callable[[Actor], AbstractContextManager[None]]) -> None:
        with block(ana):
            assert said()[1] == "app_patient"
            raise ZeroDivisionError

    for block in (db.transaction, db.reading, db.enclosing):
        with pytest.raises(ZeroDivisionError):
            fail(block)
        assert said() == ("clinic_web", "clinic_web", "")
        assert db.acting() is None


def test_the_next_on_the_connection_is_somebody_else(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    seen, backends = [], set()
    for actor in (cast.as_ana, cast.as_ben, cast.as_admin, ANONYMOUS, cast.as_ana):
        with db.reading(actor):
            seen.append(Appointment.objects.count())
            backends.add(connections["default"].connection.info.backend_pid)
    assert seen == [1, 0, 1, 0, 1]
    assert len(backends) == 1


def test_reading_cannot_write_nor_become_writing(cast: Cast) -> None:
    attempts = (
        "UPDATE patients_patient SET name = 'x'",
        "SET LOCAL transaction_read_only = off",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; UPDATE patients_patient SET name = 'x'",
    )
    ana = cast.as_ana

    def write(statement: str) -> None:
        with db.reading(ana), db.connection().cursor() as cursor:
            cursor.execute(statement)

    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"read-only|read-write"):
            write(attempt)
    with db.as_owner():
        assert not db.rows("SELECT FROM patients_patient WHERE name = 'x'")


def test_signing_in_sees_accounts_and_steps_back(cast: Cast) -> None:
    with db.reading(cast.as_ana):
        assert [user.email for user in User.objects.all()] == ["ana@example.org"]
        with db.signing_in():
            assert said()[1] == "app_auth"
            assert User.objects.count() == 6
            with pytest.raises(ProgrammingError, match="permission denied"), db.savepoint():
                Appointment.objects.count()
        assert said()[1] == "app_patient"
        assert [user.email for user in User.objects.all()] == ["ana@example.org"]
        with pytest.raises(ZeroDivisionError), db.signing_in():
            raise ZeroDivisionError
        assert said()[1] == "app_patient"
        assert (actor := db.acting()) is not None
        assert actor.user_id == cast.ana.pk


def test_signing_in_alone_is_a_transaction_of_its_own(cast: Cast) -> None:
    with db.signing_in():
        assert User.objects.count() == 6
    assert said() == ("clinic_web", "clinic_web", "")


def test_services_have_a_login_of_their_own(cast: Cast) -> None:
    with db.transaction(SERVICE):
        assert said()[:2] == ("clinic_service", "app_service")
    with pytest.raises(DatabaseError, match="permission denied"), db.transaction(cast.as_admin):
        db.rows("SELECT set_config('role', 'app_service', true)")


def test_whoever_shows_more_is_still_the_same_and_then_again_less(cast: Cast) -> None:
    guests = cast.booked(cast.nobody(), cast.at(9)).appointment
    ana = cast.as_ana
    with db.reading(ana):
        assert Appointment.objects.count() == 0
        with db.reading(ana.with_visit(guests.pk)):
            assert Appointment.objects.count() == 1
        assert Appointment.objects.count() == 0


def test_one_page_is_read_under_one_identity(cast: Cast) -> None:
    with db.reading(cast.as_ana), pytest.raises(RuntimeError), db.reading(cast.as_ben):
        pass
    with db.enclosing(cast.as_ana), pytest.raises(RuntimeError), db.transaction(cast.as_ben):
        pass
