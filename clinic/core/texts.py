"""What a text may hold so that it can be stored."""

from __future__ import annotations


def is_storable(text: str) -> bool:
    """False for NUL, which PostgreSQL does not take, and for half of a surrogate pair, which UTF-8 cannot write."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
