"""The database's own catalogue: no table without its policies, no function that can be led astray, no login with rights.

What is added later is held to the same rules here, without being named.
"""

from __future__ import annotations

import re

import pytest

from clinic.core import db
from clinic.core.actor import Role

# Tables without row-level security: nothing personal in them, and nobody but the owner (and admin, of types) reads them.
OPEN_TABLES = {
    "django_migrations": [],
    "django_content_type": ["app_admin SELECT"],
    "auth_permission": [],
    "auth_group": [],
    "auth_group_permissions": [],
    "identity.signing_key": [],
}
CALLERS = [f"app_{role.value}" for role in Role]
LOGINS = ["clinic_web", "clinic_service"]
OURS = "nspname IN ('public', 'identity')"
NOT_OF_AN_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')"


def unprotected() -> set[str]:
    """Tables whose rows are not under row-level security, or not for their owner too."""
    with db.as_owner():
        found = db.rows(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE {OURS} AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
    return {name for (name,) in found}


def led_astray() -> set[str]:
    """Functions with their owner's rights that everybody may call, or whose names are looked up where a caller says."""
    with db.as_owner():
        found = db.rows(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            f" WHERE {OURS} AND p.prosecdef AND {NOT_OF_AN_EXTENSION.format(oid='p.oid')} AND ("
            " coalesce(array_to_string(p.proconfig, ' '), '') !~ '^search_path=[a-z_]+, pg_temp$'"
            " OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0))"
        )
    return {name for (name,) in found}


def run(statement: str) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement)


def test_every_table_is_under_row_level_security_its_owner_too() -> None:
    assert unprotected() == OPEN_TABLES.keys()


@pytest.mark.parametrize("how", ["DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"])
def test_control_a_table_without_it_is_found(how: str) -> None:
    run(f"ALTER TABLE patients_patient {how}")
    try:
        assert unprotected() - OPEN_TABLES.keys() == {"patients_patient"}
    finally:
        run("ALTER TABLE patients_patient ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def test_what_is_open_is_open_to_hardly_anybody() -> None:
    with db.as_owner():
        for table, expected in OPEN_TABLES.items():
            granted = db.rows(
                "SELECT grantee::regrole || ' ' || privilege_type FROM pg_class c, aclexplode(c.relacl)"
                " WHERE c.oid = %s::regclass AND grantee <> c.relowner", [table]
            )  # fmt: skip
            assert [text for (text,) in granted] == expected


def test_no_function_with_its_owners_rights_is_everybodys_or_looks_up_what_a_caller_puts_there() -> None:
    assert led_astray() == set()


def test_control_a_careless_function_is_found() -> None:
    run("CREATE FUNCTION careless() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    run(
        "CREATE FUNCTION pinned() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT 1'"
    )
    run("CREATE FUNCTION kept() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    run("REVOKE ALL ON FUNCTION kept() FROM PUBLIC")
    try:
        assert led_astray() == {"careless()", "pinned()", "kept()"}
    finally:
        run("DROP FUNCTION careless(), pinned(), kept()")


def test_history_is_written_by_triggers_alone() -> None:
    with db.as_owner():
        grants = db.rows(
            "SELECT grantee::regrole::text, privilege_type FROM pg_class c, aclexplode(c.relacl)"
            " WHERE c.oid IN ('history_change'::regclass, 'history_change_id_seq'::regclass) AND grantee <> c.relowner"
        )
        calls = db.rows(
            "SELECT p.proname, a.grantee::regrole::text FROM pg_proc p, aclexplode(p.proacl) a"
            " WHERE p.proname LIKE 'history\\_%' AND a.grantee <> p.proowner"
        )
    assert sorted(grants) == [
        ("app_admin", "SELECT"), ("app_dentist", "SELECT"), ("app_desk", "SELECT"),
        ("clinic_definer", "DELETE"), ("clinic_definer", "INSERT"), ("clinic_definer", "SELECT"),
    ]  # fmt: skip
    assert sorted(calls) == [("history_names", f"app_{role}") for role in ("admin", "dentist", "desk")]


def test_logins_have_nothing_of_their_own() -> None:
    with db.as_owner():
        for login in LOGINS:
            (rights,) = db.rows(
                "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit, rolcanlogin"
                " FROM pg_roles WHERE rolname = %s", [login]
            )  # fmt: skip
            assert rights == (False, False, False, False, False, False, True)
            owned = "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole"
            assert db.value(owned, [login]) == 0
            granted = (
                "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee IN (0, %s::regrole::oid)"
                " AND c.relnamespace IN ('public'::regnamespace, 'identity'::regnamespace)"
            )
            assert db.value(granted, [login]) == 0


def test_logins_step_into_callers_and_inherit_nothing_from_them() -> None:
    with db.as_owner():
        memberships = db.rows(
            "SELECT member::regrole::text, roleid::regrole::text, inherit_option, set_option, admin_option"
            " FROM pg_auth_members WHERE member::regrole::text = ANY (%s::text[])", [LOGINS]
        )  # fmt: skip
    web = {("clinic_web", name, False, True, False) for name in CALLERS if name != "app_service"}
    assert set(memberships) == web | {("clinic_service", "app_service", False, True, False)}


def test_callers_roles_are_no_logins_and_members_of_nothing() -> None:
    with db.as_owner():
        (found,) = db.rows(
            "SELECT count(*), bool_or(rolcanlogin), bool_or(rolsuper), bool_or(rolbypassrls) FROM pg_roles"
            " WHERE rolname = ANY (%s::text[])", [[*CALLERS, "clinic_definer"]]
        )  # fmt: skip
        members = db.value(
            "SELECT count(*) FROM pg_auth_members WHERE member::regrole::text = ANY (%s::text[])",
            [[*CALLERS, "clinic_definer"]],
        )
    assert found == (len(CALLERS) + 1, False, False, False)
    assert members == 0


def test_the_owner_itself_is_no_superuser() -> None:
    # Else row-level security would not hold for what triggers do, and none of these tests would notice.
    with db.as_owner():
        assert db.rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False, False)]


def test_policies_ask_who_is_there_once_a_query_not_once_a_row() -> None:
    with db.as_owner():
        policies = db.rows("SELECT polname, polrelid::regclass::text, pg_get_expr(polqual, polrelid),"
                           " pg_get_expr(polwithcheck, polrelid) FROM pg_policy")  # fmt: skip
    assert len(policies) > 60
    careless = {
        (name, table)
        for name, table, *conditions in policies
        for condition in conditions
        if condition and re.search(r"(?<!SELECT )identity\.", condition)
    }
    assert careless == set()


def test_no_view_reads_past_the_policies() -> None:
    with db.as_owner():
        views = db.rows(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE {OURS} AND c.relkind IN ('v', 'm')"
        )
    assert views == []
