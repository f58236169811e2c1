"""Chance that repeats itself: the same seed and date give the same clinic, ids and references included."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar
from uuid import UUID

from appointments.references import ALPHABET, LENGTH

Thing = TypeVar("Thing")

_REFERENCES = len(ALPHABET) ** LENGTH
_STRIDE = 123_456_791  # shares no divisor with the number of references, so every number has one of its own
_FIRST = 314_159_265


def new_id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def reference(number: int) -> str:
    """The booking reference of the visit with this number (from 0): no two alike, and none that follow each other."""
    rest = (_FIRST + number * _STRIDE) % _REFERENCES
    letters = ""
    for _ in range(LENGTH):
        rest, digit = divmod(rest, len(ALPHABET))
        letters += ALPHABET[digit]
    return f"DC-{letters}"


def pick(chance: Random, weighted: Mapping[Thing, float]) -> Thing:
    """One of these, as often as its weight says."""
    return chance.choices(list(weighted), list(weighted.values()))[0]
