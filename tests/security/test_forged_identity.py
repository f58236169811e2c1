"""SQL that got into a patient's request cannot be anybody else: not by another context, not by another role."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from clinic.core import db
from clinic.core.actor import ANONYMOUS, AUTH, SERVICE, Actor, Role
from clinic.core.db import signed_context
from tests.concurrency.crowd import at_once
from tests.factories import Cast
from tests.servers import TEMPLATE

VISITS = "SELECT count(*) FROM appointments_appointment"
BECOME = "SELECT set_config('clinic.context', %s, true)"
KEY = settings.IDENTITY_KEY


def backend() -> int:
    return int(connections["default"].connection.info.backend_pid)


@pytest.fixture
def ana(cast: Cast) -> Actor:
    """Ana, who has one visit of three; the others are Ben's and a guest's."""
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    cast.booked(cast.as_ben, cast.at(10), contact=cast.guest("Ben Krause"))
    cast.booked(cast.nobody(), cast.at(11))
    return cast.as_ana


def seen_as(ana: Actor, context: str | Callable[[], str], role: str = "app_patient") -> int:
    """How many visits Ana's request sees after it has given itself this context and role."""
    with db.reading(ana):
        db.rows(BECOME, [context if isinstance(context, str) else context()])
        db.rows("SELECT set_config('role', %s, true)", [role])
        return int(db.value(VISITS))


def test_control_a_context_signed_with_the_key_is_believed(cast: Cast, ana: Actor) -> None:
    assert seen_as(ana, lambda: signed_context(ana, backend(), KEY)) == 1
    assert seen_as(ana, lambda: signed_context(cast.as_ben, backend(), KEY)) == 1
    assert seen_as(ana, lambda: signed_context(cast.as_admin, backend(), KEY), "app_admin") == 3


def test_a_context_signed_otherwise_is_not(cast: Cast, ana: Actor) -> None:
    admin = cast.as_admin

    def own() -> str:
        return signed_context(ana, backend(), KEY)

    def of_admin(key: bytes) -> str:
        return signed_context(admin, backend(), key)

    forged: dict[str, Callable[[], str]] = {
        "nothing": lambda: "",
        "only a name": lambda: f"admin|{admin.user_id}||||portal",
        "no signature": lambda: f"admin|{admin.user_id}||||portal|",
        "zeros": lambda: f"admin|{admin.user_id}||||portal|" + "0" * 64,
        "another key": lambda: of_admin(bytes(range(32))),
        "no key": lambda: of_admin(b""),
        "one's own signature": lambda: own().replace("patient", "admin", 1),
        "another's number": lambda: own().replace(str(ana.user_id), str(admin.user_id)),
        "one bit": lambda: own()[:-1] + ("0" if own()[-1] != "0" else "1"),
        "in capitals": lambda: own()[:-64] + own()[-64:].upper(),
        "more behind": lambda: own() + " ",
        "more before": lambda: "admin|" + own(),
        "two": lambda: own() + own(),
        "wildcards": lambda: "%|%|%|%|%|%|" + "%" * 64,
        "quotes": lambda: "'; SELECT 1; --|" + "f" * 64,
        "long": lambda: "|" * 100_000,
    }
    roles = ("app_admin", "app_patient", "app_desk", "app_dentist", "app_bot", "app_anonymous")
    believed = {(name, role) for name, context in forged.items() for role in roles if seen_as(ana, context, role)}
    assert believed == set()


def test_a_context_of_another_connection_is_not(cast: Cast, ana: Actor) -> None:
    admin = cast.as_admin

    def overheard() -> str:
        with db.reading(admin):
            return str(db.value("SELECT current_setting('clinic.context')"))

    (elsewhere,) = at_once([overheard])
    assert seen_as(ana, elsewhere.result, "app_admin") == 0
    assert seen_as(ana, lambda: signed_context(admin, backend() + 1, KEY), "app_admin") == 0


@pytest.mark.parametrize("wrong", ["app_anonymous", "app_dentist", "app_desk", "app_admin", "app_bot"])
def test_another_role_does_not_see_more(ana: Actor, wrong: str) -> None:
    with db.reading(ana):
        db.rows("SELECT set_config('role', %s, true)", [wrong])
        assert db.value(VISITS) == 0
        # What is open to everybody stays so.
        assert db.value("SELECT count(*) FROM dentists_dentist") == 2


def denied(ana: Actor, statement: str, values: list[Any] | None = None) -> str:
    try:
        with db.transaction(ana), db.connection().cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return "done"


def test_what_a_request_cannot_do_to_itself(ana: Actor) -> None:
    heard = {statement: denied(ana, statement) for statement in (
        "RESET ROLE; SELECT * FROM appointments_appointment",
        "SET ROLE NONE; SELECT * FROM appointments_appointment",
        "SET ROLE app_auth; SELECT * FROM appointments_appointment",
        "SET ROLE app_service",
        "SET ROLE clinic_definer",
        "SET ROLE clinic_owner",
        "SET SESSION AUTHORIZATION clinic_owner",
        "SELECT * FROM identity.signing_key",
        "SELECT identity.context()",
        "ALTER TABLE appointments_appointment DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.mine (x int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET LOCAL session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION identity.acts_as(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "COPY appointments_appointment TO PROGRAM 'cat'",
    )}  # fmt: skip
    assert {said for said in heard.values() if not said.startswith(("permission denied", "must be owner"))} <= {
        "permission denied to COPY to or from an external program"
    }


def test_a_request_does_not_read_what_others_ask(ana: Actor) -> None:
    """Back in the login that all requests share, it would see their statements with the names in them."""
    known = connections["default"].get_connection_params()
    login: Any = {name: known[name] for name in ("dbname", "user", "password", "host") if name in known}
    with psycopg.connect(**login) as other:
        other.execute("SELECT 'canary Krause'")
        with db.transaction(ana), db.connection().cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT pid, query FROM pg_stat_activity")
            seen = {pid: query or "" for pid, query in cursor.fetchall()}
        assert other.info.backend_pid in seen
    assert not [query for query in seen.values() if "Krause" in query]


def test_switching_row_security_off_fails_loudly(ana: Actor) -> None:
    said = denied(ana, "SET LOCAL row_security = off; SELECT * FROM appointments_appointment")
    assert said == 'query would be affected by row-level security policy for table "appointments_appointment"'


def test_an_account_alone_signs_nothing(cast: Cast, ana: Actor) -> None:
    # The roles that are no people see no visits either.
    for actor in (AUTH, ANONYMOUS, Actor(Role.PATIENT), Actor(Role.DENTIST), Actor(Role.BOT, uuid.uuid4())):
        with db.transaction(actor):
            if actor.role is Role.AUTH:
                with pytest.raises(DatabaseError, match="permission denied"), db.savepoint():
                    db.value(VISITS)
            else:
                assert db.value(VISITS) == 0
    with db.transaction(SERVICE):
        assert db.value(VISITS) == 3


def test_no_caller_may_make_temporary_tables() -> None:
    # One of the name of a table would be found before it, and take in what the next callers of the connection write.
    with db.as_owner():
        logins = [f"app_{role.value}" for role in Role] + ["clinic_web", "clinic_service"]
        allowed = db.rows(
            "SELECT name FROM unnest(%s::text[]) name WHERE has_database_privilege(name, %s, 'TEMP')",
            [logins, TEMPLATE],
        )
    assert allowed == []


def test_a_temporary_table_is_refused_by_name(ana: Actor) -> None:
    shadow = "CREATE TEMP TABLE appointments_appointment AS TABLE appointments_appointment"
    with db.as_owner(), db.connection().cursor() as cursor:
        # As the first migration does; a copied database loses what stands on the database itself.
        cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{connections["owner"].settings_dict["NAME"]}" FROM PUBLIC')
    assert denied(ana, shadow).startswith("permission denied to create temporary tables")
