"""What somebody says yes to who was shown the booked visits that a change hits: these, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def named(visits: Iterable[Any]) -> str:
    """Visits by their references, as a form carries them; equal only for the same visits in the same order."""
    return " ".join(visit.booking_reference for visit in visits)
