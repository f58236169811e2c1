"""The client for programs against a real server: who may have what, and what a new token does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rest_framework_simplejwt.tokens import AccessToken

from appointments import links
from clinic.accounts.models import User
from clinic.core import db
from clinic.realtime.client import Forbidden, LiveClient, Refetch, TokenEnded
from tests.factories import Cast, make_user
from tests.realtime.scripted import SOON, told
from tests.sockets.client import token_of
from tests.sockets.happening import happened, settled

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "realtime.md"


def _dentist(user_id: Any) -> User:
    with db.signing_in():
        return User.objects.get(pk=user_id)


async def _news(live: LiveClient, channel: str, token: str = "") -> str:
    """The first news of a channel, or what refuses it."""
    try:
        async with asyncio.timeout(SOON):
            return type(await anext(live.subscribe(channel, token=token))).__name__
    except Forbidden as refused:
        return refused.code


def test_everybody_has_the_channels_that_are_theirs(site: str, cast: Cast) -> None:
    with db.as_owner():
        bot = make_user("Robbie Bot", "bot")
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    settled()
    seen = f"visit:{visit.pk}"
    channels = ["availability", f"availability:{cast.weber.pk}", "appointments", "appointments:own", seen, "sync"]
    users: dict[str, User | None] = {
        "nobody": None, "ana": cast.ana, "ben": cast.ben, "bot": bot, "weber": _dentist(cast.weber.user_id),
        "okafor": _dentist(cast.okafor.user_id), "desk": cast.dana, "admin": cast.ada,
    }  # fmt: skip

    def had_by(user: User | None) -> set[str]:
        token = token_of(user) if user else None

        async def story() -> set[str]:
            async with LiveClient(f"http://{site}", token=token) as live:
                found = {channel: await _news(live, channel) for channel in channels}
                assert set(found.values()) <= {"Refetch", "forbidden"}
                assert await _news(live, f"visit:{cast.ana.pk}") == "forbidden"  # no visit at all
                return {channel for channel, news in found.items() if news == "Refetch"}

        return told(story)

    free, own = set(channels[:2]), set(channels[2:4])
    assert {name: had_by(user) for name, user in users.items()} == {
        "nobody": free, "ana": free | own | {seen}, "ben": free | own, "bot": free | own, "weber": free | own | {seen},
        "okafor": free | own, "desk": free | own | {seen}, "admin": free | own | {seen, "sync"},
    }  # fmt: skip


def test_a_private_link_opens_its_visit(site: str, cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    token = links.token_for(visit.pk)

    async def story() -> list[str]:
        async with LiveClient(f"http://{site}") as live:
            return [await _news(live, f"visit:{visit.pk}", shown) for shown in ("x" * len(token), token)]

    assert told(story) == ["forbidden", "Refetch"]


def _short(text: str) -> str:
    """The same access token, good for a second."""
    token = AccessToken(text)  # type: ignore[arg-type]  # an encoded token is a string, whatever the annotation says
    token.set_exp(lifetime=timedelta(seconds=1))
    return str(token)


async def _take(subscription: Any, happen: Callable[[], Any]) -> tuple[int, int]:
    """The position of what happens, and of the news that tells it."""
    event = await asyncio.to_thread(happen)
    async with asyncio.timeout(SOON):
        return event.position, (await anext(subscription)).position


def test_a_token_that_runs_out_is_replaced_and_nothing_is_missed(site: str, cast: Cast) -> None:
    settled()
    tokens = iter([_short(token_of(cast.ana)), token_of(cast.ana)])
    channel = f"account.{cast.ana.pk}"

    async def story() -> tuple[list[str], list[tuple[int, int]], int]:
        states: list[str] = []
        gone, back = asyncio.Event(), asyncio.Event()
        async with LiveClient(f"http://{site}", token=lambda: next(tokens), first_delay=0.5) as live:
            live.on_state(states.append)
            live.on_state(lambda state: (gone if state == "connecting" else back).set())
            own = live.appointments()
            first = await asyncio.wait_for(anext(own), SOON)
            told = [await _take(own, lambda: happened(channel))]
            back.clear()
            await asyncio.wait_for(gone.wait(), SOON)
            told.append(await _take(own, lambda: happened(channel)))
            await asyncio.wait_for(back.wait(), SOON)
            told.append(await _take(own, lambda: happened(channel)))
            assert isinstance(first, Refetch)
            return states, told, first.position

    states, positions, start = told(story)
    assert states == ["connected", "connecting", "connected", "closed"]
    assert positions == [(start + more, start + more) for more in (1, 2, 3)]


def test_a_token_that_was_never_good_is_the_end(site: str, cast: Cast) -> None:
    async def story() -> None:
        async with LiveClient(f"http://{site}", token="nonsense") as live:
            await asyncio.wait_for(anext(live.appointments()), SOON)

    with pytest.raises(TokenEnded, match="no longer good"):
        told(story)


def test_the_example_of_the_document_runs(site: str, cast: Cast) -> None:
    section = DOCUMENT.read_text().partition("## In Python")[2]
    found = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert found is not None
    settled()
    token = token_of(cast.ana)

    async def story() -> list[str]:
        printed: asyncio.Queue[str] = asyncio.Queue()
        names: dict[str, Any] = {"print": lambda *words: printed.put_nowait(" ".join(map(str, words)))}
        exec(found[1], names)  # noqa: S102 - our own document
        running = asyncio.create_task(names["main"](f"http://{site}", lambda: token))
        said = [await asyncio.wait_for(printed.get(), SOON)]
        await asyncio.to_thread(happened, f"account.{cast.ana.pk}")
        said.append(await asyncio.wait_for(printed.get(), SOON))
        running.cancel()
        await asyncio.wait([running])
        return said

    assert told(story) == ["fetch /api/appointments", "appointment.created 1"]
