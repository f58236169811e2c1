"""How much one socket, one account and one address may take of a server process."""

from __future__ import annotations

from collections import Counter

from clinic.realtime import figures

MESSAGE_BYTES = 4096
SUBSCRIPTIONS = 32
HEARTBEAT = 30  # seconds between two heartbeats, in both directions
SILENCE = 75.0  # seconds without a word, after which nobody is there
UNREAD = 30.0  # seconds that a reader may stay paused
_AT_ONCE = 60.0  # messages; a page subscribes to all that it shows in one moment
_A_SECOND = 10.0


class Allowance:
    """Messages of one socket: so many at once, then so many a second."""

    __slots__ = ("_left", "_since")

    def __init__(self, now: float) -> None:
        self._left = _AT_ONCE
        self._since = now

    def spend(self, now: float) -> bool:
        """False when there have been too many. `now` is in seconds of the monotonic clock."""
        self._left = min(_AT_ONCE, self._left + (now - self._since) * _A_SECOND) - 1
        self._since = now
        return self._left >= 0


class Places:
    """Open sockets by whom they belong to."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, owner: str, most: int) -> bool:
        """False when this owner has as many as may be."""
        if self._taken[owner] >= most:
            return False
        self._taken[owner] += 1
        figures.SOCKETS.inc()
        return True

    def give_back(self, owner: str) -> None:
        self._taken[owner] -= 1
        figures.SOCKETS.dec()
        if not self._taken[owner]:
            del self._taken[owner]
