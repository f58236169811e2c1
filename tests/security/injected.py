"""SQL that got into a request: one connection of the web login, and what a statement gives there."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from clinic.core.actor import Actor
from clinic.core.db import signed_context

Raw = psycopg.Connection[Any]
DENIED = "42501"


def begin(raw: Raw, actor: Actor) -> None:
    """A request begins, as `clinic.core.db` begins one."""
    raw.execute(
        "SELECT set_config('role', %s, true), set_config('clinic.context', %s, true),"
        " set_config('search_path', 'public, pg_temp', true)",
        [f"app_{actor.role.value}", signed_context(actor, raw.info.backend_pid, settings.IDENTITY_KEY)],
    )


def answer(raw: Raw, actor: Actor, statement: str) -> Any:
    """What a statement in this caller's request gives: rows, or the code of the refusal. Nothing is committed."""
    begin(raw, actor)
    try:
        cursor = raw.execute(sql.SQL(statement))  # injected text is what this is about
        return cursor.fetchall() if cursor.description else cursor.rowcount
    except psycopg.Error as error:
        return error.sqlstate
    finally:
        raw.rollback()
