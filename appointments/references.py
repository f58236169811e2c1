"""Booking references: short, unguessable, and readable over the phone."""

from __future__ import annotations

import re
import secrets

# Without I, L, O and U, and without 0 and 1: nothing that is heard or read as something else.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
_SHAPE = re.compile(rf"DC-?([{ALPHABET}]{{{LENGTH},8}})")


def new_reference() -> str:
    """`DC-` and six characters of thirty: about 729 million."""
    return "DC-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalized(text: str) -> str | None:
    """The reference that somebody typed, however they spaced it; None when it cannot be one."""
    found = _SHAPE.fullmatch(re.sub(r"[\s.–_-]+", "", text.strip().upper()))
    return f"DC-{found[1]}" if found else None
