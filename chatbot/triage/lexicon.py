"""The words triage knows, in one language: groups of meaning, compounds, misspellings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.triage.words import fold

Groups = frozenset[str]
NOTHING: Groups = frozenset()

_ENDINGS = {
    "en": ("'s", "s", "es", "ed", "d", "ing", "ly", "y"),
    "de": ("e", "en", "er", "es", "em", "n", "s", "t"),
}
_LINKS = ("", "s", "n", "en", "es", "e")
_SHORTEST_TYPO = 5
_LONGEST_TYPO = 30
_LONG = 8
_SHORTEST_TAIL = 6
_LONGEST_WORD = 48
_REMEMBERED = 50_000  # words; a bound on what strangers can make it keep


def forms(listed: str) -> list[str]:
    """`"swollen, puffed up"` as folded forms."""
    return [" ".join(fold(w) for w in form.split()) for form in listed.replace("\n", " ").split(",") if form.strip()]


@dataclass(slots=True)
class Lexicon:
    """Looks words up. `weights` makes words of graver findings win, and be recognized from worse misspellings."""

    language: str
    words: dict[str, Groups] = field(default_factory=dict)
    sequences: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    compound_parts: dict[str, tuple[Groups, ...]] = field(default_factory=dict)
    stop: frozenset[str] = frozenset()
    left_alone: frozenset[str] = frozenset()
    weak: Groups = NOTHING
    masking: Groups = NOTHING
    weights: dict[str, int] = field(default_factory=dict)
    _typo_targets: tuple[str, ...] = ()
    _cache: dict[str, Groups] = field(default_factory=dict)
    _nearest_cache: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, language: str, data: Mapping[str, Any], everyday: str = "") -> Lexicon:
        """From a parsed lexicon file, and words of any language that are never misspellings. Raises KeyError when a
        table is missing."""
        lexicon = cls(language)
        for group, listed in data["groups"].items():
            for form in forms(listed):
                lexicon.add(form, group)
        for compound, parts in data["compounds"].items():
            groups = [lexicon.words.get(fold(part)) or frozenset({literal(fold(part))}) for part in parts.split()]
            lexicon.compound_parts[fold(compound)] = tuple(groups)
            lexicon.words[fold(compound)] = lexicon.words.get(fold(compound), NOTHING).union(*groups)
        lexicon.stop = frozenset(fold(w) for w in data["stop"]["words"].split()) - lexicon.words.keys()
        lexicon.weak = frozenset(data["weak"]["groups"].split())
        lexicon.masking = frozenset(data["masking"]["groups"].split())
        lexicon.left_alone = frozenset(fold(w) for w in f"{data['not_typos']['words']} {everyday}".split())
        return lexicon

    def add(self, form: str, group: str) -> None:
        if " " in form:
            words = tuple(form.split())
            self.sequences.setdefault(words[0], []).append((words, group))
        else:
            self.words[form] = self.words.get(form, NOTHING) | {group}

    def weigh(self, group: str, weight: int) -> None:
        self.weights[group] = max(weight, self.weights.get(group, 0))

    def close(self, more: Iterable[str] = ()) -> None:
        """After the last word was added: what misspellings are compared with. `more` are words without a meaning here."""
        for word in more:
            self.words.setdefault(word, frozenset({literal(word)}))
        self._typo_targets = tuple(w for w in self.words if len(w) >= _SHORTEST_TYPO)
        self._cache.clear()
        self._nearest_cache.clear()

    def corrected(self, word: str) -> str:
        """The spelling that a misspelled word stands for, else the word itself."""
        if word in self.words or word in self.stop or word in self.left_alone:
            return word
        return self._nearest(word) or word

    def groups(self, word: str) -> Groups:
        """What a folded word may mean: as it stands, inflected, compound, or misspelled."""
        found = self._cache.get(word)
        if found is None:
            found = self._look_up(word)
            if len(self._cache) < _REMEMBERED:
                self._cache[word] = found
        return found

    def _look_up(self, word: str) -> Groups:
        if word in self.words:
            return self.words[word]
        if word in self.stop or word in self.left_alone or word[0].isdigit():
            return NOTHING
        if "-" in word:
            return NOTHING.union(*(self.groups(part) for part in word.split("-")))
        if len(word) > _LONGEST_WORD:
            return NOTHING
        return (
            self._inflected(word)
            or self._compound(word)
            or self.words.get(self._nearest(word))
            or self._last_part(word)
        )

    def _inflected(self, word: str) -> Groups:
        for ending in _ENDINGS[self.language]:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= 4 and stem in self.words:
                return self.words[stem]
        return NOTHING

    def _compound(self, word: str) -> Groups:
        """German joins words: Gesichtsschwellung is face and swelling. Every part has to be known."""
        if self.language != "de" or len(word) < 7:
            return NOTHING
        for cut in range(len(word) - 3, 2, -1):
            head = self.words.get(word[:cut])
            if not head:
                continue
            for link in _LINKS:
                rest = word[cut:]
                if rest.startswith(link) and len(rest) - len(link) >= 3:
                    tail = self._known_part(rest[len(link) :])
                    if tail:
                        return head | tail
        return NOTHING

    def _last_part(self, word: str) -> Groups:
        """The end of a German compound tells its kind: a Nierentransplantation is a Transplantation."""
        if self.language != "de":
            return NOTHING
        for cut in range(3, len(word) - _SHORTEST_TAIL + 1):
            tail = self.words.get(word[cut:])
            if tail:
                return tail
        return NOTHING

    def derived(self, word: str) -> list[Groups]:
        """The parts that an inflected or compound word of a phrase stands for, without guessing at misspellings."""
        inflected = self._inflected(word)
        if inflected:
            return [inflected]
        compound = self._compound(word)
        return [frozenset({group}) for group in sorted(compound)]

    def is_joined(self, word: str) -> bool:
        """Whether the word is several of the table's words in one, so that it may answer for each of them."""
        if word in self.compound_parts or "-" in word:
            return True
        if word in self.words or len(word) > _LONGEST_WORD:
            return False
        return not self._inflected(word) and bool(self._compound(word))

    def _known_part(self, word: str) -> Groups:
        return self.words.get(word) or self._inflected(word) or self._compound(word)

    def _nearest(self, word: str) -> str:
        """The known word that this one misspells, or nothing."""
        found = self._nearest_cache.get(word)
        if found is None:
            found = self._compared(word)
            if len(self._nearest_cache) < _REMEMBERED:
                self._nearest_cache[word] = found
        return found

    def _compared(self, word: str) -> str:
        length = len(word)
        if not _SHORTEST_TYPO <= length <= _LONGEST_TYPO or word[0].isdigit():
            return ""
        allowed = 2 if length >= _LONG - 1 else 1
        best: tuple[int, int] | None = None
        nearest = ""
        for target, distance, _ in process.extract(
            word, self._typo_targets, scorer=OSA.distance, score_cutoff=allowed, limit=8
        ):
            candidate = self.words[target]
            weight = max((self.weights.get(g, 0) for g in candidate), default=0)
            if distance == 2 and length < _LONG and weight < 3:
                continue
            if target[0] != word[0] and target[:2] != word[1::-1]:
                continue
            rank = (int(distance), -weight)
            if best is None or rank < best:
                best, nearest = rank, target
        return nearest


@lru_cache(maxsize=4096)
def literal(word: str) -> str:
    """The group of a word that stands for itself alone."""
    return f"={word}"
