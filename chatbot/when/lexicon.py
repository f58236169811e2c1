"""Words and phrases with their roles, and which misspellings stand for them."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from chatbot.when.tags import Tag, Tags, Value

Row = tuple[Tag, Value, str]
"""A role, its value, and the words and phrases that have it, separated by commas."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BARE_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})

_OF_TIME = {Tag.WEEKDAY, Tag.WEEKDAYS, Tag.MONTH, Tag.RELATIVE, Tag.PART, Tag.UNIT, Tag.CLOCK_WORD, Tag.SPLIT}

WORD_OF_TIME = 3  # how much more it tells of the language than any other word

_SHORTEST_TYPO = 5
_TWO_SLIPS_FROM = 8  # letters: "tommorow" is two slips from "tomorrow"


def fold(word: str) -> str:
    """One spelling for upper and lower case, umlauts, accents and curly apostrophes."""
    plain = unicodedata.normalize("NFC", word.replace("’", "'")).casefold().translate(_UMLAUTS)
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _spellings(phrase: str) -> set[str]:
    """How a phrase may be typed: with or without umlauts and apostrophes."""
    spellings = {fold(phrase), fold(phrase.casefold().translate(_BARE_UMLAUTS))}
    return spellings | {spelling.replace("'", "") for spelling in spellings}


@dataclass(frozen=True)
class Lexicon:
    """One language. `mistypable` are the words that a misspelling may stand for; `lookalikes` are words and
    names that resemble them and mean themselves."""

    code: str
    half_is_before: bool  # "halb zehn" is 9:30, "half ten" is 10:30
    entries: dict[tuple[str, ...], Tags] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    of_time: set[str] = field(default_factory=set)
    mistypable: tuple[str, ...] = ()
    lookalikes: frozenset[str] = frozenset()

    def match(self, words: Sequence[str], at: int) -> tuple[int, Tags] | None:
        """The longest entry that begins with the word at `at`: how many words, and their roles."""
        for length in range(min(self.longest.get(words[at], 0), len(words) - at), 0, -1):
            tags = self.entries.get(tuple(words[at : at + length]))
            if tags is not None and not (Tag.DAY_AFTER in tags and self._is_of_every(words, at, length)):
                return length, tags
        return None

    def _is_of_every(self, words: Sequence[str], at: int, length: int) -> bool:
        """In "any day after 3" the "after" is about the hour: every day has a day after it."""
        before = self.entries.get((words[at - 1],), {}) if at and length > 1 else {}
        return Tag.EVERY in before or Tag.ANY in before

    def weight(self, word: str) -> int:
        """How much a word speaks for this language: words of time the most, unknown ones nothing."""
        return WORD_OF_TIME if word in self.of_time else 1 if word in self.known else 0

    def correct(self, word: str) -> str | None:
        """The word that a misspelling stands for, or None. Short words are never guessed at."""
        if len(word) < _SHORTEST_TYPO or word in self.lookalikes:
            return None
        best: tuple[int, str] | None = None
        for candidate in self.mistypable:
            slips = 2 if min(len(word), len(candidate)) >= _TWO_SLIPS_FROM else 1
            if abs(len(word) - len(candidate)) > slips or not _same_beginning(word, candidate):
                continue
            distance = OSA.distance(word, candidate, score_cutoff=slips)
            if distance <= slips and (best is None or distance < best[0]):
                best = (distance, candidate)
        return best[1] if best else None


def _same_beginning(word: str, candidate: str) -> bool:
    """The first letter is hardly ever mistyped, but the first two may change places."""
    return word[0] == candidate[0] or word[:2] == candidate[1::-1]


def build(code: str, rows: Iterable[Row], *, half_is_before: bool, mistypable: str, lookalikes: str) -> Lexicon:
    entries: dict[tuple[str, ...], Tags] = {}
    longest: dict[str, int] = {}
    known: set[str] = set()
    for tag, value, phrases in rows:
        for phrase in phrases.split(","):
            for spelling in _spellings(phrase.strip()):
                words = tuple(spelling.split())
                entries.setdefault(words, {})[tag] = value
                longest[words[0]] = max(longest.get(words[0], 0), len(words))
                known.update(words)
    of_time = {
        words[0]
        for words, tags in entries.items()
        if len(words) == 1 and _OF_TIME & tags.keys() and Tag.WEAK not in tags
    }
    return Lexicon(
        code=code,
        half_is_before=half_is_before,
        entries=entries,
        longest=longest,
        known=known,
        of_time=of_time,
        mistypable=tuple(sorted({form for word in mistypable.split() for form in _spellings(word)})),
        lookalikes=frozenset(fold(word) for word in lookalikes.split()),
    )
