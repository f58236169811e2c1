"""Finding names in what somebody typed, misspelled or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from chatbot.dialogue import keywords
from chatbot.dialogue.world import Dentist, Treatment
from chatbot.triage import table
from chatbot.triage.words import fold, tidy, tokens_of
from chatbot.when.english import ENGLISH
from chatbot.when.german import GERMAN

_SHORTEST_TYPO = 4
_LONG = 7
_CHECK_UP = re.compile(r"\bcheck[\s-]ups?\b", re.IGNORECASE)
_LOOK_BACK = 4  # words before a name that may rule it out


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands in the tidied text."""

    folded: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Words and numbers, hyphened ones taken apart; `text` has to be tidied."""
    found: list[Word] = []
    for token in tokens_of(text):
        if token.is_mark:
            continue
        at = token.start
        for part in text[token.start : token.end].split("-"):
            if part:
                found.append(Word(fold(part).removesuffix("'s"), at, at + len(part)))
            at += len(part) + 1
    return found


def folded_words(text: str) -> list[str]:
    return [word.folded for word in words_of(tidy(text))]


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches taken out; they may overlap."""
    kept, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            kept.append(text[at : max(start, at)])
            at = end
    return " ".join([*kept, text[at:]])


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Words that mean themselves and are never taken for a misspelled name."""
    words: set[str] = set(keywords.EVERYDAY) | ENGLISH.known | GERMAN.known
    for reading in table().readings.values():
        words |= set(reading.lexicon.words) | reading.lexicon.stop | reading.lexicon.left_alone
        words |= reading.scope.function_words | reading.scope.denials
    return frozenset(words)


def same(said: str, meant: str) -> bool:
    """Whether a typed word is the other one, at most a slip or two away from it."""
    if said == meant:
        return True
    if len(meant) < _SHORTEST_TYPO or len(said) < _SHORTEST_TYPO - 1 or abs(len(said) - len(meant)) > 2:
        return False
    if said in everyday_words():
        return False
    slips = 1 if len(meant) < _LONG else 2
    return bool(OSA.distance(said, meant, score_cutoff=slips) <= slips)


@dataclass(frozen=True, slots=True)
class Named:
    """Dentists that a message names: wanted ones, ruled out ones, and the spans of the words."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def dentists_in(text: str, dentists: Sequence[Dentist]) -> Named:
    """Whom a (tidied) message names. Several of one family name are unclear unless a first name tells them apart."""
    words = words_of(text)
    wanted: list[str] = []
    unwanted: list[str] = []
    unclear: list[str] = []
    spans: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        titled = at > 0 and words[at - 1].folded in keywords.TITLES
        if word.folded in keywords.TITLES or _is_everyday(word.folded, titled, text, word):
            continue
        found = [one for one in dentists if same(word.folded, name_words(one.name)[-1])]
        if not found:
            continue
        exact = [one for one in found if name_words(one.name)[-1] == word.folded]
        found = exact or found
        first = words[at - 1].folded if at else ""
        told_apart = [one for one in found if same(first, name_words(one.name)[0])] if first else []
        found = told_apart or found
        start = words[at - 1].start if titled or told_apart else word.start
        spans.append((start, word.end))
        ids = [one.id for one in found]
        if _ruled_out(words, at):
            unwanted.extend(ids)
        elif len(ids) > 1:
            unclear.extend(ids)
        else:
            wanted.extend(ids)
    if not spans:
        return _by_first_name(words, dentists)
    return Named(_once(wanted), _once(unwanted), _once(unclear), tuple(spans))


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _by_first_name(words: Sequence[Word], dentists: Sequence[Dentist]) -> Named:
    for at, word in enumerate(words):
        if at and words[at - 1].folded in keywords.NAME_LEADS and word.folded not in everyday_words():
            found = [one.id for one in dentists if word.folded in name_words(one.name)[:-1]]
            if found:
                unclear = found if len(found) > 1 else []
                wanted = found if len(found) == 1 and not _ruled_out(words, at) else []
                unwanted = found if len(found) == 1 and not wanted else []
                return Named(tuple(wanted), tuple(unwanted), tuple(unclear), ((word.start, word.end),))
    return Named()


def _is_everyday(folded: str, titled: bool, text: str, word: Word) -> bool:
    """A family name such as Long or May counts only with a title, or as a name is written inside a sentence."""
    if titled or folded not in everyday_words():
        return False
    inside = bool(text[: word.start].rstrip()) and text[: word.start].rstrip()[-1] not in ".!?"
    written_as_name = inside and text[word.start].isupper() and not text[word.start : word.end].isupper()
    return not written_as_name or folded in ENGLISH.of_time | GERMAN.of_time


def _ruled_out(words: Sequence[Word], at: int) -> bool:
    for back in range(1, _LOOK_BACK + 1):
        if at - back < 0:
            return False
        folded = words[at - back].folded
        if folded in keywords.RULES_OUT:
            # "no, Weber": said alone it answers what came before.
            return folded not in keywords.NO_ALONE or (back == 1 and at - back > 0)
        if folded not in keywords.BEFORE_NAMES:
            return False
    return False


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name without titles; at least one."""
    words = [word for word in folded_words(name) if word not in keywords.TITLES]
    return tuple(words or folded_words(name) or [fold(name)])


def treatments_in(text: str, treatments: Iterable[Treatment], hidden: Collection[str] = ()) -> tuple[str, ...]:
    """The treatments that the words fit best; several when they fit equally. `hidden` words do not count."""
    said = {word for word in _treatment_words(text) if word not in hidden}
    meant = said | {synonym for word in said for synonym in _synonyms(word)}
    scores: dict[str, float] = {}
    for one in treatments:
        for name in (one.name, *one.aliases):
            telling = _telling_words(name)
            hits = [word for word in telling if _said(word, meant)]
            if hits:
                score = len(hits) / len(telling) + len(hits) / 10
                scores[one.id] = max(score, scores.get(one.id, 0))
    best = max(scores.values(), default=0)
    return tuple(treatment for treatment, score in scores.items() if score == best)


@lru_cache(maxsize=4096)
def _telling_words(name: str) -> frozenset[str]:
    return frozenset(w for w in _treatment_words(name) if w not in keywords.OF_ANY_TREATMENT and len(w) > 2)


def _treatment_words(text: str) -> list[str]:
    return folded_words(_CHECK_UP.sub("checkup", text))


def _said(word: str, said: set[str]) -> bool:
    return word in said or any(synonym in said for synonym in _synonyms(word)) or any(same(one, word) for one in said)


@lru_cache(maxsize=4096)
def _synonyms(word: str) -> frozenset[str]:
    for group in keywords.TREATMENT_SYNONYMS:
        if word in group or (len(word) > 6 and any(same(word, one) for one in group if len(one) > 6)):
            return group
    return frozenset()


def label_in(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """The id of the button whose label was typed, letter by letter or nearly so."""
    said = " ".join(folded_words(text))
    if not said:
        return None
    close: list[tuple[int, str]] = []
    for choice_id, label in labels:
        meant = " ".join(folded_words(label))
        slips = 0 if len(meant) < _SHORTEST_TYPO + 1 else 1 if len(meant) < 10 else 2
        distance = OSA.distance(said, meant, score_cutoff=slips)
        if distance <= slips:
            close.append((distance, choice_id))
    if not close or (min(close)[0] > 0 and said in everyday_words()):
        return None
    return min(close)[1]
