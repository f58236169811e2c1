"""What a text may hold so that it can be stored."""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"  # inside words of some scripts, and inside emoji


def is_storable(text: str) -> bool:
    """False for NUL, which PostgreSQL does not take, and for half of a surrogate pair, which UTF-8 cannot write."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def is_name(name: str) -> bool:
    """Whether somebody can read it: letters or digits, 120 at most, and nothing that is not seen or turns the text round."""
    return (
        len(name) <= 120
        and any(char.isalnum() for char in name)
        and not any(unicodedata.category(char) in _HIDDEN and char not in _JOINERS for char in name)
    )
