"""What a triage table must hold before anybody is assessed with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatbot.triage.bands import Band
from chatbot.triage.table import LANGUAGES, Language, Table, Texts


class TableError(ValueError):
    """The table is not fit for use. `problems` lists every reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def check(table: Table, rows: Mapping[str, Any], repeated: Sequence[str] = ()) -> None:
    """Raises `TableError` unless every row has sources, both languages and known references, and ids are unique."""
    problems = [f"{sign}: the id is used twice" for sign in repeated]
    problems.extend(_missing_sources(table))
    problems.extend(_missing_texts(table))
    problems.extend(_unknown_references(table))
    problems.extend(_missing_phrases(table, rows))
    for language in LANGUAGES:
        problems.extend(_empty_phrases(table, language))
        problems.extend(_ambiguous_phrases(table, language, rows))
    if problems:
        raise TableError(problems)


def _missing_sources(table: Table) -> Iterator[str]:
    for kind in (table.findings, table.modifiers, table.rules, table.questions, table.advice):
        for row in kind.values():
            if not row.sources:
                yield f"{row.id}: no source"
            for source in row.sources:
                if source not in table.sources:
                    yield f"{row.id}: unknown source {source}"


def _missing_texts(table: Table) -> Iterator[str]:
    texts: list[tuple[str, Texts]] = []
    for labelled in (table.findings, table.modifiers, table.rules):
        texts.extend((row.id, row.label) for row in labelled.values())
    texts.extend((row.id, row.text) for row in table.advice.values())
    for question in table.questions.values():
        texts.append((question.id, question.text))
        texts.extend(
            (f"{question.id}.{choice.id}", choice.label) for choice in question.choices if choice.id != "unsure"
        )
    for owner, text in texts:
        for language in LANGUAGES:
            if not text.get(language, "").strip():
                yield f"{owner}: no text in {language}"


def _unknown_references(table: Table) -> Iterator[str]:
    signs = table.findings.keys() | table.modifiers.keys()
    topics = {topic for finding in table.findings.values() for topic in finding.topics}

    def unknown(owner: str, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            if (name.startswith("@") and name[1:] not in topics) or (not name.startswith("@") and name not in signs):
                yield f"{owner}: unknown {name}"

    for finding in table.findings.values():
        yield from unknown(finding.id, sorted(finding.covers | finding.counts | finding.speaks_for))
        yield from (f"{finding.id}: unknown advice {a}" for a in finding.advice if a not in table.advice)
    for rule in table.rules.values():
        yield from unknown(rule.id, (*rule.wanted, *rule.any_of, *([rule.adds] if rule.adds else ())))
    for question in table.questions.values():
        yield from unknown(question.id, (*question.when, *question.unless))
        for choice in question.choices:
            yield from unknown(f"{question.id}.{choice.id}", sorted(choice.adds | choice.denies))
        if "unsure" not in {choice.id for choice in question.choices}:
            yield f"{question.id}: no answer for being unsure"
    for band in Band:
        if band.code not in table.advice:
            yield f"{band.code}: no advice"


def _missing_phrases(table: Table, rows: Mapping[str, Any]) -> Iterator[str]:
    for sign, row in rows.items():
        for language in LANGUAGES:
            if not row.get(language):
                yield f"{sign}: no phrase in {language}"


def _empty_phrases(table: Table, language: Language) -> Iterator[str]:
    """A phrase of which only weak words are left would fit any sentence."""
    reading = table.readings[language]
    for phrase in reading.book.phrases:
        if all(term <= reading.lexicon.weak for term in phrase.terms):
            yield f"{phrase.sign}: {phrase.source!r} would fit any sentence"


def _ambiguous_phrases(table: Table, language: Language, rows: Mapping[str, Any]) -> Iterator[str]:
    """Two findings of different bands must not ask for the same words, unless one declares that it covers the other."""
    by_terms: defaultdict[frozenset[Any], dict[str, str]] = defaultdict(dict)
    for phrase in table.readings[language].book.phrases:
        if not phrase.denies and phrase.sign in table.findings:
            by_terms[frozenset(phrase.terms)][phrase.sign] = phrase.source
    for signs in by_terms.values():
        for one in signs:
            for other in signs.keys() - {one}:
                first, second = table.findings[one], table.findings[other]
                if one < other and first.band != second.band and one not in second.covers and other not in first.covers:
                    yield f"{one} ({signs[one]!r}) and {other} ({signs[other]!r}) ask for the same words"
