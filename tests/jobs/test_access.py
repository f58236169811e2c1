"""Jobs are the owner's triggers' and the worker's; a newer procrastinate does not change that unseen."""

from __future__ import annotations

from clinic.core import db

CALLERS = "'app_anonymous', 'app_patient', 'app_dentist', 'app_desk', 'app_admin', 'app_bot', 'app_auth', 'clinic_web'"


def test_only_the_worker_has_grants(database: None) -> None:
    with db.as_owner():
        tables = db.rows(
            f"SELECT c.relname, r FROM pg_class c, unnest(ARRAY[{CALLERS}, 'clinic_service']) r"
            " WHERE c.relname LIKE 'procrastinate%' AND c.relkind = 'r'"
            " AND has_table_privilege(r, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        functions = db.rows(
            f"SELECT p.proname, r FROM pg_proc p, unnest(ARRAY[{CALLERS}, 'clinic_service']) r"
            " WHERE p.proname LIKE 'procrastinate%' AND has_function_privilege(r, p.oid, 'EXECUTE')"
        )
    assert (tables, functions) == ([], [])


def test_the_worker_has_all_it_needs(database: None) -> None:
    with db.as_owner():
        tables = db.rows(
            "SELECT relname FROM pg_class WHERE relname LIKE 'procrastinate%' AND relkind = 'r' AND"
            " NOT (has_table_privilege('app_service', oid, 'SELECT') AND has_table_privilege('app_service', oid, 'INSERT')"
            " AND has_table_privilege('app_service', oid, 'UPDATE') AND has_table_privilege('app_service', oid, 'DELETE'))"
        )
        functions = db.rows(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%'"
            " AND NOT has_function_privilege('app_service', oid, 'EXECUTE')"
        )
    assert (tables, functions) == ([], [])


def test_every_table_of_jobs_is_under_row_level_security(database: None) -> None:
    with db.as_owner():
        bare = db.rows(
            "SELECT relname FROM pg_class WHERE (relname LIKE 'procrastinate%' OR relname LIKE 'notifications%')"
            " AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
    assert bare == []
