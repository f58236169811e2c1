"""An account whose password is being guessed from many addresses: its owner is asked for more, and never locked out."""

from __future__ import annotations

from clinic.core.errors import TooMany
from clinic.core.throttles import is_used_up, spend

_LIMIT = "wrong_password"


def wrong_password(email: str) -> None:
    """Counts a wrong password for an address, whoever gave it; nobody is refused for it."""
    try:
        spend((_LIMIT, email))
    except TooMany:
        return


def is_attacked(email: str) -> bool:
    """Whether there were so many wrong passwords for this address that the right one is not enough this hour."""
    return is_used_up(_LIMIT, email.strip().lower())
