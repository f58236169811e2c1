"""What `/api/realtime/…` says of relays, Redis, the database, and how fast changes are told."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import redis
from django.db import connections
from pytest_django import Settings

from clinic.core import clock
from clinic.realtime import channels, registry, status
from tests.api.calling import Caller, sign_in
from tests.factories import Cast
from tests.notifications.post import change

PATHS = ("realtime", "sync")
_number = itertools.count()


def connected(whose: UUID | None, role: str, *listening: str, silent: float = 0) -> None:
    """A socket as some server process registers it; its client was last heard of so many seconds ago."""
    now = clock.now().timestamp()
    since = clock.now().isoformat()
    shown = {
        "role": role,
        "created": since,
        "last_heartbeat": (clock.now() - timedelta(seconds=silent)).isoformat(),
        "subscriptions": [{"id": f"s{nth}", "channel": one, "created": since} for nth, one in enumerate(listening)],
    }
    with redis.Redis.from_url(registry.settings.REDIS_URL) as there:
        key = f"{registry.PROCESSES}:process-of-{role}"
        there.hset(key, registry.field_of(whose, f"connection-{next(_number)}"), json.dumps(shown))
        there.expire(key, registry.LASTS)
        there.zadd(registry.PROCESSES, {key: now + registry.LASTS})


@pytest.fixture(autouse=True)
def _nobody_connected(database: None) -> Iterator[None]:
    with redis.Redis.from_url(registry.settings.REDIS_URL) as there:
        there.delete(*there.scan_iter(f"{registry.PROCESSES}*"), "none")
        status._recent.forget()
        yield
        there.delete(*there.scan_iter(f"{registry.PROCESSES}*"), "none")
    status._recent.forget()
    registry._reader.cache_clear()


@pytest.fixture
def silent_redis(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # nobody listens there
    registry._reader.cache_clear()


def health(path: str = "realtime") -> dict[str, Any]:
    answer = Caller().get(f"{path}/health")
    assert answer.status == 200
    return {name: value for name, value in answer.json.items() if name != "timestamp"}


WELL = {
    "status": "healthy", "service": "realtime-sync", "relay": "active", "relaysStandingBy": 1, "redis": "up",
    "database": "up", "activeConnections": 2, "activeSubscriptions": 3,
}  # fmt: skip


@pytest.fixture
def relays(database: None) -> None:
    change("SELECT realtime_beat(gen_random_uuid(), true)")
    change("SELECT realtime_beat(gen_random_uuid(), false)")


@pytest.mark.parametrize("path", PATHS)
def test_anybody_may_ask_whether_it_works(cast: Cast, relays: None, path: str) -> None:
    connected(cast.ana.pk, "patient", "appointments", "availability")
    connected(None, "anonymous", "availability")
    assert health(path) == WELL


def test_without_redis_nobody_is_counted(relays: None, silent_redis: None) -> None:
    unknown = {"redis": "down", "activeConnections": None, "activeSubscriptions": None}
    assert health() == WELL | unknown | {"status": "degraded"}


def test_while_the_relays_only_stand_by_nothing_is_told(relays: None) -> None:
    nobody = {"status": "unhealthy", "activeConnections": 0, "activeSubscriptions": 0}
    change("UPDATE realtime_relays SET is_active = false")
    assert health() == WELL | nobody | {"relay": "standing_by", "relaysStandingBy": 2}
    change("UPDATE realtime_relays SET seen_at = clock_timestamp() - interval '6 seconds'")
    assert health() == WELL | nobody | {"relay": "down", "relaysStandingBy": 0}


def test_without_the_database_it_still_answers() -> None:
    connections["default"].close()
    connections["default"].close_pool()
    server = connections["default"].settings_dict
    host, pool = server["HOST"], server["OPTIONS"]["pool"]
    server["HOST"], server["OPTIONS"]["pool"] = "/nonexistent", {**pool, "timeout": 0.2}
    try:
        found = health()
    finally:
        connections["default"].close_pool()
        server["HOST"], server["OPTIONS"]["pool"] = host, pool
    assert (found["status"], found["database"], found["relay"], found["redis"]) == ("unhealthy", "down", "down", "up")


@pytest.mark.parametrize("path", PATHS)
def test_everybody_sees_their_own_connections_and_no_others(cast: Cast, path: str) -> None:
    ana, ben, ada = sign_in(cast.ana), sign_in(cast.ben), sign_in(cast.ada)
    connected(cast.ana.pk, "patient", "appointments", "availability")
    connected(cast.ana.pk, "patient", silent=status.SILENCE + 5)
    told = ana.get(f"{path}/status").json
    assert (told["status"], told["activeConnections"], told["activeSubscriptions"]) == ("active", 2, 2)
    assert [one["active"] for one in told["connections"]] == [True, False]
    heard = told["connections"][0]
    assert told["subscriptions"] == [
        {"id": f"s{nth}", "channelName": name, "active": True, "role": "patient", "connection": heard["id"],
         "created": told["subscriptions"][nth]["created"], "lastHeartbeat": heard["lastHeartbeat"]}
        for nth, name in enumerate(["appointments", "availability"])
    ]  # fmt: skip
    for other in (ben, ada):
        nothing = other.get(f"{path}/status").json
        assert (nothing["status"], nothing["connections"], nothing["subscriptions"]) == ("inactive", [], [])


def test_without_redis_it_is_unknown_what_is_open(cast: Cast, silent_redis: None) -> None:
    ana, ada = sign_in(cast.ana), sign_in(cast.ada)
    told = ana.get("realtime/status").json
    assert (told["status"], told["activeConnections"], told["subscriptions"]) == ("degraded", None, [])
    change("SELECT realtime_beat(gen_random_uuid(), true)")
    stats = ada.get("realtime/stats").json
    assert (stats["status"], stats["stats"], stats["activeConnections"], stats["byRole"]) == (
        "degraded", None, None, {},
    )  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_statistics_are_for_admins(cast: Cast, path: str) -> None:
    callers = [Caller(), *(sign_in(who) for who in (cast.ana, cast.weber, cast.dana, cast.ada))]
    assert [caller.get(f"{path}/stats").status for caller in callers] == [401, 403, 403, 403, 200]
    assert [caller.get(f"{path}/status").status for caller in callers] == [401, 200, 200, 200, 200]


def test_statistics_count_all_processes_by_kind_and_role(cast: Cast, relays: None) -> None:
    ada = sign_in(cast.ada)
    connected(cast.ana.pk, "patient", "appointments:own", "availability")
    connected(None, "anonymous", f"availability:{cast.weber.pk}", "availability", f"visit:{cast.weber.pk}")
    connected(cast.ada.pk, "admin", "appointments", "sync")
    told = ada.get("realtime/stats").json
    assert (told["status"], told["activeConnections"]) == ("healthy", 3)
    assert told["stats"] == {
        "appointments": 2, "availability": 1, "global": 2, "visit": 1, "conversation": 0, "sync": 1, "total": 7,
    }  # fmt: skip
    assert told["byRole"] == {
        "admin": {"connections": 1, "subscriptions": 2},
        "anonymous": {"connections": 1, "subscriptions": 3},
        "patient": {"connections": 1, "subscriptions": 2},
    }
    assert len(told["subscriptions"]) == 7
    assert str(cast.ana.pk) not in json.dumps(told), "whose they are is nobody's business"


def test_every_channel_that_there_is_is_counted() -> None:
    assert set(channels._channels) - set(status.KINDS) == set()


def test_how_fast_changes_were_told_within_the_hour(cast: Cast) -> None:
    ada = sign_in(cast.ada)
    change("DELETE FROM realtime_events")
    nothing = ada.get("realtime/stats").json
    assert nothing["latency"] == {"p50": None, "p95": None, "p99": None}
    assert nothing["events"] == {"published": 0, "waiting": 0, "byKind": {}}
    # 101 of which the nth took n milliseconds, one that is too long ago, and one that waits.
    change(
        "INSERT INTO realtime_events (written_at, committed_at, published_at, kind, channels, body, position, previous)"
        " SELECT now(), now() - make_interval(secs => n / 1000.0), now(), CASE WHEN n > 90 THEN 'hours.changed' ELSE"
        " 'appointment.created' END, '{}'::text[], '{}'::jsonb, 1000001 + n, '{}'::bigint[] FROM generate_series(0, 100) n"
        " UNION ALL SELECT now(), now() - interval '3 h', now() - interval '2 h', 'x', '{}', '{}', 1000000, '{}'"
        " UNION ALL SELECT now(), NULL, NULL, 'x', '{}', '{}', NULL, NULL"
    )
    told = ada.get("realtime/stats").json
    assert told["latency"] == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert told["events"] == {
        "published": 101, "waiting": 1, "byKind": {"appointment.created": 91, "hours.changed": 10},
    }  # fmt: skip
