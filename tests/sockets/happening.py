"""Events as the relay brings them, one step at a time, so that a step can be left out."""

from __future__ import annotations

import json

from asgiref.sync import async_to_sync
from channels.layers import channel_layers
from django.db import connections

from clinic.core import db
from clinic.realtime.events import GROUP, Event, pack, since, state


def settled() -> None:
    """What happened so far has its positions and is published."""
    before = state().head
    _drain()
    published(*since(before, 1000))


def placed(*channels: str, kind: str = "appointment.created") -> Event:
    """Something that happened on these channels, with its position, and not published."""
    with db.as_owner(), connections[db.OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT realtime_write(%s, %s, %s::jsonb, %s, %s::jsonb)",
            [kind, list(channels), json.dumps({"id": "1"}), "slots.changed", json.dumps({"taken": [], "freed": []})],
        )
    before = state().head
    _drain()
    (event,) = since(before, 2)
    return event


def _drain() -> None:
    with db.as_owner(), connections[db.OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM realtime_drain(1000)")


def published(*events: Event) -> None:
    """One message to all hubs."""

    async def send() -> None:
        layer = channel_layers.make_backend("default")
        await layer.group_send(GROUP, pack(events))
        await layer.flush()

    async_to_sync(send)()


def happened(*channels: str, kind: str = "appointment.created") -> Event:
    """Something that happened, as everybody hears of it."""
    event = placed(*channels, kind=kind)
    published(event)
    return event
