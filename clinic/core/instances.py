"""Model instances from a statement written by hand, where building one with the ORM costs more than running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, LiteralString

from django.db.models import Model

from clinic.core import db


def joined(
    parts: Sequence[tuple[str, type[Model]]], tail: LiteralString, params: Sequence[Any] = ()
) -> Iterator[list[Any]]:
    """The rows of `SELECT <all columns> FROM <tail>`, each as a list with one instance for every part.

    A part is the alias that the tail gives a table, and its model. Its fields must be of types that need no conversion
    between database and Python. Parameters as in `db.bound`.
    """
    columns = ", ".join(f'{alias}."{name}"' for alias, model in parts for name in _columns(model))
    using = db.connection().alias
    for row in db.bound(f"SELECT {columns} FROM {tail}", params):  # noqa: S608 - our own columns
        values, instances = iter(row), []
        for _, model in parts:
            names = _columns(model)
            instances.append(model.from_db(using, names, [next(values) for _ in names]))
        yield instances


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
