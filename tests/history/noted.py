"""What stands in the history, shortly."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError

from clinic.core import db
from clinic.core.actor import Actor
from clinic.history.models import Change


def lines(**of: Any) -> list[Change]:
    """All lines, oldest first, as the owner sees them."""
    with db.as_owner():
        return list(Change.objects.filter(**of).order_by("id"))


def line(**of: Any) -> Change:
    """The only line of these."""
    (one,) = lines(**of)
    return one


def whole() -> str:
    """Every character of the history."""
    with db.as_owner():
        return str(db.value("SELECT coalesce(string_agg(row::text, E'\\n'), '') FROM history_change row"))


def run(statement: str, values: list[Any] | None = None) -> None:
    """Bare SQL of the owner's."""
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement, values)


def heard(actor: Actor, statement: str, values: list[Any] | None = None) -> str:
    """What the database says to a caller's bare SQL: "done", or the first line of its refusal."""
    try:
        with db.transaction(actor), db.connection().cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return "done"
