"""What an open transaction has read and need not read again: kept as long as it lasts, and for it alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Kept = TypeVar("Kept")
# With the thread that it belongs to: context variables travel to other threads, transactions do not.
_memory: ContextVar[tuple[int, dict[Any, Any]] | None] = ContextVar("transaction_memory", default=None)


@contextmanager
def lasting() -> Iterator[None]:
    """Things are remembered until the block ends; what was remembered before is not known in it."""
    token = _memory.set((threading.get_ident(), {}))
    try:
        yield
    finally:
        _memory.reset(token)


def _now() -> dict[Any, Any] | None:
    state = _memory.get()
    return state[1] if state and state[0] == threading.get_ident() else None


def remembered(key: Any, load: Callable[[], Kept]) -> Kept:
    """What `load` gives, asked once in a transaction; outside of one it is asked each time."""
    memory = _now()
    if memory is None:
        return load()
    if key not in memory:
        memory[key] = load()
    found: Kept = memory[key]
    return found


def forget(key: Any) -> None:
    """What was remembered under this key has changed."""
    if (memory := _now()) is not None:
        memory.pop(key, None)
