"""The triage table in memory: what is looked for, how urgent it is, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, TypeVar

from chatbot.triage.amounts import AmountWords
from chatbot.triage.bands import Band
from chatbot.triage.lexicon import Lexicon
from chatbot.triage.people import PeopleWords
from chatbot.triage.phrases import PhraseBook
from chatbot.triage.scope import ScopeWords

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")
Texts = Mapping[str, str]
ANY_TOPIC = "*"
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Source:
    """A public source. `seen` is `text` when the passage was read, `reference` when it was only named."""

    id: str
    title: str
    publisher: str
    url: str
    checked: date
    seen: str
    year: int | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person can report.

    `covers` names less particular findings that the same words must not count for; `counts` names modifiers that the
    band already takes into account; `speaks_for` names what a denial of this one denies too.
    """

    id: str
    band: Band
    topics: frozenset[str]
    label: Texts
    sources: tuple[str, ...]
    advice: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    speaks_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Raise:
    """Lifts findings with one of these topics: up to `to`, or by `steps` between `least` and `most`."""

    topics: frozenset[str]
    to: Band | None = None
    steps: int = 0
    least: Band = Band.ROUTINE
    most: Band = Band.EMERGENCY_MEDICAL

    def applied(self, finding: Finding) -> Band:
        if ANY_TOPIC not in self.topics and not self.topics & finding.topics:
            return finding.band
        if self.to is not None:
            return max(finding.band, self.to)
        lifted = Band(min(finding.band + self.steps, Band.EMERGENCY_MEDICAL))
        return max(finding.band, min(self.most, max(lifted, self.least)))


@dataclass(frozen=True, slots=True)
class Modifier:
    """A circumstance that makes findings more urgent."""

    id: str
    label: Texts
    sources: tuple[str, ...]
    raises: tuple[Raise, ...]
    alone: Band | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What several signs mean together. `wanted` entries are ids, or topics with a leading @."""

    id: str
    wanted: tuple[str, ...]
    any_of: tuple[str, ...]
    label: Texts
    sources: tuple[str, ...]
    band: Band | None = None
    adds: str | None = None
    flags: frozenset[str] = frozenset()
    days: float | None = None
    pain: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: what it adds, and what it rules out."""

    id: str
    label: Texts
    adds: frozenset[str]
    denies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: Texts
    sources: tuple[str, ...]
    when: tuple[str, ...]
    unless: tuple[str, ...]
    first: int
    general: bool
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice:
        """Raises KeyError for an answer that the question does not offer."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        raise KeyError(f"{self.id} has no answer {choice_id!r}")


@dataclass(frozen=True, slots=True)
class Advice:
    id: str
    text: Texts
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one language needs to be read."""

    lexicon: Lexicon
    scope: ScopeWords
    people: PeopleWords
    amounts: AmountWords
    book: PhraseBook


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table, checked on loading. Every text exists in every language."""

    findings: Mapping[str, Finding]
    modifiers: Mapping[str, Modifier]
    rules: Mapping[str, Rule]
    questions: Mapping[str, Question]
    advice: Mapping[str, Advice]
    sources: Mapping[str, Source]
    readings: Mapping[Language, Reading]

    def label(self, sign: str, language: Language) -> str:
        """How a finding, modifier or rule is named to people. Raises KeyError for an unknown id."""
        for kind in (self.findings, self.modifiers, self.rules):
            if sign in kind:
                return kind[sign].label[language]
        raise KeyError(sign)

    def topics(self, sign: str) -> frozenset[str]:
        finding = self.findings.get(sign)
        return finding.topics if finding else frozenset()


def frozen(mapping: dict[K, V]) -> Mapping[K, V]:
    return MappingProxyType(mapping)
