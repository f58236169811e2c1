"""From text to tokens: what a person wrote, folded so that spellings meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:\s*/\s*[0-9]+)?|[^\W\d_]+(?:['-][^\W\d_]+)*|[.!?;:,\n]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": " ", "—": " "})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_ENDS = frozenset(".!?;\n")
_LONGEST_STRETCH = 60  # tokens
_OVERLAP = 15  # tokens; more than any phrase spans


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark. `start` and `end` are offsets in the tidied text."""

    folded: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        return not self.folded[:1].isalnum()


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Lower case, German letters spelled out, other accents removed."""
    folded = word.casefold().translate(_GERMAN)
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)) or folded


def tidy(text: str) -> str:
    """Composed characters and plain quotes: the form that offsets refer to."""
    return unicodedata.normalize("NFC", text).translate(_QUOTES)


def tokens_of(tidied: str) -> list[Token]:
    return [Token(fold(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(tidied)]


def sentences_of(tokens: list[Token]) -> list[list[Token]]:
    """Cut at full stops, question and exclamation marks, semicolons and line ends; the mark stays with its sentence.

    A full stop after a number stays inside: German writes "in der 20. Woche". Very long sentences are cut into
    overlapping stretches, which keeps the work proportional to the length of the text.
    """
    sentences: list[list[Token]] = []
    current: list[Token] = []
    for token in tokens:
        current.append(token)
        after_number = len(current) > 1 and current[-2].folded.isdecimal() and len(current[-2].folded) < 3
        if token.folded in _ENDS and not (token.folded == "." and after_number):
            sentences.extend(_stretches(current))
            current = []
    sentences.extend(_stretches(current))
    return sentences


def _stretches(sentence: list[Token]) -> Iterator[list[Token]]:
    step = _LONGEST_STRETCH - _OVERLAP
    for start in range(0, max(1, len(sentence) - _OVERLAP), step):
        stretch = sentence[start : start + _LONGEST_STRETCH]
        if stretch:
            yield stretch


WordSequence = tuple[str, ...]


def sequences(listed: Iterable[str]) -> tuple[WordSequence, ...]:
    """Folded forms as word sequences, longest first."""
    return tuple(sorted((tuple(form.split()) for form in listed), key=len, reverse=True))


def length_at(folded: Sequence[str], i: int, wanted: Sequence[WordSequence]) -> int:
    """The length of the first wanted sequence that stands at `i`, else 0. Its last word may carry a genitive."""
    for sequence in wanted:
        found = folded[i : i + len(sequence)]
        if len(found) == len(sequence) and (*found[:-1], found[-1].removesuffix("'s")) == sequence:
            return len(sequence)
    return 0


def number(word: str, named: Mapping[str, float]) -> float | None:
    """The value of digits ("38,5") or of a number word."""
    if _NUMBER.fullmatch(word):
        return float(word.replace(",", "."))
    return named.get(word)
