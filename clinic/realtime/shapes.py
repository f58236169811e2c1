"""The answers about live sync as the API's document describes them: names in camel case, as programs that watch these
paths know them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from clinic.realtime.status import KINDS

# With names of their own in the document (`ENUM_NAME_OVERRIDES`).
HEALTH = [(one, one) for one in ("healthy", "degraded", "unhealthy")]
LISTENING = [(one, one) for one in ("active", "inactive", "degraded")]
THERE = [(one, one) for one in ("up", "down")]


class HealthOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        HEALTH,
        help_text="`degraded`: Redis does not answer; changes are told up to some seconds later, and nobody is counted. "
        "`unhealthy`: no relay is at work, so nothing is told.",
    )
    service = serializers.CharField(help_text="`realtime-sync`")
    relay = serializers.ChoiceField(
        ["active", "standing_by", "down"], help_text="`standing_by`: there are some, and none is at work yet."
    )
    relaysStandingBy = serializers.IntegerField(min_value=0)
    redis = serializers.ChoiceField(THERE)
    database = serializers.ChoiceField(THERE)
    activeConnections = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null when unknown.")
    activeSubscriptions = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null when unknown.")
    timestamp = serializers.DateTimeField()


class ConnectionOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    role = serializers.CharField()
    active = serializers.BooleanField(help_text="Its client was heard of in the last 75 seconds.")
    created = serializers.DateTimeField()
    lastHeartbeat = serializers.DateTimeField()


class SubscriptionOut(ConnectionOut):
    channelName = serializers.CharField(help_text="As the client subscribed to it.")
    connection = serializers.CharField(help_text="The id of its connection.")


class StatusOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(LISTENING, help_text="`degraded`: Redis does not answer, so nothing is known.")
    activeConnections = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null when unknown.")
    activeSubscriptions = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null when unknown.")
    connections = ConnectionOut(many=True)
    subscriptions = SubscriptionOut(many=True)
    timestamp = serializers.DateTimeField()


class RoleOut(serializers.Serializer[Any]):
    connections = serializers.IntegerField(min_value=0)
    subscriptions = serializers.IntegerField(min_value=0)


class LatencyOut(serializers.Serializer[Any]):
    """Milliseconds from a change's commit to its publishing; null when nothing was published."""

    p50 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)


class EventsOut(serializers.Serializer[Any]):
    published = serializers.IntegerField(min_value=0, help_text="Within the last hour.")
    waiting = serializers.IntegerField(min_value=0, help_text="Not published yet.")
    byKind = serializers.DictField(child=serializers.IntegerField(min_value=0), help_text="Of those published.")


class StatsOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(HEALTH, help_text="As `/api/realtime/health` says it.")
    # A name that is a word of Python's is among them.
    stats = inline_serializer(
        "SubscriptionsByKind",
        {name: serializers.IntegerField(min_value=0) for name in (*KINDS, "total")},
        allow_null=True,
        help_text="Subscriptions of all server processes; null when unknown. `global`: all dentists' availability.",
    )
    activeConnections = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null when unknown.")
    byRole = serializers.DictField(child=RoleOut())
    latency = LatencyOut()
    events = EventsOut()
    subscriptions = SubscriptionOut(many=True, help_text="Of the 500 connections that have been open for longest.")
    timestamp = serializers.DateTimeField()
