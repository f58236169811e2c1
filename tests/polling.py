"""Waiting for what another process does: for as long as it takes, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic

_GLANCE = 0.02  # seconds between two looks


def until(true: Callable[[], bool], *, at_most: float = 30.0) -> None:
    """Returns as soon as it is true. Raises `AssertionError` when it is not within so many seconds."""
    deadline, clock = monotonic() + at_most, Event()
    while not true():
        assert monotonic() < deadline, f"still not so after {at_most} s: {true}"
        clock.wait(_GLANCE)
