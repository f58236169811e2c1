"""Tables without what makes each single row slow and safe, for the time of one bulk load in one transaction.

The tables are locked meanwhile. References, unique and exclusion constraints are put back at the end, which checks every
row that was loaded, so that nothing can come in this way that could not come in otherwise; if anything fails, all is as
it was. What the triggers would have written, the load writes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import models
from psycopg import sql

from clinic.core import db

# Checks, not-null rules and primary keys stay. Exclusion constraints come last: they take longest to fail.
_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x') ORDER BY contype = 'x', conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
     WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY indexrelid
"""
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


@contextmanager
def bare(*tables: type[models.Model], say: Callable[[str], None]) -> Iterator[None]:
    """Takes down the row triggers, forced policies, indexes and constraints of these tables, and puts them back."""
    names = [model._meta.db_table for model in tables]
    db.connection().check_constraints()
    kept = {name: (db.rows(_CONSTRAINTS, [name]), db.rows(_INDEXES, [name])) for name in names}
    with db.connection().cursor() as cursor:
        for name, (constraints, indexes) in kept.items():
            # COPY is not allowed under policies, not even to the owner who would pass them.
            _alter(name, "DISABLE TRIGGER USER", "NO FORCE ROW LEVEL SECURITY")
            _alter(name, *(f'DROP CONSTRAINT "{constraint}"' for constraint, _ in constraints))
            for index, _ in indexes:
                cursor.execute(f"DROP INDEX {index}")
    yield
    with db.connection().cursor() as cursor:
        cursor.execute(_MEMORY)
        for name, (constraints, indexes) in kept.items():
            for _, definition in indexes:
                cursor.execute(definition)
            for constraint, definition in constraints:
                _alter(name, f'ADD CONSTRAINT "{constraint}" {definition}')
            _alter(name, "FORCE ROW LEVEL SECURITY", "ENABLE TRIGGER USER")
            say(f"indexes and constraints of {name}")


def _alter(table: str, *actions: str) -> None:
    if actions:
        with db.connection().cursor() as cursor:
            cursor.execute(sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + sql.SQL(", ".join(actions)))
