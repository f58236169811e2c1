"""Which language somebody writes."""

from __future__ import annotations

from typing import Literal

from chatbot.dialogue import keywords
from chatbot.dialogue.matching import folded_words

Language = Literal["en", "de"]
_SURE = 2  # words of the other language, and none of the present one, before the conversation changes over


def known(language: str) -> Language:
    """One that there are texts for: German for anything German, else English."""
    return "de" if language.lower().startswith("de") else "en"


def language_of(text: str, present: str, usual: str) -> Language:
    """The language of a message; the present one unless the words tell otherwise, the clinic's `usual` one at first."""
    words = set(folded_words(text))
    german = len(words & (keywords.GERMAN_WORDS - keywords.ENGLISH_WORDS))
    english = len(words & (keywords.ENGLISH_WORDS - keywords.GERMAN_WORDS))
    if not present:
        return known(usual) if german == english else "de" if german > english else "en"
    mine, other = (german, english) if present == "de" else (english, german)
    if other >= _SURE and mine == 0:
        return "en" if present == "de" else "de"
    return known(present)
