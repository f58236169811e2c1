"""A socket from its opening to its end."""

from __future__ import annotations

import json
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.factories import Cast
from tests.polling import until
from tests.realtime.processes import serving
from tests.sockets.client import Client, token_of
from tests.sockets.conftest import Opener
from tests.sockets.happening import happened, placed_each, published

MOST = 4  # sockets of one account, as the server of these tests is set


def test_nobody_in_particular_hears_when_a_time_is_taken(opened: Opener) -> None:
    client = opened()
    welcome = client.hear()
    assert welcome == {
        "type": "welcome", "version": 1, "connection": welcome["connection"], "role": "anonymous", "user": None,
        "position": welcome["position"], "heartbeat": 30,
    }  # fmt: skip
    from_here = client.subscribed("availability")
    assert from_here >= welcome["position"]
    event = happened("availability", "clinic")
    heard = client.hear()
    assert heard == {
        "type": "event", "channel": "availability", "position": from_here + 1,
        "previous": event.previous[event.channels.index("availability")], "kind": "slots.changed", "at": event.at,
        "data": {"taken": [], "freed": []},
    }  # fmt: skip


def test_whoever_may_know_the_row_hears_of_the_row(opened: Opener, cast: Cast) -> None:
    client = opened(as_browser=cast.dana)
    client.hear()
    client.subscribed("appointments")
    happened("availability", "clinic")
    said = client.hear()
    assert (said["channel"], said["kind"], said["data"]) == ("appointments", "appointment.created", {"id": "1"})


def test_a_channel_that_is_left_is_silent(opened: Opener) -> None:
    client = opened()
    client.hear()
    client.subscribed("availability")
    client.say("unsubscribe", channel="availability")
    assert client.hear() == {"type": "unsubscribed", "channel": "availability"}
    happened("availability")
    assert client.heard() == []


def test_one_socket_hears_an_event_on_each_of_its_channels(opened: Opener, cast: Cast) -> None:
    client = opened(as_browser=cast.ada)
    client.hear()
    for channel in ("sync", "appointments", "availability"):
        client.subscribed(channel)
    event = happened("availability", "clinic", "sync")
    heard = client.heard()
    assert sorted(said["channel"] for said in heard) == ["appointments", "availability", "sync"]
    assert {said["position"] for said in heard if said["channel"] != "sync"} == {event.position}


def test_who_was_away_hears_what_was_missed(opened: Opener) -> None:
    client = opened()
    client.hear()
    last = client.subscribed("availability")
    missed = placed_each(["availability"], ["clinic"], ["availability"])
    published(*missed)
    client.heard()
    back = opened()
    back.hear()
    back.subscribed("availability", position=last)
    assert [said["position"] for said in back.heard()] == [missed[0].position, missed[2].position]
    back.subscribed("availability", position=missed[0].position)
    assert [said["position"] for said in back.heard()] == [missed[2].position]


def test_whoever_shows_a_position_that_is_not_there_is_to_fetch(opened: Opener) -> None:
    client = opened()
    client.hear()
    head = client.subscribed("availability", position=2**62)
    assert client.hear() == {"type": "refetch", "channel": "availability", "position": head}
    event = happened("availability")
    assert [said["position"] for said in client.heard()] == [event.position]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "malformed"),
        ({"type": 5}, "malformed"),
        ({"type": "dance"}, "unknown_type"),
        ({"type": "subscribe"}, "malformed"),
        ({"type": "subscribe", "channel": ["availability"]}, "malformed"),
        ({"type": "subscribe", "channel": "availability", "position": "5"}, "malformed"),
        ({"type": "subscribe", "channel": "availability", "position": -1}, "malformed"),
        ({"type": "subscribe", "channel": "availability", "position": True}, "malformed"),
        ({"type": "subscribe", "channel": "availability", "position": 2**63}, "malformed"),
        ({"type": "subscribe", "channel": "availability", "token": 5}, "malformed"),
        ({"type": "subscribe", "channel": "avail\0ability"}, "malformed"),
        ({"type": "unsubscribe"}, "malformed"),
        ({"type": "heartbeat", "read": 1}, "malformed"),
        ({"type": "heartbeat", "read": "x"}, "malformed"),
        ({"type": "identify"}, "malformed"),
    ],
)
def test_a_message_that_says_nothing_is_refused_and_the_socket_goes_on(
    opened: Opener, said: dict[str, object], code: str
) -> None:
    client = opened()
    client.hear()
    client.socket.send(json.dumps(said))
    assert client.hear()["code"] == code
    client.subscribed("availability")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("no json", 4400), ("[]", 4400), ('"text"', 4400), ("[" * 4000, 4400), (b"{}", 4400), ("", 4400),
        (json.dumps({"type": "heartbeat", "more": "x" * 4096}), 4400), ('{"type": "' + "ä" * 2100 + '"}', 4400),
        ("x" * 100_000, None),  # dropped before anybody reads it
    ],
)  # fmt: skip
def test_what_is_no_message_closes_the_socket(opened: Opener, said: str | bytes, code: int | None) -> None:
    client = opened()
    client.hear()
    client.socket.send(said)
    assert client.closed_with() == code


def test_a_socket_listens_to_so_much_and_no_more(opened: Opener) -> None:
    client = opened()
    client.hear()
    channels = [f"availability:00000000-0000-4000-8000-{number:012}" for number in range(33)]
    for channel in channels[:32]:
        client.subscribed(channel)
    assert client.refused(channels[32]) == "too_many_subscriptions"
    client.subscribed(channels[0])
    client.say("unsubscribe", channel=channels[0])
    client.hear()
    client.subscribed(channels[32])


def test_whoever_talks_without_end_is_closed(opened: Opener) -> None:
    client = opened()
    with suppress(ConnectionClosed):  # perhaps while it still talks
        for _ in range(200):
            client.say("heartbeat")
    assert client.closed_with() == 4429


def test_an_account_and_an_address_have_so_many_sockets(opened: Opener, cast: Cast) -> None:
    clients = [opened(as_browser=cast.ana) for _ in range(MOST)]
    for client in clients:
        assert client.hear()["type"] == "welcome"
    assert opened(as_browser=cast.ana).closed_with() == 4429
    program = opened()
    program.hear()
    program.say("identify", token=token_of(cast.ana))
    assert program.closed_with() == 4429
    assert opened(as_browser=cast.ben).hear()["type"] == "welcome"
    clients[0].socket.close()
    until(lambda: '"welcome"' in str(opened(as_browser=cast.ana).socket.recv(timeout=20)))


def test_pages_are_served_beside(opened: Opener) -> None:
    with urllib.request.urlopen(f"http://{opened.site}/", timeout=20) as answer:
        assert answer.status == 200


def test_a_server_that_stops_says_so(opened: Opener, tmp_path: Path) -> None:
    with serving(tmp_path / "log") as (address, process), Client(address.removeprefix("http://")) as client:
        assert client.hear()["type"] == "welcome"
        process.terminate()
        assert client.closed_with() == 4012
        assert process.wait(20) == 0
