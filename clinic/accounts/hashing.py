"""A password's hash costs a processor a third of a second: so few at once that pages are still served beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from clinic.core.errors import Busy

AT_ONCE = 2  # in one process
WAIT = 1.0  # seconds that one stands in line

_places = BoundedSemaphore(AT_ONCE)


@contextmanager
def hashing() -> Iterator[None]:
    """A place to compute one hash. Raises `Busy` when none gets free in a second; then nothing was computed."""
    if not _places.acquire(timeout=WAIT):
        raise Busy()
    try:
        yield
    finally:
        _places.release()
