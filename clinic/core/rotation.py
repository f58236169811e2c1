"""Every encrypted value under the newest of `FIELD_KEYS`, so that an older key can be taken away (docs/privacy.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from psycopg import sql

from clinic.core import db
from clinic.core.crypto import EncryptedTextField, rotated
from clinic.core.models import IdempotencyKey

# Columns whose text is encrypted by hand, not by their field's type.
BY_HAND: dict[type[Model], tuple[str, ...]] = {IdempotencyKey: ("body",)}


@dataclass(frozen=True, slots=True)
class Encrypted:
    """A table with encrypted columns, and its primary key's column."""

    table: str
    key: str
    columns: tuple[str, ...]


def encrypted_tables() -> list[Encrypted]:
    """All tables with encrypted columns, by name; a field of that type that is added later is among them by itself."""
    found = []
    for model in apps.get_models():
        columns = tuple(
            str(field.column) for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)
        )
        if columns := columns + BY_HAND.get(model, ()):
            found.append(Encrypted(model._meta.db_table, str(model._meta.pk.column), columns))
    return sorted(found, key=lambda one: one.table)


def rotate(table: Encrypted, batch: int = 500) -> Iterator[tuple[int, int]]:
    """Goes through a table by its key, a transaction for so many rows: yields after each commit how many rows were looked
    at and how many were written. What is under the newest key already is left alone, so it may be broken off and begun
    again at any time, while the clinic is open. Runs as the owner. Raises `Unreadable` for text that none of the keys
    opens; what was committed before stays.
    """
    newest, last = Fernet(settings.FIELD_KEYS[0]), None
    names = sql.SQL(", ").join(map(sql.Identifier, (table.key, *table.columns)))
    while True:
        with db.as_owner(), transaction.atomic(using=db.OWNER), db.connection().cursor() as cursor:
            after = sql.SQL("") if last is None else sql.SQL("WHERE {} > %s").format(sql.Identifier(table.key))
            cursor.execute(
                sql.SQL("SELECT {} FROM {} {} ORDER BY {} LIMIT %s FOR UPDATE").format(
                    names, sql.Identifier(table.table), after, sql.Identifier(table.key)
                ),
                [batch] if last is None else [last, batch],
            )
            rows, written = cursor.fetchall(), 0
            # The same text under another key is no change of it: none of these rows gets a line in the history.
            cursor.execute("SELECT set_config('clinic.same_text', %s, true)", [",".join(table.columns)])
            for key, *texts in rows:
                stale = {
                    name: text
                    for name, text in zip(table.columns, texts, strict=True)
                    if text and not _opens(newest, text)
                }
                if stale:
                    values = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in stale)
                    cursor.execute(
                        sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
                            sql.Identifier(table.table), values, sql.Identifier(table.key)
                        ),
                        [*map(rotated, stale.values()), key],
                    )
                    written += 1
        if not rows:
            return
        last = rows[-1][0]
        yield len(rows), written


def _opens(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True
