"""From what is known to an urgency, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatbot.triage.bands import Band
from chatbot.triage.loading import table as shipped_table
from chatbot.triage.table import Finding, Question, Rule, Table
from chatbot.triage.understanding import Understanding

MOST_QUESTIONS = 5
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the band is at least `band`. `sign` is a finding, modifier or rule; `Table.label` names it to people."""

    sign: str
    band: Band
    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """How urgent it is as far as is known. `band` is None while no complaint or wish has been understood.

    `worst` is the band that the gravest answer to one of the open questions would lead to.
    """

    band: Band | None
    reasons: tuple[Reason, ...]
    signs: frozenset[str]
    sources: tuple[str, ...]
    open_questions: tuple[Question, ...]
    flags: frozenset[str]
    advice: tuple[str, ...]
    worst: Band | None

    @property
    def may_become_emergency(self) -> bool:
        """Whether an open question could still make a bookable complaint an emergency: ask before offering slots."""
        return (
            self.worst is not None and self.worst >= Band.EMERGENCY_DENTAL and (self.band is None or self.band.bookable)
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """The signs an assessment stands on. Doubted signs count as present."""

    signs: frozenset[str]
    denied: frozenset[str]
    days: float | None
    pain: float | None

    def adding(self, signs: Iterable[str]) -> Facts:
        return Facts(self.signs | frozenset(signs), self.denied, self.days, self.pain)


def assess(understanding: Understanding, answers: Answers | None = None, table: Table | None = None) -> Assessment:
    """The stricter of all that is known. `answers` maps question ids to the ids of chosen answers.

    Monotone: one more sign, or an answer that affirms one, never makes it less urgent. An explicit "no" only clears
    what was merely doubted. Raises KeyError for an unknown question or answer.
    """
    used = table or shipped_table()
    facts = _facts(understanding, answers or {}, used)
    reasons = sorted(_reasons(facts, understanding, used), key=lambda r: -r.band)
    band = reasons[0].band if reasons else None
    facts = facts.adding(_added(facts, used))
    asked = _open_questions(facts, band, answers or {}, used)
    return Assessment(
        band,
        tuple(reasons),
        facts.signs,
        tuple(dict.fromkeys(source for reason in reasons for source in reason.sources)),
        tuple(entry.question for entry in asked),
        _flags(facts, used),
        tuple(_advice(facts, band, used)),
        max((entry.worst for entry in asked), default=band),
    )


def safety_questions(table: Table | None = None) -> tuple[Question, ...]:
    """What to ask somebody whose complaint was not understood, most telling first."""
    used = table or shipped_table()
    return tuple(sorted((q for q in used.questions.values() if q.general), key=lambda q: q.first))


def _facts(understanding: Understanding, answers: Answers, table: Table) -> Facts:
    chosen = [table.questions[question].choice(choice) for question, choice in answers.items()]
    added = frozenset(sign for choice in chosen for sign in choice.adds)
    ruled_out = frozenset(sign for choice in chosen for sign in choice.denies) - added
    doubted = understanding.uncertain - ruled_out
    return Facts(
        understanding.present | doubted | added,
        (understanding.denied | ruled_out) - understanding.present - added,
        understanding.duration.days if understanding.duration else None,
        understanding.severity.score if understanding.severity else None,
    )


def _reasons(facts: Facts, understanding: Understanding, table: Table) -> Iterator[Reason]:
    words = {m.sign: m.words for m in understanding.mentions}
    signs = facts.signs | frozenset(_added(facts, table))
    findings = [table.findings[s] for s in sorted(signs) if s in table.findings]
    for finding in findings:
        yield Reason(finding.id, finding.band, words.get(finding.id, ""), finding.sources)
    for modifier in (table.modifiers[s] for s in sorted(signs) if s in table.modifiers):
        bands = [
            raised
            for finding in findings
            if modifier.id not in finding.counts
            for raised in (max((r.applied(finding) for r in modifier.raises), default=finding.band),)
            if raised > finding.band
        ]
        if modifier.alone is not None:
            bands.append(modifier.alone)
        if bands:
            yield Reason(modifier.id, max(bands), words.get(modifier.id, ""), modifier.sources)
    for rule in _holding(facts.adding(signs), table):
        if rule.band is not None:
            yield Reason(rule.id, rule.band, "", rule.sources)


def _holding(facts: Facts, table: Table) -> Iterator[Rule]:
    def known(wanted: str) -> bool:
        if wanted.startswith("@"):
            return any(wanted[1:] in table.topics(sign) for sign in facts.signs)
        return wanted in facts.signs

    for rule in table.rules.values():
        if (
            all(known(w) for w in rule.wanted)
            and (not rule.any_of or any(known(w) for w in rule.any_of))
            and (rule.days is None or (facts.days is not None and facts.days >= rule.days))
            and (rule.pain is None or (facts.pain is not None and facts.pain >= rule.pain))
        ):
            yield rule


def _added(facts: Facts, table: Table) -> Iterator[str]:
    for rule in _holding(facts, table):
        if rule.adds is not None:
            yield rule.adds


def _flags(facts: Facts, table: Table) -> frozenset[str]:
    of_findings = (table.findings[s].flags for s in facts.signs if s in table.findings)
    of_rules = (rule.flags for rule in _holding(facts, table))
    return frozenset().union(*of_findings, *of_rules)


def _advice(facts: Facts, band: Band | None, table: Table) -> Iterator[str]:
    """The band's own advice first, then what the findings call for, most urgent first. Whoever has to call the
    emergency number reads nothing about soft food."""
    if band is None:
        return
    findings: list[Finding] = [table.findings[s] for s in sorted(facts.signs) if s in table.findings]
    if band is Band.EMERGENCY_MEDICAL:
        findings = [finding for finding in findings if not finding.band.bookable]
    keys = [band.code]
    for finding in sorted(findings, key=lambda f: -f.band):
        keys.extend(finding.advice)
    if band in (Band.SOON, Band.URGENT):
        keys.append("worse")
    keys.append("no_diagnosis")
    yield from dict.fromkeys(keys)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a question could still bring to light."""

    question: Question
    worst: Band
    flags: bool

    def rank(self) -> tuple[int, bool, int, str]:
        return -self.worst, not self.flags, self.question.first, self.question.id


def _open_questions(facts: Facts, band: Band | None, answers: Answers, table: Table) -> list[Prospect]:
    """What is worth asking, whatever could change the band most first."""
    if band is Band.EMERGENCY_MEDICAL:
        return []
    known = Band.ROUTINE if band is None else band
    open_ones = (q for q in table.questions.values() if q.id not in answers and _applies(q, facts, table))
    prospects = (_prospect(question, facts, known, table) for question in open_ones)
    telling = [p for p in prospects if p.worst > known or p.flags]
    return sorted(telling, key=Prospect.rank)[:MOST_QUESTIONS]


def _applies(question: Question, facts: Facts, table: Table) -> bool:
    topics = frozenset(topic for sign in facts.signs for topic in table.topics(sign))

    def known(name: str) -> bool:
        return name[1:] in topics if name.startswith("@") else name in facts.signs

    return any(known(name) for name in question.when) and not any(known(name) for name in question.unless)


def _prospect(question: Question, facts: Facts, band: Band, table: Table) -> Prospect:
    """What the worst answers that have not been ruled out would lift the band to, and whether one sets a flag."""
    worst, flags = band, False
    for choice in question.choices:
        new = choice.adds - facts.signs - facts.denied
        if not new:
            continue
        worse = facts.adding(new)
        worst = max([worst, *(r.band for r in _reasons(worse, Understanding(), table))])
        flags = flags or bool(_flags(worse, table) - _flags(facts, table))
    return Prospect(question, worst, flags)
