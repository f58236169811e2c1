"""The cluster's roles: made once per cluster, before the first migration, by the owner of the database.

`app_<role>` holds the grants of one kind of caller and cannot sign in. `clinic_web` and `clinic_service` sign in, hold no
grant of their own, and may step into the roles of those they serve. `clinic_definer` is what triggers and the owner act
as, so that forced row-level security has one explicit policy for them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from clinic.environment import login_password

from .actor import Role
from .db import OWNER

CALLERS = [role for role in Role if role is not Role.SERVICE]
LOGINS = {"clinic_web": [f"app_{role.value}" for role in CALLERS], "clinic_service": ["app_service"]}
_TIMEOUTS = {
    "clinic_web": {
        "lock_timeout": "5s",
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "60s",
    },
    "clinic_service": {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
}
# One number for the whole project, so that two set-ups of one database do not meet.
_SET_UP_LOCK = 7_203_100


def _owner() -> psycopg.Connection[Any]:
    wrapper = connections[OWNER]
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    return raw


def ensure_roles() -> None:
    """Creates the roles that are missing and sets the logins' passwords; harmless when repeated."""
    raw = _owner()
    with raw.transaction(), psycopg.Cursor(raw) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_SET_UP_LOCK,))
        existing = {name for (name,) in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        for name in [*(f"app_{role.value}" for role in Role), "clinic_definer"]:
            if name not in existing:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        for login, callers in LOGINS.items():
            if login not in existing:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(login)))
            # What a request's SQL could set for its own login ends with the next set-up at the latest.
            cursor.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(login)))
            here = sql.Identifier(raw.info.dbname)
            cursor.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(sql.Identifier(login), here))
            password = login_password(settings.IDENTITY_KEY, login)
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(password)))
            for caller in callers:
                cursor.execute(
                    sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(
                        sql.Identifier(caller), sql.Identifier(login)
                    )
                )
            for name, value in _TIMEOUTS[login].items():
                cursor.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(
                        sql.Identifier(login), sql.Identifier(name), sql.Literal(value)
                    )
                )
        cursor.execute("GRANT clinic_definer TO CURRENT_USER WITH INHERIT TRUE")


def install_signing_key() -> None:
    """Stores the padded signing key where only the identity functions can read it; the one before stays valid beside it."""
    key = settings.IDENTITY_KEY.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    raw = _owner()
    with raw.transaction(), psycopg.Cursor(raw) as cursor:
        current = cursor.execute("SELECT inner_pad FROM identity.signing_key WHERE slot = 0").fetchone()
        if current is not None and hashlib.sha256(current[0]).digest() == hashlib.sha256(inner).digest():
            return
        cursor.execute("DELETE FROM identity.signing_key WHERE slot = 1")
        cursor.execute("UPDATE identity.signing_key SET slot = 1 WHERE slot = 0")
        cursor.execute("INSERT INTO identity.signing_key VALUES (0, %s, %s)", (inner, outer))
