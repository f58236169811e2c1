"""Rounds: called when they are due, each by itself."""

from __future__ import annotations

import asyncio
import threading

import pytest
from django.db import OperationalError

from clinic.core.errors import Busy
from clinic.jobs import rounds
from clinic.jobs.rounds import Round, go_round, take


def test_what_the_worker_goes_round_for() -> None:
    assert {(each.name, each.seconds) for each in rounds.ROUNDS} == {
        ("availability.reservations.sweep", 2),
        ("availability.reservations.forget_old", 60),
        ("chatbot.conversations.forget_old", 3600),
        ("clinic.notifications.housekeeping.push_stuck", 60),
        ("clinic.notifications.housekeeping.forget_old", 3600),
        ("clinic.privacy.retention.forget_old", 3600),
        ("clinic.realtime.tasks.forget_old", 300),
    }


def test_all_are_called_in_one_thread_the_frequent_ones_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, calls, threads = asyncio.Event(), [], set()

    def call(name: str) -> None:
        calls.append(name)
        threads.add(threading.get_ident())
        if calls.count("often") == 3:
            loop.call_soon_threadsafe(stop.set)

    monkeypatch.setattr(
        rounds, "ROUNDS", [Round("often", 0.01, lambda: call("often")), Round("seldom", 60, lambda: call("seldom"))]
    )

    def play() -> None:
        nonlocal loop
        players.append(threading.get_ident())
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            runner.run(go_round(stop))

    # In a thread of its own: where browsers are driven, another loop is running in this one.
    loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
    loop.close()
    players: list[int] = []
    thread = threading.Thread(target=play)
    thread.start()
    thread.join(timeout=30)
    assert sorted(calls) == ["often", "often", "often", "seldom"]
    assert len(threads) == 1
    assert threads != set(players)


@pytest.mark.parametrize(
    ("error", "said"),
    [(OperationalError(), "goes on when it does"), (Busy(), "goes on when it does"), (KeyError("x"), "failed")],
)
def test_what_goes_wrong_in_one_does_not_end_the_rounds(
    error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise error

    take(Round("mine", 1, fail))
    assert said in caplog.text
