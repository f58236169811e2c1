"""Whether a sentence affirms, denies, doubts or closes what it names."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.triage.lexicon import forms
from chatbot.triage.words import Token

_REACH = 8
_REACH_AFTER = 6
_PERCEIVING = (["feel"], ["see"], ["find"], ["notice"])


class State(enum.StrEnum):
    PRESENT = "present"
    UNCERTAIN = "uncertain"
    DENIED = "denied"
    OVER = "over"  # was there and has gone: closes earlier mentions too


@dataclass(frozen=True, slots=True)
class ScopeWords:
    """The function words of one language that negation is read from. Each entry is a folded word sequence."""

    denials: frozenset[str]
    look_alikes: tuple[tuple[str, ...], ...]
    doubts: tuple[tuple[str, ...], ...]
    gone: tuple[tuple[str, ...], ...]
    gone_before: tuple[tuple[str, ...], ...]
    gone_not_followed_by: frozenset[str]
    turns: frozenset[str]
    splits: frozenset[str]
    lists: frozenset[str]
    ands: frozenset[str]
    weak: frozenset[str]
    light: frozenset[str]
    questions: frozenset[str]
    self_words: frozenset[str]
    function_words: frozenset[str]
    all_negations: frozenset[str]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> ScopeWords:
        def single(key: str) -> frozenset[str]:
            return frozenset(forms(data[key]))

        def sequences(key: str) -> tuple[tuple[str, ...], ...]:
            return tuple(sorted((tuple(f.split()) for f in forms(data[key])), key=len, reverse=True))

        return cls(
            denials=single("not"),
            look_alikes=sequences("not_before"),
            doubts=sequences("doubt"),
            gone=sequences("gone"),
            gone_before=sequences("gone_before"),
            gone_not_followed_by=single("gone_not_followed_by"),
            turns=single("turn"),
            splits=single("split"),
            lists=single("list"),
            ands=single("and") | {","},
            weak=single("weak"),
            light=single("light"),
            questions=single("question"),
            self_words=single("self_words"),
            function_words=single("function_words"),
            all_negations=single("not") | single("also_not"),
        )

    def all_words(self) -> frozenset[str]:
        """Every word that is never a misspelling of another."""
        sets = (self.all_negations, self.turns, self.lists, self.ands, self.weak, self.light, self.questions)
        return self.self_words | self.function_words.union(*sets)


class SentenceScope:
    """The denials, doubts and endings of one sentence, ready to be asked about a match."""

    def __init__(
        self, tokens: Sequence[Token], words: ScopeWords, known: Sequence[bool], hinders: Sequence[bool]
    ) -> None:
        self._folded = [t.folded for t in tokens]
        self._words = words
        self._known = known  # per token: a word of triage, over which a denial may reach
        self._hinders = hinders  # per token: says that something cannot be done, which ends no complaint
        n = len(tokens)
        masked = set[int]()
        for sequence in words.look_alikes:
            for at in self._find(sequence):
                masked.update(range(at, at + len(sequence)))
        self._denials = [i for i in range(n) if i not in masked and self._opens_denial(i)]
        self._gone = [(at, at + len(s), s[0] in words.splits) for s in words.gone for at in self._find(s)]
        self._gone_before = [(at, at + len(s)) for s in words.gone_before for at in self._find(s)]
        self._doubts = [at for sequence in words.doubts for at in self._find(sequence)]
        self._is_open_question = self._asks_in_general()

    def _find(self, sequence: tuple[str, ...]) -> list[int]:
        first, size = sequence[0], len(sequence)
        return [
            i
            for i, folded in enumerate(self._folded)
            if folded == first and tuple(self._folded[i : i + size]) == sequence
        ]

    def _opens_denial(self, i: int) -> bool:
        """A word of denial, or "cannot feel any ..."."""
        if self._folded[i] in self._words.denials:
            return True
        return self._folded[i] in self._words.all_negations and self._folded[i + 1 : i + 2] in _PERCEIVING

    def _asks_in_general(self) -> bool:
        folded = self._folded
        asks = bool(folded) and (folded[-1] == "?" or folded[0] in self._words.questions)
        return asks and not any(f in self._words.self_words for f in folded)

    @property
    def is_question(self) -> bool:
        return bool(self._folded) and (self._folded[-1] == "?" or self._folded[0] in self._words.questions)

    def is_denied(self, position: int) -> bool:
        """Whether a denial stands shortly before the word ("not unbearable", "not really severe")."""
        return any(0 < position - cue <= 3 for cue in self._denials)

    def state_of(self, positions: Sequence[int], *, contains_negation: bool) -> State:
        """What the sentence says about the words at these positions (ascending).

        A phrase that carries its own negation ("cannot breathe") is never denied: at worst it is said twice,
        and then the stricter reading holds.
        """
        if not contains_negation:
            if self._is_over(positions):
                return State.OVER
            denied = self._denied_before(positions) or self._denied_after(positions)
            if denied is State.DENIED and self._says_no_longer(positions):
                return State.OVER
            if denied is not None:
                return denied
        if self._is_open_question or any(d < positions[0] for d in self._doubts):
            return State.UNCERTAIN
        return State.PRESENT

    def _says_no_longer(self, positions: Sequence[int]) -> bool:
        """ "not bleeding any more", "nicht mehr geschwollen": it was so before."""
        near = self._folded[max(0, positions[0] - 3) : positions[-1] + 4]
        return "anymore" in near or "mehr" in near or ("any" in near and "more" in near)

    def _denied_before(self, positions: Sequence[int]) -> State | None:
        own = set(positions)
        for cue in reversed(self._denials):
            if cue in own or cue > positions[-1]:
                continue
            target = next(p for p in positions if p > cue)
            found = self._reach(cue, target, own)
            if found is not None:
                return found
        return None

    def _reach(self, cue: int, target: int, own: set[int]) -> State | None:
        """Whether the denial at `cue` reaches `target`: over light words, and over other complaints only in a list."""
        words, folded = self._words, self._folded
        if target - cue > _REACH:
            return None
        state = State.DENIED
        if target - cue > 1 and folded[cue + 1] in words.weak:
            state = State.UNCERTAIN
        unlisted = False  # passed another complaint, and no comma or "or" since
        for i in range(cue + 1, target):
            word = folded[i]
            if word in words.turns or word in words.all_negations:
                return None
            if word in words.ands:
                if folded[i + 1] in words.self_words:  # "no fever and my jaw is swollen": a new clause
                    return None
                if not self._list_is_closed(cue, i, target):
                    state = State.UNCERTAIN
                unlisted = False
            elif word in words.lists:
                unlisted = False
            elif self._known[i] and i not in own:
                unlisted = True
            elif word not in words.light and i not in own:
                return None
        return None if unlisted and folded[target] not in words.lists else state

    def _list_is_closed(self, cue: int, comma: int, target: int) -> bool:
        """ "no fever, swelling or pain": an `or`, or a third bare item, makes it a list that the denial holds for.

        "no pain, swelling near my eye" is none.
        """
        rest = self._folded[comma + 1 : target + 5]
        for word in rest:
            if word in self._words.lists:
                return True
            if word in self._words.turns:
                break
        items = " ".join(self._folded[cue + 1 :]).split(" , ")
        return len(items) >= 3 and all(len(item.split()) == 1 or item.endswith((".", "!")) for item in items[1:])

    def _denied_after(self, positions: Sequence[int]) -> State | None:
        """ "Fieber habe ich keins", "it hurts? no", "es blutet nicht": the denial follows what it denies."""
        words, folded = self._words, self._folded
        last = positions[-1]
        for cue in self._denials:
            if cue <= last or cue - last > 4:
                continue
            between = folded[last + 1 : cue]
            if any(w not in words.light and w not in {":", "?", "-", "aber", "jedoch"} for w in between):
                continue
            following = folded[cue + 1 : cue + 3]
            if following[:1] == ["mehr"]:
                following = following[1:]
            if not following or not following[0][:1].isalnum() or following[0] in words.turns | words.ands:
                return State.DENIED
        return None

    def _is_over(self, positions: Sequence[int]) -> bool:
        first, last = positions[0], positions[-1]
        return any(self._ends(last, *gone) for gone in self._gone) or any(
            at < first <= end + 1 and not self._negated(max(0, at - 2), at) for at, end in self._gone_before
        )

    def _ends(self, last: int, at: int, end: int, opens_with_turn: bool) -> bool:
        """Whether the ending at `at` speaks of what stands at `last`."""
        if not last < at <= last + _REACH_AFTER:
            return False
        if opens_with_turn:  # "it was swollen but that's gone": whatever stands between
            return True
        following = self._folded[end : end + 1]
        if following and following[0] in self._words.gone_not_followed_by:
            return False
        if self._negated(last + 1, at) or any(self._hinders[last + 1 : at]):
            return False
        return all(self._passes(i) for i in range(last + 1, at))

    def _negated(self, start: int, end: int) -> bool:
        return any(word in self._words.all_negations for word in self._folded[start:end])

    def _passes(self, i: int) -> bool:
        word = self._folded[i]
        return (
            word in self._words.light
            or word in self._words.weak
            or self._known[i]
            or word in {",", "but", "aber", "now"}
        )
