"""Taking one guard of the database away for a while, to see that a test misses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clinic.core import db
from tests.conftest import empty_database


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    """The constraint is dropped, and back once everything that it would refuse is gone."""
    with db.as_owner():
        (definition,) = (
            text for (text,) in db.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        )  # fmt: skip
        _run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        empty_database()
        with db.as_owner():
            _run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@contextmanager
def with_function_changed(name: str, *changes: tuple[str, str]) -> Iterator[None]:
    """A function of the database with parts of its text exchanged; a part that is not there is a mistake."""
    with db.as_owner():
        source: str = db.value("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [name])
        changed = source
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        _run(changed)
    try:
        yield
    finally:
        empty_database()
        with db.as_owner():
            _run(source)


def _run(statement: str) -> None:
    with db.connection().cursor() as cursor:
        cursor.execute(statement)
