"""`GET /health` sees the database, Redis, the relay and the worker."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.test import Client

from tests.notifications.post import change

HEALTHY = {"status": "healthy", "database": "up", "redis": "up", "relay": "up", "worker": "up"}


def heard_of(seconds: float) -> None:
    """A worker that has shown itself so long ago."""
    change("TRUNCATE procrastinate_workers CASCADE")
    change(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - make_interval(secs => %s))",
        seconds,
    )
    change("SELECT realtime_beat(gen_random_uuid(), true)")


def told(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/health")
    return answer.status_code, answer.json()


def test_all_is_well(database: None, client: Client) -> None:
    heard_of(1)
    assert told(client) == (200, HEALTHY)


def test_a_worker_that_has_been_silent_is_down(database: None, client: Client) -> None:
    heard_of(10)
    assert told(client) == (503, HEALTHY | {"status": "unhealthy", "worker": "down"})


def test_without_any_worker_or_relay(database: None, client: Client) -> None:
    assert told(client) == (503, HEALTHY | {"status": "unhealthy", "relay": "down", "worker": "down"})


def test_a_relay_that_only_stands_by_or_has_been_silent_is_down(database: None, client: Client) -> None:
    heard_of(1)
    change("UPDATE realtime_relays SET is_active = false")
    assert told(client) == (503, HEALTHY | {"status": "unhealthy", "relay": "down"})
    change("UPDATE realtime_relays SET is_active = true, seen_at = clock_timestamp() - interval '6 seconds'")
    assert told(client) == (503, HEALTHY | {"status": "unhealthy", "relay": "down"})


def test_redis_away(database: None, client: Client, settings: Any) -> None:
    heard_of(0)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # nobody listens there
    assert told(client) == (503, HEALTHY | {"status": "unhealthy", "redis": "down"})


def test_the_database_away(client: Client) -> None:
    connections["default"].close()
    connections["default"].close_pool()
    server = connections["default"].settings_dict
    host, pool = server["HOST"], server["OPTIONS"]["pool"]
    server["HOST"], server["OPTIONS"]["pool"] = "/nonexistent", {**pool, "timeout": 0.2}
    try:
        assert told(client) == (
            503,
            {"status": "unhealthy", "database": "down", "redis": "up", "relay": "down", "worker": "down"},
        )
    finally:
        connections["default"].close_pool()
        server["HOST"], server["OPTIONS"]["pool"] = host, pool
