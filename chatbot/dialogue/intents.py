"""What somebody wants to do, from set phrases; short slips of the finger are forgiven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.dialogue import keywords
from chatbot.dialogue.matching import everyday_words, folded_words, without, words_of

_SHORTEST_TYPO = 5
_LONG = 8
_MOST_PICKED = 99
_ALONE = "="
_IDLE = frozenset({"any_dentist", "any_time", "more", "abuse", "insurance"})
_POLITE = frozenset(
    {"please", "bitte", "ok", "okay", "can", "we", "i", "you", "sorry", "then", "dann", "und", "no", "nein"}
)
Phrase = tuple[str, ...]


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[Phrase, str, bool]]]:
    """Phrases by their first word: the words, the intent, and whether they have to be the whole message."""
    by_first: defaultdict[str, list[tuple[Phrase, str, bool]]] = defaultdict(list)
    for intent, phrases in keywords.INTENTS.items():
        for phrase in phrases:
            words = (phrase[0].removeprefix(_ALONE), *phrase[1:])
            by_first[words[0]].append((words, intent, phrase[0].startswith(_ALONE)))
    return dict(by_first)


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[str, ...]:
    return tuple(sorted({word for group in _phrases().values() for phrase, _, _ in group for word in phrase}))


@lru_cache(maxsize=4096)
def _corrected(word: str) -> str:
    vocabulary = _vocabulary()
    if len(word) < _SHORTEST_TYPO or word in vocabulary or word in everyday_words() or word[0].isdigit():
        return word
    slips = 1 if len(word) < _LONG else 2
    candidates = [one for one in vocabulary if len(one) >= _SHORTEST_TYPO]
    nearest = process.extractOne(word, candidates, scorer=OSA.distance, score_cutoff=slips)
    return nearest[0] if nearest else word


@dataclass(frozen=True, slots=True)
class Intents:
    """The names of all intents (`keywords.INTENTS`) whose phrases occur, whether nothing else was said, and the text
    without the phrases that may hide a symptom's word ("doesn't matter who") and never tell of one."""

    names: frozenset[str]
    is_all: bool
    without_idle: str


def intents_in(text: str) -> Intents:
    """Reads a tidied text."""
    at_words = words_of(text)
    words = [_corrected(word.folded) for word in at_words]
    bare = [word for word in words if word not in _POLITE]
    found: set[str] = set()
    covered: set[int] = set()
    idle: list[tuple[int, int]] = []
    for at, first in enumerate(words):
        for phrase, intent, alone in _phrases().get(first, ()):
            here = tuple(words[at : at + len(phrase)]) == phrase
            if here and (not alone or words == list(phrase) or bare == [w for w in phrase if w not in _POLITE]):
                found.add(intent)
                covered.update(range(at, at + len(phrase)))
                if intent in _IDLE:
                    idle.append((at_words[at].start, at_words[at + len(phrase) - 1].end))
    rest = [word for at, word in enumerate(words) if at not in covered and word not in _POLITE]
    return Intents(frozenset(found), bool(words) and not rest, without(text, idle))


def is_yes(text: str) -> bool:
    """Whether the whole message is a plain yes: nothing else is said, asked or added."""
    return "?" not in text and _only(folded_words(text), keywords.YES, keywords.YES_FILLERS)


def says_to(text: str, verbs: frozenset[str]) -> bool:
    """Whether the whole message tells to do what was just read back: "book it", "go ahead please"."""
    return "?" not in text and _only(folded_words(text), verbs, keywords.YES_FILLERS)


def is_no(text: str) -> bool:
    """Whether the whole message is a plain no."""
    return "?" not in text and _only(folded_words(text), keywords.NO, keywords.NO_FILLERS)


def begins_with_no(text: str) -> bool:
    return any(word in keywords.NO for word in folded_words(text)[:1])


def _only(words: Sequence[str], core: frozenset[str], fillers: frozenset[str]) -> bool:
    return bool(words) and bool(core.intersection(words)) and all(word in core or word in fillers for word in words)


def ordinal_in(text: str, count: int) -> int | None:
    """Which of `count` offered things a short message picks ("the second one", "2"), counted from 0."""
    words = folded_words(text)
    picks = [word for word in words if word in keywords.ORDINALS or word.isdecimal()]
    if any(word not in keywords.NUMBER_LEADS and word not in keywords.ORDINALS for word in words if word not in picks):
        return None
    telling = [word for word in picks if word != "one"] or picks
    if len(telling) != 1:
        return None
    place = int(telling[0]) - 1 if telling[0].isdecimal() else keywords.ORDINALS[telling[0]]
    if telling[0].isdecimal() and (len(telling[0]) > 2 or place < 0):
        return None
    place = count - 1 if place == -1 else place
    return place if 0 <= place < count else None


def is_pick(text: str) -> bool:
    """Whether the message does nothing but pick one of several things."""
    return ordinal_in(text, _MOST_PICKED) is not None
