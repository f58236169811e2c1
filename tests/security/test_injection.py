"""SQL that got into a patient's request reaches nobody else's data.

What it can do to itself and to the context is in `test_forged_identity`, what it leaves behind in `test_leftovers`; here is
what PostgreSQL offers beside tables.
"""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from psycopg import sql

from clinic.core import db
from tests.factories import Cast
from tests.security.injected import DENIED, Raw, answer, begin


def test_files_programs_and_other_servers_are_out_of_reach(cast: Cast, raw: Raw) -> None:
    statements = [
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_read_binary_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_stat_file('.')",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY patients_patient FROM PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/out'",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/out')",
        "LOAD '/tmp/library.so'",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER other FOREIGN DATA WRAPPER nothing",
        "SELECT pg_reload_conf()",
        "SELECT pg_create_physical_replication_slot('mine')",
        "CREATE ROLE mine LOGIN SUPERUSER",
        "GRANT app_service TO clinic_web",
        "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION mine()",
    ]
    heard = {statement: answer(raw, cast.as_ana, statement) for statement in statements}
    # Which of them are not there at all says PostgreSQL first.
    missing = {"0A000", "42704", "42883", "58P01"}
    assert {statement: said for statement, said in heard.items() if said != DENIED and said not in missing} == {}
    assert list(heard.values()).count(DENIED) > 12


@pytest.mark.parametrize("role", ["clinic_web", "app_patient"])
def test_what_needs_no_transaction_is_refused_too(raw: Raw, role: str) -> None:
    raw.autocommit = True
    raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    for statement in (
        "ALTER SYSTEM SET log_statement = 'all'",
        "CREATE DATABASE mine",
        "DROP DATABASE postgres",
        "CREATE SUBSCRIPTION other CONNECTION 'dbname=x' PUBLICATION x",
        "CREATE TABLESPACE mine LOCATION '/tmp'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(sql.SQL(statement))


def test_no_login_is_given_more_or_taken_away(cast: Cast, raw: Raw) -> None:
    """Back in its login a request can change that one's own settings and password (docs/identity.md), and no more."""
    changes = [
        "clinic_web SUPERUSER",
        "clinic_web BYPASSRLS",
        "clinic_web CREATEROLE",
        "clinic_web INHERIT",
        "clinic_web NOLOGIN",
        "clinic_web CONNECTION LIMIT 0",
        "clinic_web VALID UNTIL '2000-01-01'",
        "clinic_web SET log_statement = 'all'",
        "clinic_web SET session_preload_libraries = 'mine'",
        "clinic_service PASSWORD 'mine'",
        "clinic_service SET search_path = identity",
        "clinic_owner PASSWORD 'mine'",
        "app_patient BYPASSRLS",
        "app_patient SET search_path = identity",
        "ALL SET search_path = identity",
    ]
    heard = {change: answer(raw, cast.as_ana, f"RESET ROLE; ALTER ROLE {change}") for change in changes}
    assert {change: said for change, said in heard.items() if said != DENIED} == {}


def test_nothing_is_made_that_others_would_use(cast: Cast, raw: Raw) -> None:
    statements = [
        "CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION identity.acts_as(text, int) RETURNS bool LANGUAGE sql AS 'SELECT true'",
        "CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)",
        "CREATE VIEW public.dentists AS SELECT * FROM patients_patient",
        "CREATE SCHEMA mine",
        "CREATE TYPE public.mine AS (x int)",
        "CREATE TEMP TABLE patients_patient (name text)",
        "CREATE TEMP VIEW patients_patient AS SELECT 'x' AS name",
        "CREATE TEMP SEQUENCE mine",
        "CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE POLICY mine ON patients_patient USING (true)",
        "CREATE RULE mine AS ON SELECT TO patients_patient DO INSTEAD SELECT 1",
        "CREATE TRIGGER mine AFTER INSERT ON patients_patient EXECUTE FUNCTION history_note()",
        "ALTER TABLE patients_patient OWNER TO app_patient",
        "GRANT SELECT ON history_change TO PUBLIC",
        "SECURITY LABEL ON TABLE patients_patient IS 'x'",
        "SELECT setval('history_change_id_seq', 1)",
        "DO LANGUAGE plpython3u 'import os'",
    ]
    heard = {statement: answer(raw, cast.as_ana, statement) for statement in statements}
    # Labels and languages that are not there are refused as unknown.
    assert {statement: said for statement, said in heard.items() if said not in (DENIED, "22023", "42704")} == {}


def test_no_role_shows_more_than_the_own(cast: Cast, raw: Raw, bens: uuid.UUID) -> None:
    """A row of another's is asked for by its id, in every role and under every search path."""
    wanted = f"SELECT count(*) FROM appointments_appointment WHERE id = '{bens}'"
    seen = {}
    for role in ("anonymous", "patient", "dentist", "desk", "admin", "bot", "auth", "service", "hub"):
        for path in ("public", "pg_temp, public", "identity, public"):
            begin(raw, cast.as_ana)
            try:
                raw.execute("SELECT set_config('search_path', %s, true)", [path])
                raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(f"app_{role}")))
                ((seen[role, path],),) = raw.execute(sql.SQL(wanted)).fetchall()
            except psycopg.Error as error:
                seen[role, path] = error.sqlstate
            finally:
                raw.rollback()
    assert set(seen.values()) == {0, DENIED}
    assert answer(raw, cast.as_ben, wanted) == [(1,)]


def test_definer_functions_tell_nothing_of_others(cast: Cast, raw: Raw, bens: uuid.UUID) -> None:
    """All that a patient may call, with another's ids; what each says is what anybody may know."""
    ana, ben = cast.as_ana, cast.ben.pk
    person, weber = cast.ben_himself.pk, cast.weber.pk
    span = f"'{cast.at(0).isoformat()}', '{cast.at(23).isoformat()}'"
    calls: dict[str, Any] = {
        "realtime_reach": ("SELECT head < 0 FROM realtime_reach()", [(False,)]),
        "realtime_relays_there": ("SELECT * FROM realtime_relays_there('1 hour')", [(False, 0)]),
        "jobs_worker_is_there": ("SELECT jobs_worker_is_there('1 hour')", [(False,)]),
        "appointments_is_known": (f"SELECT appointments_is_known('{person}')", [(False,)]),
        "appointments_by_reference": (
            "SELECT appointments_by_reference(booking_reference, '%') FROM"
            " (VALUES ('DC-222222'), ('%'), ('')) v (booking_reference)",
            [(None,)] * 3,
        ),
        "availability_away": (f"SELECT * FROM availability_away('{{{weber}}}', {span})", []),
        "availability_busy": (
            f"SELECT * FROM availability_busy('{{{weber}}}', {span}, NULL)",
            [(weber, cast.at(10), cast.at(10, 30))],
        ),
        "availability_count_hold": (f"SELECT * FROM availability_count_hold('u:{ben}', '')", "P0001"),
        "patients_guest": (
            f"SELECT patients_guest('{bens}', 'Ben Krause', 'ben@example.org', '', NULL) = '{person}'",
            [(False,)],  # Ben has an account, so a guest of his name and address is somebody else
        ),
        "privacy_own_ways_in": (f"SELECT privacy_own_ways_in()::text ~* 'krause|ben@|{ben}'", [(False,)]),
        "privacy_own_records": (f"SELECT privacy_own_records()::text ~* 'krause|{ben}|{bens}'", [(False,)]),
    }
    refused: dict[str, str] = {
        "appointments_read_medical": f"SELECT * FROM appointments_read_medical('{bens}')",
        "availability_take": f"SELECT availability_take('{bens}', '{bens}', 'hold', '{weber}', NULL, {span}, {span}, '', NULL)",
        "history_names": f"SELECT * FROM history_names('{{{ben}}}')",
        "history_write": "SELECT history_write('x', 'x', 'read', NULL, NULL, '{}', '{}', '{}')",
        "notifications_account_mail": f"SELECT notifications_account_mail('reset', '{ben}')",
        "patients_claim_guests": f"SELECT patients_claim_guests('{ben}')",
        "realtime_drain": "SELECT * FROM realtime_drain(10)",
        "realtime_since": "SELECT * FROM realtime_since(0, 10)",
        "realtime_write": "SELECT realtime_write('x', '{sync}', '{}')",
    }
    assert callable_by_patients() == {*calls, "privacy_erase_account"}
    assert {name: answer(raw, ana, statement) for name, (statement, _) in calls.items()} == {
        name: expected for name, (_, expected) in calls.items()
    }
    assert {answer(raw, ana, statement) for statement in refused.values()} == {DENIED}


def test_whoever_erases_themselves_erases_nobody_else(cast: Cast, raw: Raw, bens: uuid.UUID) -> None:
    begin(raw, cast.as_ana)
    raw.execute("SELECT privacy_erase_account()")
    begin(raw, cast.as_ben)
    left = raw.execute(
        "SELECT (SELECT count(*) FROM patients_patient), (SELECT count(*) FROM appointments_appointment),"
        " (SELECT count(*) FROM appointments_medicalrecord), (SELECT count(*) FROM accounts_user)"
    ).fetchall()
    assert left == [(1, 1, 1, 1)]


def callable_by_patients() -> set[str]:
    """Functions with the owner's rights that a patient's request can call."""
    with db.as_owner():
        found = db.rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND has_function_privilege('app_patient', oid, 'EXECUTE')"
        )
    return {name for (name,) in found}


def test_errors_and_estimates_say_nothing_of_hidden_rows(cast: Cast, raw: Raw, bens: uuid.UUID) -> None:
    """A function of the caller's own is not run over rows that the policies hide, nor are their statistics told."""
    ana = cast.as_ana
    assert (
        answer(raw, ana, "SELECT 1 / (length(patient_name) - length('Ben Krause')) FROM appointments_appointment") == []
    )
    assert answer(raw, ana, "SELECT count(*) FROM patients_patient WHERE 1 / (CASE WHEN name = 'Ben Krause' THEN 0"
                            " ELSE 1 END) = 1") == [(1,)]  # fmt: skip
    assert answer(raw, ana, "SELECT count(*) FROM pg_stats WHERE tablename = 'appointments_medicalrecord'") == [(0,)]
    assert answer(raw, ana, "SELECT * FROM pg_statistic") == DENIED
    assert answer(raw, ana, "SELECT * FROM pg_authid") == DENIED
