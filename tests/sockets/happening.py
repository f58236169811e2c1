"""Events as the relay brings them, one step at a time, so that a step can be left out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from asgiref.sync import async_to_sync
from channels.layers import channel_layers
from django.db import connections

from clinic.core import db
from clinic.realtime.events import GROUP, Event, pack, since, state


def settled() -> None:
    """What happened so far has its positions and is published."""
    before = state().head
    _drain()
    if events := since(before, 5000):
        published(*events)


def placed(*channels: str) -> Event:
    """Something that happened on these channels, with its position, and not published."""
    (event,) = placed_each(channels)
    return event


def placed_each(*happenings: Sequence[str], taken: Sequence[str] = ()) -> list[Event]:
    """One event after the other, each on its channels; what a test did before is published. `taken` is public of each."""
    settled()
    with db.as_owner(), connections[db.OWNER].cursor() as cursor:
        for channels in happenings:
            cursor.execute(
                "SELECT realtime_write('appointment.created', %s, %s::jsonb, 'slots.changed', %s::jsonb)",
                [list(channels), json.dumps({"id": "1"}), json.dumps({"taken": list(taken), "freed": []})],
            )
    before = state().head
    _drain()
    events = since(before, len(happenings) + 1)
    assert len(events) == len(happenings)
    return events


def _drain() -> None:
    with db.as_owner(), connections[db.OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM realtime_drain(5000)")


def published(*events: Event) -> None:
    """One message to all hubs."""

    async def send() -> None:
        layer = channel_layers.make_backend("default")
        await layer.group_send(GROUP, pack(events))
        await layer.flush()

    async_to_sync(send)()


def happened(*channels: str) -> Event:
    """Something that happened, as everybody hears of it."""
    event = placed(*channels)
    published(event)
    return event
