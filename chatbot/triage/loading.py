"""Reads the triage table from its files and refuses one that is not complete."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from chatbot.triage.amounts import AmountWords
from chatbot.triage.bands import Band
from chatbot.triage.lexicon import Lexicon
from chatbot.triage.people import PeopleWords
from chatbot.triage.phrases import Phrase, PhraseBook, compile_phrase
from chatbot.triage.scope import ScopeWords
from chatbot.triage.table import (
    LANGUAGES,
    Advice,
    Choice,
    Finding,
    Language,
    Modifier,
    Question,
    Raise,
    Reading,
    Rule,
    Source,
    Table,
    frozen,
)
from chatbot.triage.validation import check

DATA = Path(__file__).resolve().parent.parent / "data" / "triage"
_YES_NO: Mapping[str, Mapping[str, str]] = {
    "yes": {"en": "Yes", "de": "Ja"},
    "no": {"en": "No", "de": "Nein"},
    "unsure": {"en": "Not sure", "de": "Weiß nicht"},
}


@lru_cache(maxsize=1)
def table() -> Table:
    """The table that ships with the software, read once per process."""
    return load(DATA)


def load(folder: Path) -> Table:
    """Raises `TableError` listing everything that is wrong, OSError or tomllib.TOMLDecodeError for unreadable files."""
    findings: dict[str, Any] = {}
    repeated: list[str] = []
    for path in sorted((folder / "findings").glob("*.toml")):
        rows = _parsed(path)
        repeated.extend(rows.keys() & findings.keys())
        findings.update(rows)
    modifiers = _parsed(folder / "modifiers.toml")
    circumstances = _parsed(folder / "circumstances.toml")
    repeated.extend((modifiers.keys() & findings.keys()) | (circumstances.keys() & (findings | modifiers).keys()))
    modifiers |= circumstances
    sources = _parsed(folder / "sources.toml")
    scope, context = _parsed(folder / "scope.toml"), _parsed(folder / "context.toml")
    everyday: str = _parsed(folder / "everyday.toml")["words"]
    loaded = Table(
        findings=frozen({i: _finding(i, row) for i, row in findings.items()}),
        modifiers=frozen({i: _modifier(i, row) for i, row in modifiers.items()}),
        rules=frozen({i: _rule(i, row) for i, row in _parsed(folder / "rules.toml").items()}),
        questions=frozen({i: _question(i, row) for i, row in _parsed(folder / "questions.toml").items()}),
        advice=frozen({i: _advice(i, row) for i, row in _parsed(folder / "advice.toml").items()}),
        sources=frozen({i: Source(i, checked=sources["checked"], **row) for i, row in sources["sources"].items()}),
        readings=frozen(
            {
                language: _reading(
                    language,
                    Lexicon.read(language, _parsed(folder / f"lexicon_{language}.toml"), everyday),
                    ScopeWords.read(scope[language]),
                    PeopleWords.read(context[language]),
                    AmountWords.read(context[language]),
                    findings | modifiers,
                )
                for language in LANGUAGES
            }
        ),
    )
    check(loaded, findings | modifiers, repeated)
    return loaded


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _reading(
    language: Language,
    lexicon: Lexicon,
    scope: ScopeWords,
    people: PeopleWords,
    amounts: AmountWords,
    rows: Mapping[str, Any],
) -> Reading:
    phrases: list[Phrase] = []
    lexicon.left_alone |= scope.all_words()
    for sign, row in rows.items():
        weight = int(Band.parse(row.get("band") or row.get("alone") or "urgent"))
        for text in row.get(language, ()):
            phrase = compile_phrase(sign, text, lexicon, scope, reach=row.get("reach"), unless=row.get("unless", ()))
            phrases.append(phrase)
            for term in phrase.terms:
                for group in term:
                    lexicon.weigh(group, weight)
        phrases.extend(
            compile_phrase(sign, text, lexicon, scope, denies=True) for text in row.get(f"deny_{language}", ())
        )
    lexicon.close({word for sequence, _ in amounts.severity for word in sequence})
    return Reading(lexicon, scope, people, amounts, PhraseBook(phrases))


def _finding(sign: str, row: Mapping[str, Any]) -> Finding:
    return Finding(
        sign,
        Band.parse(row["band"]),
        frozenset(row["topics"]),
        row["label"],
        tuple(row.get("sources", ())),
        tuple(row.get("advice", ())),
        frozenset(row.get("flags", ())),
        frozenset(row.get("covers", ())),
        frozenset(row.get("counts", ())),
        frozenset(row.get("speaks_for", ())),
    )


def _modifier(sign: str, row: Mapping[str, Any]) -> Modifier:
    return Modifier(
        sign,
        row["label"],
        tuple(row.get("sources", ())),
        tuple(_raise(entry) for entry in row.get("raises", ())),
        Band.parse(row["alone"]) if "alone" in row else None,
    )


def _raise(entry: Mapping[str, Any]) -> Raise:
    return Raise(
        frozenset(entry["topics"]),
        Band.parse(entry["to"]) if "to" in entry else None,
        entry.get("steps", 0),
        Band.parse(entry.get("least", "routine")),
        Band.parse(entry.get("most", "emergency_medical")),
    )


def _rule(rule: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        rule,
        tuple(row["all"]),
        tuple(row.get("any", ())),
        row["label"],
        tuple(row.get("sources", ())),
        Band.parse(row["band"]) if "band" in row else None,
        row.get("adds"),
        frozenset(row.get("flags", ())),
        row.get("days"),
        row.get("pain"),
    )


def _question(question: str, row: Mapping[str, Any]) -> Question:
    return Question(
        question,
        row["text"],
        tuple(row.get("sources", ())),
        tuple(row["when"]),
        tuple(row.get("unless", ())),
        row["first"],
        row.get("general", False),
        tuple(_choices(row["choices"].items())),
    )


def _choices(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterable[Choice]:
    for choice, row in rows:
        yield Choice(
            choice,
            row.get("label") or _YES_NO.get(choice, {}),
            frozenset(row.get("adds", ())),
            frozenset(row.get("denies", ())),
        )


def _advice(advice: str, row: Mapping[str, Any]) -> Advice:
    return Advice(advice, row["text"], tuple(row.get("sources", ())))
