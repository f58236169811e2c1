"""Whatever happens in whatever order: every reader is told every event of its channel, once and in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinic.realtime.delivery import Delivery
from clinic.realtime.subscriptions import Course, Subscription
from tests.realtime.world import CHANNELS, World

_number = st.integers(0, 7)
_steps = st.one_of(
    st.tuples(st.just("happen"), st.sets(st.sampled_from(CHANNELS), min_size=1).map(sorted).map(tuple)),
    st.tuples(st.just("arrive"), st.just((0,))),
    st.tuples(st.sampled_from(["arrive", "lose", "answer"]), st.tuples(_number)),
    st.tuples(st.just("forget"), st.tuples(st.integers(0, 12))),
    st.tuples(st.sampled_from(["fill", "look_up"]), st.just(())),
    st.tuples(st.sampled_from(["repeat", "acknowledge", "come_back", "ask_again"]), st.tuples(_number)),
)


@contextmanager
def _narrow(**other: int) -> Iterator[None]:
    """Windows and memories so small that a few events fill them."""
    with (
        patch("clinic.realtime.subscriptions.WINDOW", 3),
        patch("clinic.realtime.subscriptions._ROOM_AGAIN", 1),
        patch("clinic.realtime.delivery.WINDOW", 3),
        patch("clinic.realtime.delivery.KEPT", 4),
        patch("clinic.realtime.delivery.MOST_MISSED", 6),
    ):
        yield


def _live(steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    with _narrow():
        world = World(pages=4)
        for name, arguments in steps:
            if name == "repeat":
                world.arrive(*arguments, again=True)
            elif name in ("acknowledge", "come_back", "ask_again"):
                page = world.pages[arguments[0] % len(world.pages)]
                {"acknowledge": page.acknowledge, "come_back": page.come_back, "ask_again": page.subscribe}[name]()
            else:
                getattr(world, name)(*arguments)
        world.settle()


_any_life = settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


@_any_life
@given(st.lists(_steps, max_size=60))
def test_any_life_of_a_hub(steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    _live(steps)


def _fails() -> None:
    quick = settings(
        _any_life, max_examples=2000, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False
    )
    quick(given(st.lists(_steps, max_size=60))(_live))()


def test_control_without_the_look_before_a_subscription_turns_live(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(self: Delivery, subscription: Subscription) -> None:
        if subscription.course is Course.WAITING and not subscription.reader.paused:
            subscription.course = Course.LIVE

    monkeypatch.setattr(Delivery, "_go_on", blind)
    with pytest.raises(AssertionError, match=r"passed over|told twice|is missing"):
        _fails()


def test_control_without_the_order_of_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(self: Delivery, events: Any) -> bool:
        for event in events:
            self._deliver(event)
            self.position = max(self.position, event.position)
            self._kept.append(event)
        return True

    monkeypatch.setattr(Delivery, "take", trusting)
    with pytest.raises(AssertionError, match=r"passed over|told twice|is missing"):
        _fails()
