"""Asks PostgreSQL itself: what each verb of each table does for an identity, every step of it taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.types.json import Jsonb

from clinic.core.db import signed_context
from tests.security.ownership import KEY, NEW_VISIT, Identity, Row

# What becomes of a statement: the rows that it reached, how many, or why it reached none.
Outcome = frozenset[str] | int | str
DENIED, REFUSED, ACCEPTED = "denied", "refused", "accepted"
KEYS = {"availability_occupancy": "dentist_id, starts_at"}
# The columns by which a row is somebody's: what is tried to be handed over.
HANDED: dict[str, tuple[str, ...]] = {
    "accounts_session": ("user_id",),
    "accounts_refreshfamily": ("user_id",),
    "appointments_appointment": ("account_id", "dentist_id"),
    "appointments_medicalrecord": ("appointment_id",),
    "availability_dateoverride": ("dentist_id",),
    "availability_reservation": ("holder",),
    "availability_timeoff": ("dentist_id",),
    "availability_workinghours": ("dentist_id",),
    "core_idempotencykey": ("scope",),
    "dentists_offer": ("dentist_id",),
    "notifications_message": ("state",),
    "patients_patient": ("account_id",),
}
_NEW: Mapping[str, Any] = {
    "uuid": NEW_VISIT,
    "int8": 999_999,
    "int4": 999_999,
    "int2": 2,
    "varchar": "new",
    "text": "new",
}


class Stage:
    """An open transaction of one connection, in which identities come and go and nothing stays.

    `keys`: of each table, the type of each column of its key. `changes_login`: the connection is a superuser's, who takes
    on each identity's login too.
    """

    def __init__(
        self, raw: psycopg.Connection[Any], keys: Mapping[str, Mapping[str, str]], *, changes_login: bool = False
    ) -> None:
        self.raw, self.keys, self.changes_login = raw, keys, changes_login

    @contextmanager
    def acting(self, who: Identity) -> Iterator[None]:
        """As this identity, the way `clinic.core.db` steps into one."""
        with self.undone("as_somebody"):
            if self.changes_login:
                self.raw.execute("SELECT set_config('session_authorization', %s, true)", [who.login])
            if not who.is_owner:
                context = (
                    signed_context(who.actor, self.raw.info.backend_pid, settings.IDENTITY_KEY) if who.actor else ""
                )
                self.raw.execute(
                    "SELECT set_config('role', %s, true), set_config('clinic.context', %s, true)",
                    [f"app_{who.role}", context],
                )
            self.raw.execute("SAVEPOINT stepped_in")
            yield

    @contextmanager
    def undone(self, name: LiteralString) -> Iterator[None]:
        """A savepoint to which everything goes back."""
        self.raw.execute(f"SAVEPOINT {name}")
        try:
            yield
        finally:
            self.raw.execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")

    def select(self, table: str, columns: tuple[str, ...] = ()) -> Outcome:
        return self._rows(f"SELECT {self._key(table)} FROM (SELECT {', '.join(columns) or '*'} FROM {table}) t")

    def update(self, table: str, column: str, rows: list[str]) -> Outcome:
        """The rows that may be written as they are. A refusal of one refuses the statement, so then they go one by one."""
        change = f"UPDATE {table} SET {column} = {column}"
        found = self._rows(f"{change} RETURNING {self._key(table)}")
        if found != REFUSED:
            return found
        one_by_one = [self._count(f"{change} WHERE {self._key(table)} = %s", [row]) for row in rows]
        return frozenset(row for row, count in zip(rows, one_by_one, strict=True) if count == 1) or REFUSED

    def delete(self, table: str) -> tuple[Outcome, Outcome]:
        """The rows that may be deleted and are seen; and how many go without being looked at."""
        return self._rows(f"DELETE FROM {table} RETURNING {self._key(table)}"), self._count(f"DELETE FROM {table}")

    def hand_over(self, table: str, column: str, value: Any) -> Outcome:
        """Writes one value into a column of every row that may be changed, looking at none."""
        return self._count(f"UPDATE {table} SET {column} = %s", [value])

    def insert(self, table: str, row: Row) -> Outcome:
        """A copy of a row, as `copied` made it."""
        return self._count(
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::{table}, %s)).*",
            [Jsonb(row)],
        )

    def copied(self, table: str, row: Row) -> Row:
        """A row like this one under a new key, where time is free."""
        key = {name: _NEW[kind] for name, kind in self.keys[table].items() if name != "appointment_id"}
        return (
            row
            | key
            | _LATER.get(table, {})
            | ({"booking_reference": "DC-ZZZZZZ"} if "booking_reference" in row else {})
        )

    def rows(self, table: str) -> list[Row]:
        """All rows that whoever acts sees, under the names that the other methods give them."""
        found = self.raw.execute(_sql(f"SELECT {self._key(table)}, to_jsonb(t) FROM {table} t ORDER BY 1")).fetchall()
        return [row | {KEY: key} for key, row in found]

    def _key(self, table: str) -> str:
        return f"concat_ws(' ', {KEYS.get(table) or ', '.join(self.keys[table])})"

    def _rows(self, statement: str) -> Outcome:
        try:
            return frozenset(key for (key,) in self.raw.execute(_sql(statement)).fetchall())
        except psycopg.Error as error:
            return told(error)
        finally:
            self._back()

    def _count(self, statement: str, values: list[Any] | None = None) -> Outcome:
        try:
            return self.raw.execute(_sql(statement), values).rowcount
        except psycopg.Error as error:
            return told(error)
        finally:
            self._back()

    def _back(self) -> None:
        """As if the statement had not been; the identity stays."""
        self.raw.execute("ROLLBACK TO SAVEPOINT stepped_in")


# Copies of visits and holds come to lie on a day of their own.
_LATER: Mapping[str, Row] = {
    "appointments_appointment": {
        "starts_at": "2099-06-01T09:00:00Z", "ends_at": "2099-06-01T09:30:00Z", "reservation_id": None
    },
    "availability_reservation": {
        "starts_at": "2099-06-01T09:00:00Z", "ends_at": "2099-06-01T09:30:00Z",
        "busy_from": "2099-06-01T09:00:00Z", "busy_until": "2099-06-01T09:30:00Z",
    },
}  # fmt: skip


def _sql(statement: str) -> sql.SQL:
    return sql.SQL(statement)  # names come from the catalogue, values travel apart


def told(error: psycopg.Error) -> str:
    """What a refusal says. Constraints are asked after the policies, so what they refuse the policies let through."""
    text = str(error.diag.message_primary)
    if error.sqlstate == "42501":
        return DENIED if text.startswith("permission denied") else REFUSED if "row-level security" in text else text
    return ACCEPTED if (error.sqlstate or "").startswith("23") else f"{error.sqlstate} {text}"
