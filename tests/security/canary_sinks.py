"""Every place that something said or typed may run into, each as one text."""

from __future__ import annotations

import json
from typing import Any

import redis

from clinic.accounts.sessions import SessionStore
from tests.security.canary_stand import Stand

# Who sends what on which channel is found in the database, so that a new one cannot be forgotten.
_NOTIFIERS = (
    "SELECT DISTINCT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
    " WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND prosrc ILIKE '%notify%' ORDER BY proname"
)
NOTIFIERS = {
    "procrastinate_notify_queue_abort_job_v1",
    "procrastinate_notify_queue_job_inserted_v1",
    "realtime_write",
}
CHANNELS = ("procrastinate_any_queue_v1", "procrastinate_queue_v1#mail", "procrastinate_queue_v1#tidy", "realtime")


def site_log(stand: Stand) -> str:
    """What Daphne, the worker and commands wrote, to standard output and to standard error."""
    return stand.said()


def postgres_log(stand: Stand) -> str:
    return stand.postgres_log.read_text()


def redis_keys(stand: Stand) -> str:
    with redis.Redis.from_url(stand.redis_url) as client:
        kept = {key: (client.type(key), _value(client, key)) for key in client.scan_iter(count=1000)}
    return repr(kept)


def _value(client: Any, key: bytes) -> Any:
    match client.type(key):
        case b"string":
            return client.get(key)
        case b"hash":
            return client.hgetall(key)
        case b"list":
            return client.lrange(key, 0, -1)
        case b"set":
            return client.smembers(key)
        case b"zset":
            return client.zrange(key, 0, -1, withscores=True)
        case b"stream":
            return client.xrange(key)
    raise AssertionError(f"unknown kind of value at {key!r}")


def notified(stand: Stand) -> str:
    assert {name for (name,) in stand.sql(_NOTIFIERS)} == NOTIFIERS
    return "\n".join(stand.notified)


def published(stand: Stand) -> str:
    """What went over Redis to the server processes."""
    return "\n".join(stand.published)


def jobs(stand: Stand) -> str:
    return _table(stand, "procrastinate_jobs") + _table(stand, "procrastinate_events")


def live_events(stand: Stand) -> str:
    return _table(stand, "realtime_events") + _table(stand, "realtime_channels")


def _table(stand: Stand, name: str) -> str:
    return "\n".join(row for (row,) in stand.sql(f"SELECT row::text FROM {name} row"))


def sessions(stand: Stand) -> str:
    """What sessions hold, opened, for the data are signed and packed."""
    rows = stand.sql("SELECT session_data FROM accounts_session")
    return "\n".join(json.dumps(SessionStore().decode(data)) for (data,) in rows)


def redirects(stand: Stand) -> str:
    return "\n".join(answer.location for answer in stand.answers)


def error_pages(stand: Stand) -> str:
    """What was answered when nothing was found or something broke, headers included."""
    shown = [
        one for one in stand.answers if one.status >= 500 or (one.status in (400, 403, 404) and "GET" in one.asked)
    ]
    return "\n".join(f"{one.headers}\n{one.text}" for one in shown)


SINKS = {
    "site log": site_log,
    "PostgreSQL's log": postgres_log,
    "Redis": redis_keys,
    "notifications": notified,
    "published": published,
    "jobs": jobs,
    "live events": live_events,
    "sessions": sessions,
    "redirects": redirects,
    "error pages": error_pages,
}
