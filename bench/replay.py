"""The floor under what the site does: the statements that it sent, sent again bare through psycopg.

Django plans every statement anew; here they are prepared, as a program that did nothing else would have them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.db import connections

from clinic.core.actor import Actor
from clinic.core.db import _BECOME, signed_context


@dataclass(frozen=True)
class Statement:
    sql: LiteralString
    params: tuple[Any, ...] | dict[str, Any]

    def changed(self, change: Callable[[Any], Any]) -> Statement:
        """The same statement with each of its values changed."""
        if isinstance(self.params, dict):
            return Statement(self.sql, {name: change(value) for name, value in self.params.items()})
        return Statement(self.sql, tuple(map(change, self.params)))


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements that Django sends for this thread's callers inside the block, identity and transaction aside."""
    sent: list[Statement] = []

    def note(execute: Callable[..., Any], sql: LiteralString, params: Any, many: bool, context: Any) -> Any:
        values = params if isinstance(params, dict) else tuple(params or ())
        sent.append(Statement(sql, values))
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(note):
        yield sent


def replayed(connection: psycopg.Connection[Any], actor: Actor | None, statements: Sequence[Statement]) -> float:
    """Seconds of one transaction with these statements and all their rows, under the actor's identity if one is given."""
    began = perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        if actor is not None:
            become(connection, cursor, actor)
        for one in statements:
            cursor.execute(one.sql, one.params)
            if cursor.description is not None:
                cursor.fetchall()
    return perf_counter() - began


def become(connection: psycopg.Connection[Any], cursor: psycopg.Cursor[Any], actor: Actor) -> None:
    context = signed_context(actor, connection.info.backend_pid, settings.IDENTITY_KEY)
    cursor.execute(_BECOME, (f"app_{actor.role.value}", context))
