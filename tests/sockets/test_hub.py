"""What Redis loses, repeats or mixes up reaches nobody so; what was missed is had again."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings
from django.db import connections

from clinic.core import db
from clinic.realtime.events import Event, state
from clinic.realtime.subscriptions import WINDOW
from tests.factories import Cast
from tests.sockets.client import Client
from tests.sockets.conftest import Opener
from tests.sockets.happening import happened, placed, placed_each, published


@pytest.fixture
def client(opened: Opener) -> Client:
    client = opened()
    client.hear()
    client.subscribed("availability")
    return client


def _positions(client: Client, events: int) -> list[int]:
    heard = [client.hear() for _ in range(events)]
    assert {said["type"] for said in heard} <= {"event"}, heard
    return [said["position"] for said in heard]


def _of(*events: Event) -> list[int]:
    return [event.position for event in events]


def test_a_message_that_was_lost_shows_with_the_next(client: Client) -> None:
    lost, on_another, after = placed_each(["availability"], ["clinic"], ["availability"])
    published(after)
    assert _positions(client, 2) == _of(lost, after)
    assert on_another.position == lost.position + 1


def test_the_last_message_that_was_lost_is_missed_soon(client: Client) -> None:
    lost = placed("availability")
    assert _positions(client, 1) == _of(lost)


def test_messages_that_come_twice_or_in_another_order(client: Client) -> None:
    events = placed_each(*(["availability"] for _ in range(6)))
    for message in ([4, 5], [0, 1], [1, 0], [3], [2, 5], [0, 1, 2, 3, 4, 5]):
        published(*(events[number] for number in message))
    assert _positions(client, 6) == _of(*events)
    assert client.heard() == []


def test_redis_forgets_who_listened(client: Client) -> None:
    first = happened("availability")
    redis.Redis.from_url(settings.REDIS_URL).client_kill_filter(_type="pubsub")
    events = [first] + [happened("availability") for _ in range(5)]
    assert _positions(client, 6) == _of(*events)


def test_a_reader_who_stops_reading_is_paused_and_then_told_what_it_missed(client: Client) -> None:
    events = placed_each(*(["availability"] for _ in range(WINDOW + 60)))
    for start in range(0, len(events), 100):
        published(*events[start : start + 100])
    assert _positions(client, WINDOW) == _of(*events[:WINDOW])
    assert client.hear() == {"type": "paused"}
    after = happened("availability")
    client.say("heartbeat", read=WINDOW - 100)
    client.say("heartbeat", read=WINDOW)
    assert _positions(client, 61) == _of(*events[WINDOW:], after)
    assert client.heard() == []


def test_one_who_does_not_read_keeps_nothing_from_another(client: Client, opened: Opener) -> None:
    other = opened()
    other.hear()
    other.subscribed("availability")
    events = placed_each(*(["availability"] for _ in range(WINDOW + 60)))
    published(*events[:300])
    assert _positions(other, 300) == _of(*events[:300])
    other.say("heartbeat", read=300)
    other.subscribed("availability:00000000-0000-4000-8000-000000000001")  # the server has read both
    published(*events[300:])
    assert _positions(other, WINDOW - 240) == _of(*events[300:])


def test_whoever_missed_too_much_is_to_fetch(client: Client, opened: Opener) -> None:
    before = state().head
    events = placed_each(*(["availability"] for _ in range(WINDOW + 1)))
    published(*events)
    _positions(client, WINDOW)
    back = opened()
    back.hear()
    head = back.subscribed("availability", position=before)
    assert back.hear() == {"type": "refetch", "channel": "availability", "position": head}
    assert head == events[-1].position
    back.subscribed("availability", position=before + 1)
    assert _positions(back, WINDOW) == _of(*events[1:])


def test_what_is_not_kept_any_longer_is_to_be_fetched(opened: Opener, cast: Cast) -> None:
    old = placed_each(*(["sync"] for _ in range(1100)))
    published(*old[:600])
    published(*old[600:])
    with db.as_owner(), connections[db.OWNER].cursor() as cursor:
        cursor.execute("DELETE FROM realtime_events WHERE position <= %s", [old[50].position])
        cursor.execute("UPDATE realtime_state SET horizon = %s", [old[50].position])
    client = opened()
    client.hear()
    head = client.subscribed("availability", position=old[49].position)
    assert client.hear() == {"type": "refetch", "channel": "availability", "position": head}
    client.subscribed("availability", position=old[50].position)
    event = happened("availability")
    assert _positions(client, 1) == _of(event)
