"""What somebody said about their complaint, in the table's terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chatbot.triage.amounts import SEVERE, Duration, Severity, duration_of, has_fever, many_tablets, severity_of
from chatbot.triage.loading import table as shipped_table
from chatbot.triage.people import NOBODY_ELSE, Subject, Who, subject_of
from chatbot.triage.phrases import Match, Sentence, read_sentence
from chatbot.triage.scope import SentenceScope, State
from chatbot.triage.table import LANGUAGES, Language, Reading, Table
from chatbot.triage.words import Token, sentences_of, tidy, tokens_of

CHILD = "child"
Found = tuple[Match, State]
_FEVER, _OVERDOSE, _SEVERE_PAIN = "fever", "overdose", "severe_pain"
_FINE = "fine"
_PAIN_GROUP, _MEDICINE_GROUP = "pain", "medicine"


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding or modifier, what was said of it, and the words (as written) it was read from."""

    sign: str
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """The reading of one message, or of several put together with `then`."""

    mentions: tuple[Mention, ...] = ()
    subject: Subject = NOBODY_ELSE
    duration: Duration | None = None
    severity: Severity | None = None
    is_question: bool = False
    languages: tuple[Language, ...] = ()
    closes: frozenset[str] = frozenset()

    @property
    def present(self) -> frozenset[str]:
        """Signs that are affirmed. The stricter reading wins where a text contradicts itself."""
        return self._in(State.PRESENT)

    @property
    def uncertain(self) -> frozenset[str]:
        """Signs that are doubted or only asked about, and not affirmed elsewhere."""
        return self._in(State.UNCERTAIN) - self.present

    @property
    def denied(self) -> frozenset[str]:
        """Signs that are ruled out, or over, and not mentioned otherwise."""
        return (self._in(State.DENIED) | self._in(State.OVER)) - self.present - self.uncertain

    def _in(self, state: State) -> frozenset[str]:
        return frozenset(m.sign for m in self.mentions if m.state is state)

    def then(self, later: Understanding) -> Understanding:
        """This, followed by a later message: what is over now closes what was said before; later numbers win.

        Once a child was named it stays about the child.
        """
        closed = later._in(State.OVER) | later.closes
        return Understanding(
            tuple(m for m in self.mentions if m.sign not in closed) + later.mentions,
            self.subject.or_rather(later.subject),
            later.duration or self.duration,
            later.severity or self.severity,
            later.is_question,
            tuple(dict.fromkeys(self.languages + later.languages)),
            self.closes | later.closes,
        )

    def retract(self, signs: Iterable[str]) -> Understanding:
        """Without these signs: for somebody who says that they were misunderstood."""
        taken_back = frozenset(signs)
        return replace(self, mentions=tuple(m for m in self.mentions if m.sign not in taken_back))


def understand(text: str, table: Table | None = None) -> Understanding:
    """Reads a message in English or German. Never raises, whatever the text holds."""
    used = table or shipped_table()
    tidied = tidy(text)
    tokens = tokens_of(tidied)
    understood = Understanding()
    durations: list[Duration] = []
    severities: list[Severity] = []
    for sentence in sentences_of(tokens):
        heard = _languages(sentence, used)
        read = _together(_read(sentence, tidied, used.readings[x], used) for x in heard or LANGUAGES)
        durations.extend([read.duration] if read.duration else [])
        severities.extend([read.severity] if read.severity else [])
        understood = understood.then(replace(read, languages=heard))
    understood = replace(
        understood,
        duration=max(durations, key=lambda d: d.days, default=None),
        severity=max(severities, key=lambda s: s.score, default=None),
    )
    return _settled(understood, tidied, used)


def _languages(tokens: Sequence[Token], table: Table) -> tuple[Language, ...]:
    """The languages whose everyday words occur in a sentence. None of them: it is read in both."""
    words = {t.folded for t in tokens}
    return tuple(x for x in LANGUAGES if words & table.readings[x].scope.function_words)


def _together(readings: Iterable[Understanding]) -> Understanding:
    """One sentence read in several languages."""
    result = Understanding()
    for reading in readings:
        result = replace(
            result,
            mentions=result.mentions + reading.mentions,
            subject=result.subject.or_rather(reading.subject),
            duration=result.duration or reading.duration,
            severity=result.severity or reading.severity,
            is_question=result.is_question or reading.is_question,
            closes=result.closes | reading.closes,
        )
    return result


def _read(tokens: Sequence[Token], text: str, reading: Reading, table: Table) -> Understanding:
    sentence = read_sentence(tokens, reading.lexicon, reading.scope)
    hinders = [any(i in span for span in sentence.places.get("cannot", ())) for i in range(len(tokens))]
    scope = SentenceScope(tokens, reading.scope, sentence.known, hinders)
    found: list[Found] = []
    for match in _within_clauses(reading.book.matches(sentence), sentence, reading):
        state = scope.state_of(match.positions, contains_negation=match.phrase.contains_negation)
        if match.phrase.denies:
            if match.phrase.contains_negation or (
                state in (State.PRESENT, State.UNCERTAIN) and not _has_negation(match, sentence)
            ):
                found.append((match, State.DENIED))
        else:
            found.append((match, state))
    kept = list(_not_yet_over(list(_uncovered(_undenied(found), tokens, table)), table))
    severity, denied_severity = severity_of(
        tokens,
        reading.amounts,
        about_pain=_PAIN_GROUP in sentence.places,
        corrected=reading.lexicon.corrected,
        is_denied=scope.is_denied,
    )
    mentions = [_mention(match, state, text, tokens) for match, state in kept]
    mentions.extend(_counted(tokens, reading))
    if denied_severity is not None and denied_severity.score >= SEVERE:
        mentions.append(Mention(_SEVERE_PAIN, State.DENIED, denied_severity.words))
    if severity is not None and severity.score < SEVERE:
        mentions.append(Mention(_SEVERE_PAIN, State.DENIED, severity.words))
    return Understanding(
        tuple(mentions),
        subject_of(tokens, reading.people) or NOBODY_ELSE,
        duration_of(tokens, reading.amounts),
        severity,
        scope.is_question,
        closes=frozenset(s for m, state in kept if state is State.OVER for s in _spoken_for(m.phrase.sign, table)),
    )


def _counted(tokens: Sequence[Token], reading: Reading) -> Iterable[Mention]:
    """What numbers say by themselves."""
    temperature = has_fever(tokens, reading.amounts)
    if temperature:
        yield Mention(_FEVER, State.PRESENT, temperature)
    tablets = many_tablets(tokens, reading.amounts, lambda word: _MEDICINE_GROUP in reading.lexicon.groups(word))
    if tablets:
        yield Mention(_OVERDOSE, State.PRESENT, tablets)


def _within_clauses(matches: Iterable[Match], sentence: Sentence, reading: Reading) -> Iterable[Match]:
    """A phrase does not reach over a "but"."""
    splits = [i for i, token in enumerate(sentence.tokens) if token.folded in reading.scope.splits]
    for match in matches:
        first, last = match.positions[0], match.positions[-1]
        if not any(first < split < last for split in splits):
            yield match


def _has_negation(match: Match, sentence: Sentence) -> bool:
    negations = {i for place in ("not", "cannot") for span in sentence.places.get(place, ()) for i in span}
    first, last = match.positions[0], match.positions[-1]
    clause = max((i + 1 for i in range(first) if sentence.tokens[i].is_mark), default=0)
    own = set(match.positions)  # "no temperature" is one of the lexicon's words
    return any(max(clause, first - 3) <= i <= last + 2 for i in negations - own)


def _undenied(found: Sequence[Found]) -> list[Found]:
    """Drops a reading whose words a plain "is fine" speaks of: "cheek swollen, eyes fine" is no swollen eye."""
    fine: defaultdict[str, set[int]] = defaultdict(set)
    for match, _ in found:
        if match.phrase.denies and any(_FINE in term for term in match.phrase.terms):
            fine[match.phrase.sign].update(match.positions)
    return [
        (match, state)
        for match, state in found
        if match.phrase.denies
        or match.phrase.contains_negation
        or match.phrase.sign not in fine
        or fine[match.phrase.sign].isdisjoint(match.positions)
    ]


def _uncovered(found: Sequence[Found], tokens: Sequence[Token], table: Table) -> Iterable[Found]:
    """Leaves out a finding whose words all belong to a more particular one that covers it.

    "My eye is not swollen" says nothing of other swellings, while "tooth hurts, no swelling" means any swelling.
    """
    covering: defaultdict[tuple[str, bool], set[frozenset[int]]] = defaultdict(set)
    for match, state in found:
        finding = table.findings.get(match.phrase.sign)
        denied = state is State.DENIED
        in_one_piece = not any(tokens[i].is_mark for i in range(match.positions[0], match.positions[-1]))
        if finding and (state in (State.PRESENT, State.UNCERTAIN) or (denied and in_one_piece)):
            for sign in finding.covers:
                covering[sign, denied].add(frozenset(match.positions))
    for match, state in found:
        positions = set(match.positions)
        covers = covering[match.phrase.sign, False] | (
            covering[match.phrase.sign, True] if state is State.DENIED else set()
        )
        if not any(positions <= other for other in covers):
            yield match, state


def _not_yet_over(found: Sequence[Found], table: Table) -> Iterable[Found]:
    """Leaves out what the same sentence later says is over: "it was swollen but the swelling has gone"."""
    endings = [(m.positions[-1], _spoken_for(m.phrase.sign, table)) for m, state in found if state is State.OVER]
    for match, state in found:
        if state is State.OVER or not any(
            match.positions[-1] < at and match.phrase.sign in signs for at, signs in endings
        ):
            yield match, state


def _spoken_for(sign: str, table: Table) -> frozenset[str]:
    finding = table.findings.get(sign)
    return frozenset({sign}) | (finding.speaks_for if finding else frozenset())


def _mention(match: Match, state: State, text: str, tokens: Sequence[Token]) -> Mention:
    words = " ".join(text[tokens[i].start : tokens[i].end] for i in match.positions)
    return Mention(match.phrase.sign, state, words)


def _settled(understood: Understanding, text: str, table: Table) -> Understanding:
    by_sign: defaultdict[tuple[str, State], list[Mention]] = defaultdict(list)
    for mention in understood.mentions:
        by_sign[mention.sign, mention.state].append(mention)
    # The longest words that stand together say most about why a sign was understood; the others add nothing.
    mentions = [max(same, key=lambda m: (m.words in text, len(m.words))) for same in by_sign.values()]
    for sign in understood.denied:
        mentions.extend(Mention(s, State.DENIED, "") for s in _spoken_for(sign, table) - {sign})
    if understood.subject.who is Who.CHILD:
        mentions.append(Mention(CHILD, State.PRESENT, understood.subject.words))
    return replace(understood, mentions=tuple(mentions))
