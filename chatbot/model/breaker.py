"""When not to ask: a model that fails is left alone for a while, and never do all threads of a process wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FAILURES = 3  # in a row
PAUSE = 60.0  # seconds


class NotNow(Exception):
    """The model is not asked: it failed too often, or too many wait for it."""


class Breaker:
    """Of one process. `clock` gives seconds that only go forward; `at_once` is how many may wait at the same time."""

    def __init__(self, clock: Callable[[], float], at_once: int) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free = at_once
        self._failed = 0
        self._closed_until = 0.0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around a call; whatever is raised inside counts as a failure. Raises `NotNow`.

        After a pause one call tries; the others wait for what it comes to.
        """
        with self._lock:
            now = self._clock()
            if self._free < 1 or now < self._closed_until:
                raise NotNow
            self._free -= 1
            if self._failed >= FAILURES:
                self._closed_until = now + PAUSE
        try:
            yield
        except BaseException:
            with self._lock:
                self._failed += 1
                if self._failed >= FAILURES:
                    self._closed_until = self._clock() + PAUSE
            raise
        else:
            with self._lock:
                self._failed, self._closed_until = 0, 0.0
        finally:
            with self._lock:
                self._free += 1
