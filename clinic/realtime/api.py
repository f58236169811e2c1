"""Live sync, for whoever watches it: `/api/realtime/…`, and the same under `/api/sync/…`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import clock
from clinic.core.api import ClinicAPIView
from clinic.core.permissions import Admin, Anyone, SignedIn
from clinic.realtime import status
from clinic.realtime.registry import Connection, connections
from clinic.realtime.shapes import HealthOut, StatsOut, StatusOut

_LISTED = 500  # connections whose subscriptions are told one by one


class HealthView(ClinicAPIView):
    permission_classes = (Anyone,)
    authentication_classes = ()
    reading_asks_database = False

    @extend_schema(operation_id="realtime_health", responses={200: HealthOut})
    def get(self, request: Request) -> Response:
        """Whether changes reach open pages and bots. Always 200: what is wrong is in the answer; `/health` answers 503."""
        found = status.health()
        relays, sockets = found.relays, found.sockets
        relay = "down"
        if relays and (relays.active or relays.standing_by):
            relay = "active" if relays.active else "standing_by"
        answer = {
            "status": found.status,
            "service": "realtime-sync",
            "relay": relay,
            "relaysStandingBy": relays.standing_by if relays else 0,
            "redis": "up" if sockets else "down",
            "database": "up" if relays else "down",
            "activeConnections": sockets.connections if sockets else None,
            "activeSubscriptions": sockets.subscriptions if sockets else None,
            "timestamp": clock.now(),
        }
        return Response(HealthOut(answer).data)


class StatusView(ClinicAPIView):
    permission_classes = (SignedIn,)

    @extend_schema(operation_id="realtime_status", responses={200: StatusOut})
    def get(self, request: Request) -> Response:
        """My account's open connections and what they listen to, in all browsers and programs."""
        found, answered = connections(self.actor.user_id)
        counted = status.count(found)
        answer = {
            "status": "degraded" if not answered else "active" if counted.subscriptions else "inactive",
            "activeConnections": counted.connections if answered else None,
            "activeSubscriptions": counted.subscriptions if answered else None,
            "connections": [_connection(one) for one in found],
            "subscriptions": _subscriptions(found),
            "timestamp": clock.now(),
        }
        return Response(StatusOut(answer).data)


class StatsView(ClinicAPIView):
    permission_classes = (Admin,)

    @extend_schema(operation_id="realtime_stats", responses={200: StatsOut})
    def get(self, request: Request) -> Response:
        """Who listens to what, in all server processes; and how fast changes were told within the last hour."""
        found, answered = connections()
        passing = status.passing(self.actor)
        answer = {
            "status": status.Health(status.relays(), status.count(found) if answered else None).status,
            "stats": status.by_kind(found) if answered else None,
            "activeConnections": len(found) if answered else None,
            "byRole": {role: counted._asdict() for role, counted in status.by_role(found).items()},
            "latency": {"p50": passing.p50, "p95": passing.p95, "p99": passing.p99},
            "events": {"published": passing.published, "waiting": passing.waiting, "byKind": passing.by_kind},
            "subscriptions": _subscriptions(found[:_LISTED]),
            "timestamp": clock.now(),
        }
        return Response(StatsOut(answer).data)


def _connection(one: Connection) -> dict[str, Any]:
    return {
        "id": one["id"],
        "role": one["role"],
        "active": status.is_active(one, clock.now()),
        "created": datetime.fromisoformat(one["created"]),
        "lastHeartbeat": datetime.fromisoformat(one["last_heartbeat"]),
    }


def _subscriptions(found: list[Connection]) -> list[dict[str, Any]]:
    return [
        {
            **_connection(one),
            "id": subscribed["id"],
            "channelName": subscribed["channel"],
            "created": datetime.fromisoformat(subscribed["created"]),
            "connection": one["id"],
        }
        for one in found
        for subscribed in one["subscriptions"]
    ]


@extend_schema_view(get=extend_schema(operation_id="sync_health"))
class SyncHealthView(HealthView):
    """The same under its other name."""


@extend_schema_view(get=extend_schema(operation_id="sync_status"))
class SyncStatusView(StatusView):
    """The same under its other name."""


@extend_schema_view(get=extend_schema(operation_id="sync_stats"))
class SyncStatsView(StatsView):
    """The same under its other name."""
