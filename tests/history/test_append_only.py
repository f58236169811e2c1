"""Nobody writes, rewrites or tears out a line: no caller by any statement, the owner by none but forgetting what is old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, AUTH, HUB, SERVICE, Actor, Role
from clinic.history.models import Change
from tests.factories import Cast, make_user
from tests.history.noted import heard, lines, run, whole

STATEMENTS = {
    "insert": "INSERT INTO history_change (at, table_name, row_id, action, fields, before, after, role, source, login)"
              " VALUES (now(), 'x', 'x', 'created', '{}', '{}', '{}', 'admin', 'admin', '')",
    "copy": "INSERT INTO history_change SELECT * FROM history_change",
    "update": "UPDATE history_change SET role = 'admin'",
    "update where": "UPDATE history_change SET user_id = NULL WHERE id > 0",
    "delete": "DELETE FROM history_change",
    "truncate": "TRUNCATE history_change",
    "write": "SELECT history_write('x', 'x', 'created', NULL, NULL, '{}', '{}', '{}')",
    "note": "SELECT history_note()",
    "watch": "SELECT history_watch('history_change', '{}')",
    "no trigger": "ALTER TABLE appointments_appointment DISABLE TRIGGER history_changes",
    "no triggers": "SET LOCAL session_replication_role = replica",
    "drop": "DROP TABLE history_change",
    "number": "SELECT setval('history_change_id_seq', 1)",
}  # fmt: skip


def callers(cast: Cast) -> dict[str, Actor]:
    with db.as_owner():
        bot = make_user("Bea Bot", "bot").pk
    return {
        "anonymous": ANONYMOUS,
        "patient": cast.as_ana,
        "dentist": cast.as_dentist(cast.weber),
        "desk": cast.as_desk,
        "admin": cast.as_admin,
        "bot": Actor(Role.BOT, bot),
        "auth": AUTH,
        "service": SERVICE,
        "hub": HUB,
    }


def test_every_role_is_refused_every_statement(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    everybody = callers(cast)
    assert everybody.keys() == {role.value for role in Role}
    before = whole()
    said = {(who, name): heard(actor, sql) for who, actor in everybody.items() for name, sql in STATEMENTS.items()}
    passed = {one: words for one, words in said.items() if not words.startswith(("permission denied", "must be owner"))}
    assert passed == {}
    assert whole() == before


def test_control_a_role_with_a_grant_and_a_policy_would_get_through(cast: Cast) -> None:
    run(
        "GRANT INSERT ON history_change TO app_patient; CREATE POLICY careless ON history_change TO app_patient USING (true)"
    )
    try:
        assert heard(cast.as_ana, STATEMENTS["insert"]) == "done"
    finally:
        run("DROP POLICY careless ON history_change; REVOKE INSERT ON history_change FROM app_patient")
    assert [one.role for one in lines()] == ["admin"]


def test_a_role_with_every_grant_still_changes_and_deletes_nothing(cast: Cast) -> None:
    run("UPDATE core_clinicsettings SET hold_minutes = 6")
    run("GRANT ALL ON history_change TO app_admin; CREATE POLICY careless ON history_change TO app_admin USING (true)")
    try:
        said = [heard(cast.as_admin, STATEMENTS[name]) for name in ("update", "delete", "truncate")]
    finally:
        run("DROP POLICY careless ON history_change; REVOKE ALL ON history_change FROM app_admin;"
            " GRANT SELECT ON history_change TO app_admin")  # fmt: skip
    assert said == ["history stands as it was written"] * 3
    assert len(lines()) == 1


@pytest.mark.parametrize("name", ["update", "update where", "truncate"])
def test_the_owner_does_not_rewrite_it_either(cast: Cast, name: str) -> None:
    run("UPDATE core_clinicsettings SET hold_minutes = 6")
    before = whole()
    with pytest.raises(DatabaseError, match="history stands as it was written"):
        run(STATEMENTS[name])
    assert whole() == before


def test_the_owner_forgets_what_is_old(cast: Cast) -> None:
    run("UPDATE core_clinicsettings SET hold_minutes = 6")
    old = clock.now() - timedelta(days=365 * 11)
    with db.as_owner():
        Change.objects.create(
            at=old, table_name="x", row_id="1", action="created", fields=[], before={}, after={}, source="sql"
        )
    call_command("forget_history", years=10)
    assert [one.table_name for one in lines()] == ["core_clinicsettings"]


@pytest.mark.parametrize("years", [0, -1])
def test_nobody_forgets_it_all_by_a_slip(cast: Cast, years: int) -> None:
    with pytest.raises(CommandError):
        call_command("forget_history", years=years)
