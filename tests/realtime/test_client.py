"""The client for programs against a server that loses, repeats and breaks off."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from unittest.mock import patch

import pytest

from clinic.realtime.client import Event, LiveClient, News, Refetch, Subscription
from tests.realtime.scripted import Peer, Server, talking, told

OPEN = "availability"


async def taken(subscription: Subscription, count: int) -> list[int]:
    """The positions of the next news."""
    return [(await anext(subscription)).position for _ in range(count)]


async def begun(server: Server, position: int = 7) -> Peer:
    """A connection that has asked for availability and stands."""
    peer = await (await server.peer()).welcome()
    await peer.stands(OPEN, position)
    return peer


def test_it_needs_nothing_of_django() -> None:
    script = "import sys, clinic.realtime.client; print({'django', 'redis', 'psycopg'} & {n.split('.')[0] for n in sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "set()"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://clinic.example", "wss://clinic.example/ws/"),
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8000/ws/"),
        ("wss://clinic.example/live", "wss://clinic.example/live"),
    ],
)
def test_the_address_of_the_site_is_enough(given: str, address: str) -> None:
    async def story() -> str:
        return LiveClient(given).address

    assert told(story) == address


def test_another_kind_of_address_is_refused() -> None:
    async def story() -> None:
        LiveClient("clinic.example")

    with pytest.raises(ValueError, match="no address"):
        told(story)


def test_first_it_is_to_fetch_and_then_told_each_event() -> None:
    async def story() -> list[News]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            await peer.event(OPEN, 9, 4)
            return [await anext(subscription) for _ in range(2)]

    assert told(story) == [Refetch(OPEN, 7), Event(OPEN, 9, 4, "slots.changed")]


async def _with_a_gap() -> list[int]:
    async with talking() as (server, live):
        subscription = live.availability()
        peer = await begun(server)
        await peer.event(OPEN, 8, 7)
        await peer.event(OPEN, 10, 9)  # 9 is lost
        await peer.event(OPEN, 11, 10)
        assert await taken(subscription, 2) == [7, 8]
        assert await peer.stands(OPEN, 11) == {"type": "subscribe", "channel": OPEN, "position": 8}
        for position in (9, 10, 11, 12):
            await peer.event(OPEN, position, position - 1)
        return await taken(subscription, 4)


def test_what_is_missing_shows_by_its_number_and_is_asked_for_once() -> None:
    assert told(_with_a_gap) == [9, 10, 11, 12]


def test_control_without_the_look_at_the_position_before_something_is_passed_over() -> None:
    async def story() -> list[int]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            for position, previous in ((8, 7), (10, 9), (11, 10)):
                await peer.event(OPEN, position, previous)
            return await taken(subscription, 4)

    with patch.object(Subscription, "_is_missing_before", return_value=False):
        assert told(story) == [7, 8, 10, 11]


def test_what_comes_twice_is_taken_once() -> None:
    async def story() -> list[int]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            for position in (8, 8, 9, 8, 9, 10):
                await peer.event(OPEN, position, 7 if position == 8 else position - 1)
            return await taken(subscription, 4)

    assert told(story) == [7, 8, 9, 10]


def test_the_last_position_of_a_heartbeat_shows_what_is_missing_at_the_end() -> None:
    async def story() -> dict[str, Any]:
        async with talking() as (server, live):
            live.availability()
            peer = await begun(server)
            await peer.say("heartbeat", position=9, live=True, channels={OPEN: 7, "left": 9})
            await peer.say("heartbeat", position=9, live=True, channels={OPEN: 8})
            return await peer.heard()

    assert told(story) == {"type": "subscribe", "channel": OPEN, "position": 7}


async def _after_a_drop() -> list[int]:
    async with talking() as (server, live):
        subscription = live.availability()
        peer = await begun(server)
        for position in (8, 9, 10):
            await peer.event(OPEN, position, position - 1)
        found = await taken(subscription, 2)
        await peer.drop()
        back = await (await server.peer()).welcome()
        asked = await back.stands(OPEN, 12)
        for position in range(asked.get("position", 12) + 1, 14):
            await back.event(OPEN, position, position - 1)
        while found[-1] < 13:
            found += await taken(subscription, 1)
        return found


def test_after_a_drop_it_goes_on_behind_what_was_taken_last() -> None:
    assert told(_after_a_drop) == [7, 8, 9, 10, 11, 12, 13]


def test_control_without_resuming_something_is_passed_over() -> None:
    def forgetful(self: Subscription) -> dict[str, Any]:
        return {"type": "subscribe", "channel": self.channel}

    with (
        patch.object(Subscription, "request", forgetful),
        patch.object(Subscription, "_is_missing_before", return_value=False),
    ):
        found = told(_after_a_drop)
    assert found != [7, 8, 9, 10, 11, 12, 13]
    assert found[-1] == 13


def test_a_position_from_an_earlier_run_is_gone_on_from_unless_it_is_too_old() -> None:
    async def story() -> tuple[list[dict[str, Any]], list[News]]:
        async with talking() as (server, live):
            near, far = live.availability(position=5), live.availability("d", position=1)
            peer = await (await server.peer()).welcome()
            asked = [await peer.stands(OPEN, 7), await peer.stands(f"{OPEN}:d", 7)]
            await peer.event(OPEN, 6, 5)
            await peer.say("refetch", channel=f"{OPEN}:d", position=7)
            return asked, [await anext(near), await anext(far)]

    assert told(story) == (
        [
            {"type": "subscribe", "channel": OPEN, "position": 5},
            {"type": "subscribe", "channel": f"{OPEN}:d", "position": 1},
        ],
        [Event(OPEN, 6, 5, "slots.changed"), Refetch(f"{OPEN}:d", 7)],
    )


def test_only_what_was_taken_counts_as_read() -> None:
    async def story() -> list[dict[str, Any]]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            for position in range(8, 218):
                await peer.event(OPEN, position, position - 1)
            await taken(subscription, 151)
            said = [await peer.heard()]
            await peer.say("paused")
            said.append(await peer.heard())
            await peer.event("left", 300, 299)  # of a channel that was left meanwhile
            await taken(subscription, 60)
            await peer.say("paused")
            said.append(await peer.heard())
            return said

    assert told(story) == [{"type": "heartbeat", "read": read} for read in (100, 150, 211)]


def test_it_shows_that_it_is_there_and_each_connection_counts_anew() -> None:
    async def story() -> list[dict[str, Any]]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await (await server.peer()).welcome(heartbeat=0.01)
            await peer.stands(OPEN, 7)
            await peer.event(OPEN, 8, 7)
            await taken(subscription, 2)
            while (said := await peer.heard())["read"] == 0:
                pass
            await peer.drop()
            back = await (await server.peer()).welcome(heartbeat=0.01)
            await back.stands(OPEN, 8)
            return [said, await back.heard()]

    assert told(story) == [{"type": "heartbeat", "read": 1}, {"type": "heartbeat", "read": 0}]


def test_a_channel_that_is_left_is_silent_and_the_consumer_ends() -> None:
    async def story() -> tuple[dict[str, Any], list[News], list[Subscription]]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            await peer.event(OPEN, 8, 7)
            await taken(subscription, 1)
            subscription.unsubscribe()
            return await peer.heard(), [news async for news in subscription], live.subscriptions

    assert told(story) == ({"type": "unsubscribe", "channel": OPEN}, [], [])


def test_asked_to_refresh_it_asks_and_has_the_consumer_fetch() -> None:
    async def story() -> tuple[list[News], dict[str, Any]]:
        async with talking() as (server, live):
            subscription = live.availability()
            peer = await begun(server)
            await taken(subscription, 1)
            subscription.refresh()
            return [await anext(subscription)], await peer.heard()

    assert told(story) == ([Refetch(OPEN, 7)], {"type": "subscribe", "channel": OPEN, "position": 7})


def test_one_channel_is_one_subscription() -> None:
    async def story() -> None:
        async with talking() as (_, live):
            live.availability()
            live.availability()

    with pytest.raises(ValueError, match="already"):
        told(story)
