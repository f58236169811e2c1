"""A request's SQL leaves nothing on the connection that goes back to the pool: who comes next finds it as new."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from psycopg import sql

from clinic.core.actor import Actor
from clinic.environment import cleaned
from tests.factories import Cast
from tests.security.injected import Raw, answer, begin

# What a request's SQL leaves in its session, and how the next one would see it.
LEFT: dict[str, tuple[str, str]] = {
    "a prepared statement": ("PREPARE theirs AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements"),
    "a cursor": ("DECLARE theirs CURSOR WITH HOLD FOR SELECT name FROM patients_patient", "SELECT count(*) FROM pg_cursors"),
    "a lock": (
        "SELECT pg_advisory_lock(72031, 1)",
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    "a channel": ("LISTEN theirs", "SELECT count(*) FROM pg_listening_channels()"),
    "a setting": ("SET clinic.context = 'theirs'", "SELECT count(*) FROM (SELECT current_setting('clinic.context', true) x) s"
                  " WHERE x = 'theirs'"),
    "a search path": ("SET search_path = identity", "SELECT count(*) FROM (SELECT current_setting('search_path') x) s"
                      " WHERE x = 'identity'"),
    "a role": ("SET SESSION ROLE app_admin", "SELECT count(*) FROM (SELECT current_user x) s WHERE x = 'app_admin'"),
    "a time zone": ("SET TIME ZONE 'Asia/Tokyo'", "SELECT count(*) FROM (SELECT current_setting('timezone') x) s"
                    " WHERE x <> 'UTC'"),
    "no time limit": ("SET statement_timeout = 0", "SELECT count(*) FROM (SELECT current_setting('statement_timeout') x) s"
                      " WHERE x = '0'"),
    "reading only": ("SET default_transaction_read_only = on", "SELECT count(*) FROM (SELECT"
                     " current_setting('default_transaction_read_only') x) s WHERE x = 'on'"),
}  # fmt: skip


def left(raw: Raw, actor: Actor, give_back: Callable[[Raw], None]) -> set[str]:
    """What is still there after a request that left everything, and that the pool took back in this way."""
    found = set()
    for what, (leave, look) in LEFT.items():
        begin(raw, actor)
        raw.execute(sql.SQL(leave))
        raw.commit()
        give_back(raw)
        ((count,),) = raw.execute(sql.SQL(look)).fetchall()
        if count:
            found.add(what)
        raw.rollback()
        cleaned(raw)
    return found


def test_nothing_stays_with_a_connection_of_the_pool(cast: Cast, raw: Raw) -> None:
    assert left(raw, cast.as_ana, cleaned) == set()


def test_control_uncleaned_all_of_it_stays(cast: Cast, raw: Raw) -> None:
    assert left(raw, cast.as_ana, lambda _: None) == LEFT.keys()


def test_the_pool_cleans_what_comes_back() -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["reset"] is cleaned


def test_even_uncleaned_the_next_request_is_who_it_is(cast: Cast, raw: Raw, bens: uuid.UUID) -> None:
    """Settings, role and search path of a session are not those of the transaction that begins."""
    begin(raw, cast.as_ben)
    raw.execute("SET SESSION ROLE app_admin")
    raw.execute("SET search_path = identity")
    raw.commit()
    seen = "SELECT current_user::text, current_setting('search_path'), (SELECT count(*) FROM appointments_appointment)"
    assert answer(raw, cast.as_ana, seen) == [("app_patient", "public, pg_temp", 0)]
