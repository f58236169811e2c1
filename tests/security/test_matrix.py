"""The matrix of docs/identity.md, held against PostgreSQL: for everybody, every table and every verb, in raw SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product

import pytest

from clinic.core import db
from tests.conftest import empty_database
from tests.factories import make_cast
from tests.security.judging import TABLES, differences
from tests.security.matrix import COLUMNS, ROLES, VERBS, Cell, lines
from tests.security.ownership import RULES, Identity, World
from tests.security.people import connected, everybody, furnish, survey, tables_found
from tests.security.probing import Stage
from tests.security.test_catalogue import OPEN_TABLES
from tests.servers import ROOT


@dataclass
class Clinic:
    world: World
    people: list[Identity]
    stages: dict[str, Stage]  # by login

    def differences(self, table: str, role: str = "") -> Iterator[str]:
        """Of one table, for everybody or for those of one role."""
        for who in self.people:
            if role in ("", who.role):
                yield from differences(self.stages[who.login], self.world, who, table)


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    try:
        cast = make_cast()
        people = everybody(cast, furnish(cast))
        world = survey(list(TABLES))
        with ExitStack() as connections:
            stages = {}
            for login in {who.login for who in people}:
                raw = connections.enter_context(connected(login))
                connections.callback(raw.rollback)
                raw.execute("SELECT 1")  # begins the transaction in which everything is taken back
                stages[login] = Stage(raw, tables_found())
            yield Clinic(world, people, stages)
    finally:
        empty_database()


def test_every_table_has_its_lines_in_the_matrix() -> None:
    open_ones = {name for name in OPEN_TABLES if "." not in name}
    assert tables_found().keys() - open_ones == TABLES.keys()


def test_every_table_has_rows_to_be_seen(clinic: Clinic) -> None:
    assert [table for table in TABLES if not clinic.world.rows[table]] == []


def test_everybody_does_what_the_matrix_says_and_nothing_else(clinic: Clinic) -> None:
    found = [line for table in TABLES for line in clinic.differences(table)]
    assert found == []


def test_the_matrix_is_asked_for_every_role(clinic: Clinic) -> None:
    assert {who.role for who in clinic.people} == {*ROLES, "owner"}
    asked = [who.name for who in clinic.people if who.signed]
    assert {"ana", "ben", "weber", "okafor", "desk", "admin", "bot", "auth", "service", "nobody", "link"} <= set(asked)


def test_columns_are_granted_as_the_matrix_says(clinic: Clinic) -> None:
    """Column by column; a whole table is all of its columns, and the ones that come later."""
    with db.as_owner():
        granted = db.rows(
            "SELECT c.relname, substr(r.rolname, 5), lower(p), count(a.attname), has_table_privilege(r.oid, c.oid, p),"
            " coalesce(array_agg(a.attname::text ORDER BY a.attname)"
            " FILTER (WHERE has_column_privilege(r.oid, c.oid, a.attnum, p)), '{}')"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " CROSS JOIN pg_roles r CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p"
            " WHERE c.relname = ANY (%s) AND c.relnamespace = 'public'::regnamespace AND r.rolname = ANY (%s)"
            " GROUP BY c.relname, r.rolname, r.oid, c.oid, p",
            [list(TABLES), [f"app_{role}" for role in ROLES]],
        )
    assert len(granted) == len(TABLES) * len(ROLES) * 3
    wrong = []
    for table, role, verb, count, whole, columns in granted:
        of: Cell = TABLES[table][verb][role]
        expected = (False, sorted(of.columns)) if of.columns else (bool(of), len(columns) == (count if of else 0))
        if expected != ((whole, columns) if of.columns else (whole, True)):
            wrong.append((table, role, verb, whole, columns))
    assert wrong == []


def test_nobody_empties_a_table_or_hangs_triggers_on_it() -> None:
    with db.as_owner():
        found = db.rows(
            "SELECT c.relname, r.rolname, p FROM pg_class c CROSS JOIN pg_roles r"
            " CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) p"
            " WHERE c.relname = ANY (%s) AND r.rolname = ANY (%s) AND has_table_privilege(r.oid, c.oid, p)",
            [list(TABLES), [f"app_{role}" for role in ROLES] + ["clinic_web", "clinic_service"]],
        )
    assert found == []


def test_control_a_matrix_that_says_otherwise_is_noticed(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell of some tables in turn gives a role more, or less, than it has."""
    unnoticed = []
    for table in ("patients_patient", "appointments_appointment", "history_change"):
        for verb, role in product(VERBS, ("patient", "dentist", "service")):
            is_now = TABLES[table][verb][role]
            other = replace(is_now, words=() if is_now else ("open",))
            with monkeypatch.context() as changed:
                changed.setitem(TABLES[table][verb], role, other)
                if next(clinic.differences(table, role), None) is None:
                    unnoticed.append((table, verb, role))
    assert unnoticed == []


def test_the_document_has_the_same_matrix() -> None:
    written = (ROOT / "docs" / "identity.md").read_text()
    rows = [line.strip("| ").replace("`", "").split(" | ") for line in written.splitlines() if line.startswith("| ")]
    begin = rows.index(["table", "verb", *ROLES]) + 1
    assert [[cell.replace("–", "-") for cell in row] for row in rows[begin : begin + len(lines())]] == lines()
    begin = rows.index(["in brackets", "columns"]) + 1
    of_columns = dict(rows[begin : begin + len(COLUMNS)])
    assert of_columns == {name: ", ".join(columns) for name, columns in COLUMNS.items()}
    begin = rows.index(["word", "which rows"]) + 1
    assert {word for word, _ in rows[begin : begin + len(RULES) + 1]} == {*RULES, "–"}
