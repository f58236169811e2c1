"""The client for programs: who it is, what it is refused, how it comes back and ends."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from clinic.realtime.client import (
    ChannelRefused,
    Event,
    Forbidden,
    LiveClient,
    LiveError,
    News,
    Refetch,
    Rejected,
    TokenEnded,
    TooManySubscriptions,
    UnknownChannel,
)
from tests.realtime.scripted import SOON, talking, told


def test_each_connection_has_a_fresh_token_and_a_plain_function_will_do() -> None:
    async def story() -> list[str | None]:
        numbers = itertools.count(1)
        async with talking(token=lambda: f"t{next(numbers)}") as (server, live):
            own = live.own_appointments()
            peer = await (await server.peer()).welcome()
            await peer.stands("appointments:own", 7)
            await anext(own)
            await peer.close(4401)  # it has run out
            back = await (await server.peer()).welcome()
            assert (await back.stands("appointments:own", 7))["position"] == 7
            return [peer.token, back.token]

    assert told(story) == ["t1", "t2"]


def test_two_fresh_tokens_that_are_not_taken_are_the_end() -> None:
    async def story() -> tuple[list[str], str]:
        async def token() -> str:
            return "bad"

        async with talking(token=token) as (server, live):
            own = live.appointments()
            for _ in range(2):
                peer = await server.peer()
                await peer.say("error", code="invalid_token", message="No longer good.")
                await peer.close(4401)
            ends = []
            for waiting in (anext(own), live.connected()):
                with pytest.raises(TokenEnded) as ended:
                    await asyncio.wait_for(waiting, SOON)
                ends.append(ended.value.message)
            with pytest.raises(TokenEnded):
                live.sync()
            return ends, live.state

    assert told(story) == (["No longer good."] * 2, "closed")


def test_a_token_that_cannot_be_renewed_is_good_once() -> None:
    async def story() -> LiveError | None:
        async with talking(token="fixed") as (server, live):
            peer = await (await server.peer()).welcome()
            assert peer.token == "fixed"
            await peer.close(4401)
            with pytest.raises(TokenEnded):
                await anext(live.appointments())
            return live.error

    assert isinstance(told(story), TokenEnded)


def test_whoever_gives_tokens_may_fail_for_a_while_or_say_that_it_is_over() -> None:
    async def story() -> str:
        answers: list[Any] = [ConnectionError("the site restarts"), "good", TokenEnded("signed out")]

        def token() -> str:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        async with talking(token=token) as (server, live):
            peer = await (await server.peer()).welcome()
            await live.connected()
            await peer.drop()
            with pytest.raises(TokenEnded) as ended:
                await anext(live.appointments())
            return ended.value.message

    assert told(story) == "signed out"


def test_somebody_else_must_fetch() -> None:
    async def story() -> list[News]:
        async with talking(token=lambda: "t") as (server, live):
            own = live.appointments(position=5)
            peer = await (await server.peer()).welcome(user="ana")
            await peer.stands("appointments", 7)
            await peer.drop()
            other = await (await server.peer()).welcome(user="ben")
            assert "position" not in await other.stands("appointments", 9)
            return [await anext(own)]

    assert told(story) == [Refetch("appointments", 9)]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("forbidden", Forbidden), ("unknown_channel", UnknownChannel), ("malformed", ChannelRefused),
        ("too_many_subscriptions", TooManySubscriptions),
    ],
)  # fmt: skip
def test_a_channel_that_is_refused_says_why_and_the_others_go_on(code: str, error: type[ChannelRefused]) -> None:
    async def story() -> tuple[ChannelRefused, list[str]]:
        async with talking() as (server, live):
            sync, free = live.sync(), live.availability()
            peer = await (await server.peer()).welcome()
            assert (await peer.heard())["channel"] == "sync"
            await peer.say("error", code=code, message="No.", channel="sync")
            await peer.stands("availability", 7)
            await anext(free)
            with pytest.raises(error) as refused:
                await anext(sync)
            return refused.value, [one.channel for one in live.subscriptions]

    refused, left = told(story)
    assert (refused.code, refused.message, refused.channel, left) == (code, "No.", "sync", ["availability"])


def test_what_cannot_be_had_for_the_moment_is_asked_for_again() -> None:
    async def story() -> News:
        async with talking() as (server, live):
            sync = live.sync()
            peer = await (await server.peer()).welcome()
            assert (await peer.heard())["channel"] == "sync"
            await peer.say("error", code="unavailable", message="Later.", channel="sync")
            await peer.stands("sync", 7)
            return await anext(sync)

    assert told(story) == Refetch("sync", 7)


def test_callbacks_are_called_in_order_and_one_that_fails_keeps_nothing_from_the_others() -> None:
    async def story() -> list[str]:
        called: list[str] = []
        done = asyncio.Event()

        async def created(event: Event) -> None:
            await asyncio.sleep(0)
            called.append(f"created {event.position}")

        def updated(event: Event) -> None:
            raise RuntimeError

        def error(error: LiveError) -> None:
            called.append(error.code)
            done.set()

        async with talking() as (server, live):
            live.appointments(
                created=created, updated=updated, error=error,
                deleted=lambda event: called.append(f"deleted {event.position}"),
                changed=lambda event: called.append(event.kind),
                refetch=lambda news: called.append(f"refetch {news.position}"),
            )  # fmt: skip
            peer = await (await server.peer()).welcome()
            await peer.stands("appointments", 7)
            for position, what in enumerate(("created", "updated", "deleted"), start=8):
                await peer.event("appointments", position, position - 1, f"appointment.{what}")
            await peer.event("appointments", 11, 10, "time_off.changed")
            await peer.say("error", code="forbidden", message="", channel="appointments")
            await asyncio.wait_for(done.wait(), SOON)
            return called

    assert told(story) == [
        "refetch 7", "created 8", "appointment.created", "appointment.updated", "deleted 10", "appointment.deleted",
        "time_off.changed", "forbidden",
    ]  # fmt: skip


def test_it_tells_when_it_is_connected_and_when_not() -> None:
    async def story() -> list[str]:
        states: list[str] = []
        async with talking() as (server, live):
            live.on_state(states.append)
            told_no_more = live.on_state(states.append)
            told_no_more()
            peer = await (await server.peer()).welcome()
            await live.connected()
            await peer.drop()
            await (await server.peer()).welcome()
            await live.connected()
            free = live.availability()
            await live.close()
            await live.close()
            assert [news async for news in free] == []
            return states

    assert told(story) == ["connected", "connecting", "connected", "closed"]


def test_a_callback_may_close_its_client() -> None:
    async def story() -> str:
        async with talking() as (server, live):

            async def enough(news: Refetch) -> None:
                await live.close()

            closed = asyncio.Event()
            live.on_state(lambda state: closed.set() if state == "closed" else None)
            live.availability(refetch=enough)
            peer = await (await server.peer()).welcome()
            await peer.stands("availability", 7)
            await asyncio.wait_for(closed.wait(), SOON)
            return live.state

    assert told(story) == "closed"


@pytest.mark.parametrize("status", [301, 403, 404])
def test_where_no_live_sync_is_it_does_not_try_for_ever_and_follows_nobody(status: int) -> None:
    async def story() -> str:
        async with talking(token="t") as (server, live):
            server.answers = [status]
            with pytest.raises(Rejected) as rejected:
                await live.connected()
            return rejected.value.code

    assert told(story) == "handshake"


def test_what_passes_is_waited_out() -> None:
    async def story() -> str:
        async with talking() as (server, live):
            server.answers = [502, 503, 429, 500]
            peer = await (await server.peer()).welcome()
            await live.connected()
            server.answers = [404, 403]  # a proxy whose site restarts
            await peer.nonsense()
            await (await server.peer()).welcome()
            await live.connected()
            return live.state

    assert told(story) == "connected"


@pytest.mark.parametrize("how", ["version", "malformed"])
def test_a_server_that_speaks_otherwise_is_the_end(how: str) -> None:
    async def story() -> str:
        async with talking() as (server, live):
            peer = await server.peer()
            await (peer.welcome(version=2) if how == "version" else peer.close(4400))
            with pytest.raises(Rejected) as rejected:
                await anext(live.availability())
            return rejected.value.code

    assert told(story) == how


def test_it_waits_longer_each_time_and_longest_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> tuple[list[float], float, list[float]]:
        live = LiveClient("https://clinic.example")
        monkeypatch.setattr("random.random", lambda: 1.0)
        full = [live._delay(None) for _ in range(9)]
        busy = live._delay(4429)
        monkeypatch.setattr("random.random", lambda: 0.0)
        live._welcomed_at = asyncio.get_running_loop().time() - 6  # it was there for a while
        return full, busy, [live._delay(None)]

    assert told(story) == ([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0], 60.0, [0.1])
