"""Numbers in a complaint: how long, how bad, how hot, how many tablets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.triage.lexicon import forms
from chatbot.triage.words import Token, WordSequence, fold, length_at, number, sequences

SEVERE = 7.0
_SCALE = re.compile(r"^(\d{1,2})(?:[.,](\d))?\s*/\s*10$")
_CELSIUS = (37.8, 42.5)
_FAHRENHEIT = (100.3, 108.0)
# More than a day's packet allowance of any common painkiller, whatever its strength.
_MANY_TABLETS = 9
_BETWEEN = frozenset({"or", "of", "more", "than", "als", "mehr", "few", "couple", "paar", "oder", "bis", "to"})


@dataclass(frozen=True, slots=True)
class Duration:
    """How long it has lasted, or how long ago it happened, in days."""

    days: float
    words: str


@dataclass(frozen=True, slots=True)
class Severity:
    """Pain from 0 (none) to 10."""

    score: float
    words: str


Measures = tuple[tuple[WordSequence, float], ...]


def _measures(table: Mapping[str, float]) -> Measures:
    pairs = ((tuple(fold(w) for w in words.split()), float(value)) for words, value in table.items())
    return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))


@dataclass(frozen=True, slots=True)
class AmountWords:
    """The words of one language for time, strength and temperature."""

    numbers: Mapping[str, float]
    units: Mapping[str, float]
    moments: Measures
    severity: Measures
    of_ten: frozenset[str]
    lead: frozenset[str]
    scale: frozenset[str]
    linking: frozenset[str]
    degrees: frozenset[str]
    dosage: frozenset[str]
    ages: tuple[WordSequence, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> AmountWords:
        return cls(
            numbers={fold(k): float(v) for k, v in data["numbers"].items()},
            units={fold(k): float(v) for k, v in data["units"].items()},
            moments=_measures(data["moments"]),
            severity=_measures(data["severity"]),
            of_ten=frozenset(w for f in forms(data["scale"]["of_ten"]) for w in f.split()),
            lead=frozenset(forms(data["scale"]["lead"])),
            scale=frozenset(forms(data["scale"]["names"])),
            linking=frozenset(forms(data["scale"]["linking"])),
            degrees=frozenset(forms(data["degrees"])),
            dosage=frozenset(forms(data["dosage"])),
            ages=sequences(forms(data["years"]) + forms(data["months"])),
        )


def duration_of(tokens: Sequence[Token], words: AmountWords) -> Duration | None:
    """The longest span of time the sentence names, ages left out."""
    folded = [t.folded for t in tokens]
    found = [
        Duration(days, " ".join(sequence))
        for i in range(len(folded))
        for sequence, days in words.moments
        if tuple(folded[i : i + len(sequence)]) == sequence
    ]
    for i, word in enumerate(folded):
        value = number(word, words.numbers)
        if value is None or length_at(folded, i + 1, words.ages):
            continue
        j = i + 1
        while j < len(folded) and (folded[j] in _BETWEEN or number(folded[j], words.numbers) is not None):
            value = max(value, number(folded[j], words.numbers) or 0)
            j += 1
        unit = words.units.get(folded[j], words.units.get(folded[j].removesuffix("s"))) if j < len(folded) else None
        if unit is not None:
            found.append(Duration(value * unit, " ".join(folded[i : j + 1])))
    return max(found, key=lambda d: d.days, default=None)


def severity_of(
    tokens: Sequence[Token],
    words: AmountWords,
    *,
    about_pain: bool,
    corrected: Callable[[str], str],
    is_denied: Callable[[int], bool],
) -> tuple[Severity | None, Severity | None]:
    """The pain that is affirmed, and the pain that is denied ("not unbearable").

    A number out of ten counts anywhere, a bare number or a word of strength only in a sentence about pain. A number
    wins over words.
    """
    about_pain = about_pain or any(t.folded in words.scale for t in tokens)
    folded = [corrected(t.folded) for t in tokens] if about_pain else [t.folded for t in tokens]
    numbers: list[Severity] = []
    affirmed: list[Severity] = []
    denied: list[Severity] = []
    for i, word in enumerate(folded):
        score = _score(folded, i, words, about_pain=about_pain)
        if score is not None and score <= 10:
            numbers.append(Severity(score, word))
        elif about_pain:
            strength = next((v for s, v in words.severity if tuple(folded[i : i + len(s)]) == s), None)
            if strength is not None:
                (denied if is_denied(i) else affirmed).append(Severity(strength, word))

    def worst(found: list[Severity]) -> Severity | None:
        return max(found, key=lambda s: s.score, default=None)

    return worst(numbers) or worst(affirmed), worst(denied)


def _score(folded: Sequence[str], i: int, words: AmountWords, *, about_pain: bool) -> float | None:
    scale = _SCALE.match(folded[i])
    if scale:
        dated = i > 0 and folded[i - 1] in {"on", "am", "by", "until", "from", "vom", "bis"}
        return None if dated and not about_pain else float(scale[1])
    if (
        folded[i] in words.numbers
        and folded[i + 1 : i + 3] == ["out", "of"]
        and folded[i + 3 : i + 4] in (["ten"], ["10"])
    ):
        return words.numbers[folded[i]]
    if not (folded[i].isdecimal() and len(folded[i]) <= 2):
        return None
    following = folded[i + 1] if i + 1 < len(folded) else ""
    if _is_range_end(folded, i):
        return None
    if following in words.of_ten and "10" in folded[i + 2 : i + 4]:
        return float(folded[i])
    counts_something = (
        following in words.units or following.removesuffix("s") in words.units or following in words.of_ten
    )
    before = [w.removesuffix("'s") for w in folded[max(0, i - 4) : i]]
    while before and before[-1] in words.linking:
        before.pop()
    on_scale = any(w in words.scale for w in folded) and not _is_range_end(folded, i)
    leads = bool(before) and (before[-1] in words.lead or (on_scale and before[-1].isdecimal()))
    return float(folded[i]) if about_pain and leads and not counts_something else None


def _is_range_end(folded: Sequence[str], i: int) -> bool:
    """ "from 1 to 10", "von 0 bis 10": the ends of the scale, not the answer."""
    around = {*folded[max(0, i - 1) : i], *folded[i + 1 : i + 2]}
    return bool(around & {"to", "bis", "-"})


def has_fever(tokens: Sequence[Token], words: AmountWords) -> str | None:
    """A body temperature of fever height, as written: "39,2 Grad", "temperature 38.9", "101 F"."""
    folded = [t.folded for t in tokens]
    for i, word in enumerate(folded):
        value = number(word, {})
        if value is None or not (_CELSIUS[0] <= value <= _CELSIUS[1] or _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]):
            continue
        near = folded[max(0, i - 4) : i] + folded[i + 1 : i + 3]
        if any(w in words.degrees for w in near):
            return word
    return None


def many_tablets(tokens: Sequence[Token], words: AmountWords, is_medicine: Callable[[str], bool]) -> str | None:
    """A count of painkillers that no packet allows in a day; strengths in milligrams are no counts."""
    folded = [t.folded for t in tokens]
    for i, word in enumerate(folded):
        value = number(word, {})
        if (
            value is None
            or not _MANY_TABLETS <= value < 100
            or (folded[i + 1 : i + 2] and folded[i + 1] in words.dosage)
        ):
            continue
        if any(is_medicine(w) for w in folded[i + 1 : i + 4]) and not length_at(folded, i + 1, words.ages):
            counted = folded[i + 1].removesuffix("s") if i + 1 < len(folded) else ""
            if counted not in words.units:
                return word
    return None
