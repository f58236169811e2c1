"""Searching dentists by what people type: words in any order, with or without accents, with a slip of the finger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from dentists.models import Dentist

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The text without capitals and accents: "Müller" is "muller", "Groß" is "gross"."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def slips_allowed(word: str) -> int:
    """So many letters of a typed word may be wrong: none of a short one, which would then be anything."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


@dataclass(frozen=True, slots=True)
class Card:
    """A dentist with the texts that a search looks at. In `about` only what is typed rightly is found."""

    dentist: Dentist
    texts: Sequence[str]
    about: str = ""


def card_of(dentist: Dentist, treatments: Sequence[str] = ()) -> Card:
    """What is known of a dentist, in the reader's language, with the names of treatments that they offer."""
    texts = [dentist.name, dentist.title, dentist.languages_display, *dentist.specializations_display, *treatments]
    return Card(dentist, texts, dentist.bio)


def matching(cards: Sequence[Card], query: str) -> list[Dentist]:
    """The dentists in whose texts every word of the query stands, in their order.

    Only when there is nobody, those with so few wrong letters that they may be meant, the likeliest first. A word may be
    typed in part.
    """
    words = _WORD.findall(folded(query))
    rated = [(card.dentist, _slips(card, words)) for card in cards]
    found = [(dentist, slips) for dentist, slips in rated if slips is not None]
    exact = [dentist for dentist, slips in found if slips == 0]
    return exact or [dentist for dentist, _ in sorted(found, key=lambda one: one[1])]


def _slips(card: Card, words: Sequence[str]) -> int | None:
    """How many letters are wrong in all, None when a word is not there at all."""
    text = folded(" ".join([*card.texts, card.about]))
    known = _WORD.findall(folded(" ".join(card.texts)))
    total = 0
    for word in words:
        if word in text:
            continue
        fewest = min((_distance(word, one) for one in known), default=len(word))
        if fewest > slips_allowed(word):
            return None
        total += fewest
    return total


def _distance(typed: str, word: str) -> int:
    """How far a typed word is from the whole of another one or from its beginning."""
    most = slips_allowed(typed)
    # A letter left out or put in makes the beginning that is meant longer or shorter.
    beginnings = {word[: len(typed) + more] for more in (-1, 0, 1)} | {word}
    return min(int(OSA.distance(typed, one, score_cutoff=most)) for one in beginnings)
