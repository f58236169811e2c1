"""Whom a complaint is about."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.triage.lexicon import forms
from chatbot.triage.words import Token, WordSequence, fold, length_at, number, sequences

ADULT_AGE = 18
_GLUED_AGE = re.compile(r"^jaehrig\w*$")


class Who(enum.StrEnum):
    SELF = "self"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the complaint is about. `age` in whole years where it was said; not `named` when only "she" was said."""

    who: Who = Who.SELF
    words: str = ""
    age: int | None = None
    named: bool = True

    def or_rather(self, later: Subject) -> Subject:
        """The more telling of two: a child, then somebody named, then a mere "she", then the writer."""
        return later if later._rank >= self._rank and later != NOBODY_ELSE else self

    @property
    def _rank(self) -> int:
        if self.who is Who.CHILD:
            return 3
        if self.who is Who.OTHER:
            return 2 if self.named else 1
        return 0


NOBODY_ELSE = Subject()


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """The words of one language for family and ages."""

    possessive: frozenset[str]
    my: frozenset[str]
    child: tuple[WordSequence, ...]
    child_after_my: frozenset[str]
    other: tuple[WordSequence, ...]
    he_or_she: frozenset[str]
    not_people: tuple[WordSequence, ...]
    years: tuple[WordSequence, ...]
    months: tuple[WordSequence, ...]
    numbers: Mapping[str, float]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> PeopleWords:
        return cls(
            possessive=frozenset(forms(data["possessive"])),
            my=frozenset(forms(data["my"])),
            child_after_my=frozenset(forms(data["child_after_my"])),
            child=sequences(forms(data["child"])),
            other=sequences(forms(data["other"])),
            he_or_she=frozenset(forms(data["he_or_she"])),
            not_people=sequences(forms(data["not_people"])),
            years=sequences(forms(data["years"])),
            months=sequences(forms(data["months"])),
            numbers={fold(k): float(v) for k, v in data["numbers"].items()},
        )


def subject_of(tokens: Sequence[Token], words: PeopleWords) -> Subject | None:
    """Somebody else, or an age, if the sentence names one. A child of unknown age counts as a child."""
    folded = [t.folded for t in tokens]
    age = _age(folded, words)
    pronoun: Subject | None = None
    for i, word in enumerate(folded):
        if length_at(folded, i, words.not_people) or (i and length_at(folded, i - 1, words.not_people)):
            continue
        named = any(near in words.possessive for near in folded[max(0, i - 4) : i])
        child = length_at(folded, i, words.child)
        if not child and i and folded[i - 1] in words.my and word in words.child_after_my:
            child, named = 1, True
        if child and (named or i == 0):
            grown = age is not None and age >= ADULT_AGE
            return Subject(Who.OTHER if grown else Who.CHILD, " ".join(folded[i : i + child]), age)
        if named and length_at(folded, i, words.other):
            return Subject(Who.OTHER, word, age)
        if word in words.he_or_she and pronoun is None:
            pronoun = Subject(Who.OTHER, word, age, named=False)
    if age is not None and age < ADULT_AGE:
        return Subject(Who.CHILD, str(age), age)
    return pronoun


def _age(folded: Sequence[str], words: PeopleWords) -> int | None:
    for i, word in enumerate(folded):
        value = number(word, words.numbers)
        if value is None:
            continue
        rest = [w for w in folded[i + 1 : i + 4] if w != "-"]
        if length_at(rest, 0, words.months):
            return int(value // 12)
        if length_at(rest, 0, words.years) or (rest and _GLUED_AGE.match(rest[0])):
            return int(value)
    return None
