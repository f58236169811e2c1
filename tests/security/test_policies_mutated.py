"""Each policy in turn is taken away or widened, and the check of the matrix must notice it.

All of it happens in one transaction of a superuser, who takes on every identity's login; nothing of it is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from clinic.core import db
from tests.conftest import empty_database
from tests.factories import make_cast
from tests.security.judging import TABLES, differences
from tests.security.ownership import Identity, World
from tests.security.people import everybody, furnish, signed_in, survey
from tests.security.probing import Stage

# Conditions that already let everything through, so that a wider one is the same one.
WIDE = (None, "true")


@dataclass(frozen=True)
class Policy:
    table: str
    name: str
    verb: str  # as pg_policy has it: r, a, w, d, or * for all
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    is_restrictive: bool
    # Whether what WITH CHECK says can come to matter: its roles insert rows, or change the columns that it looks at.
    is_checked: bool

    @property
    def on(self) -> str:
        return f"{self.name} ON {self.table}"

    def mutations(self) -> Iterator[tuple[str, str]]:
        """What is done to it, in a word and in SQL."""
        yield "dropped", f"DROP POLICY {self.on}"
        if self.using not in WIDE:
            also = " WITH CHECK (true)" if self.check not in WIDE else ""
            yield "open to all", f"ALTER POLICY {self.on} USING (true){also}"
        if self.verb in "aw*" and (self.check or self.using) not in WIDE:
            yield "unchecked", f"ALTER POLICY {self.on} WITH CHECK (true)"


@dataclass
class Clinic:
    world: World
    people: list[Identity]
    stage: Stage

    def notices(self, policy: Policy) -> str | None:
        """The first thing that is not as the matrix says, for one of the roles of the policy."""
        for who in self.people:
            if ("clinic_definer" if who.is_owner else f"app_{who.role}") in policy.roles:
                for line in differences(self.stage, self.world, who, policy.table):
                    return line
        return None


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    try:
        cast = make_cast()
        people = everybody(cast, furnish(cast))
        with signed_in("postgres") as stage:
            yield Clinic(survey(list(TABLES)), people, stage)
    finally:
        empty_database()


def policies() -> list[Policy]:
    with db.as_owner():
        found = db.rows("""
            SELECT c.relname, p.polname, p.polcmd::text, array_agg(r.rolname::text), pg_get_expr(p.polqual, c.oid),
                   pg_get_expr(p.polwithcheck, c.oid), NOT p.polpermissive,
                   bool_or(has_table_privilege(r.oid, c.oid, 'INSERT') AND p.polcmd IN ('a', '*') OR EXISTS (
                       SELECT FROM pg_depend d WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid
                          AND d.refobjid = c.oid AND d.refobjsubid > 0 AND p.polcmd IN ('w', '*')
                          AND has_column_privilege(r.oid, c.oid, d.refobjsubid::smallint, 'UPDATE')))
              FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_roles r ON r.oid = ANY (p.polroles)
             GROUP BY c.relname, p.polname, p.polcmd, p.polqual, p.polwithcheck, c.oid, p.polpermissive
             ORDER BY c.relname, p.polname""")
        assert db.value("SELECT count(*) FROM pg_policy") == len(found)  # none is for PUBLIC, which is no role
    return [Policy(table, name, verb, tuple(roles), *rest) for table, name, verb, roles, *rest in found]


def mutated(clinic: Clinic, policy: Policy, statement: str) -> Any:
    with clinic.stage.undone("mutation"):
        clinic.stage.raw.execute(statement)  # names come from the catalogue
        return clinic.notices(policy)


def test_control_as_they_are_nothing_is_noticed(clinic: Clinic) -> None:
    noticed = [clinic.notices(policy) for policy in policies() if policy.verb in "*r"]
    assert set(noticed) == {None}


def test_every_policy_that_is_missing_or_too_wide_is_noticed(clinic: Clinic) -> None:
    tried, unnoticed, without_effect = 0, set(), set()
    for policy in policies():
        for what, statement in policy.mutations():
            tried += 1
            if mutated(clinic, policy, statement) is None:
                unnoticed.add((policy.on, what))
            if what == "unchecked" and not policy.is_checked:
                without_effect.add((policy.on, what))
    assert tried > 200
    # These let nothing through that was shut: their roles can write nothing that WITH CHECK would look at.
    assert unnoticed == without_effect
