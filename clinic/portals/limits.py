"""How often something may be tried, counted in Redis so that every process counts the same."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from clinic.core.errors import TooMany


def count_try(what: str, who: str, *, most: int, seconds: int) -> None:
    """Counts one try of `what` by `who`. Raises `TooMany` beyond `most` within `seconds` of the first."""
    key = f"tries:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    cache.add(key, 0, timeout=seconds)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if tries > most:
        raise TooMany(retry_after=seconds)
