"""Bulk loading with COPY: lines of text straight into a table.

What a line does not say is what the model says by default, so that a new column needs no change here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import models
from psycopg import sql

from clinic.core import db

NULL = r"\N"
_LINES = 2_000  # lines that go over at once
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPED)


def joined(*values: Any) -> str:
    """A line, or a part of one, of these values."""
    return "\t".join(map(text, values))


class Table:
    """The columns of a model that a load gives, in this order, and the rest with their defaults."""

    def __init__(self, model: type[models.Model], given: Sequence[str]) -> None:
        rest = [
            field
            for field in model._meta.concrete_fields
            if field.attname not in given and field.db_default is models.NOT_PROVIDED
        ]
        named = {field.attname: field for field in model._meta.concrete_fields}
        columns = [sql.Identifier(str(field.column)) for field in (*(named[name] for name in given), *rest)]
        self._tail = "\t" + joined(*(field.get_default() for field in rest)) + "\n" if rest else "\n"
        self._statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns)
        )

    def load(self, lines: Iterable[str]) -> int:
        """Loads lines of the given columns, made with `joined`; returns how many."""
        count, tail, rows = 0, self._tail, iter(lines)
        with db.connection().cursor() as cursor, cursor.copy(self._statement) as copy:
            while part := list(islice(rows, _LINES)):
                copy.write(tail.join(part) + tail)
                count += len(part)
        return count
