"""The table's phrases, compiled to groups of words, and found in a sentence in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatbot.triage.lexicon import Groups, Lexicon, literal
from chatbot.triage.scope import ScopeWords
from chatbot.triage.words import Token, tidy, tokens_of

NOT = "not"
_CANNOT = "cannot"
_TROUBLE = "trouble"
_REACH = 3
_REACH_WITH_NEGATION = 2
_COMMA_COST = 1
_COMMA_COST_WITH_NEGATION = 2
_EMPHASIS = frozenset(
    {
        "really",
        "very",
        "so",
        "pretty",
        "quite",
        "absolutely",
        "totally",
        "proper",
        "truly",
        "bloody",
        "incredibly",
        "all",
    }
    | {"richtig", "sehr", "total", "echt", "ganz", "voellig", "ziemlich", "mega", "voll", "wirklich", "extrem"}
)

Span = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """All `terms` have to occur near each other. A term is matched by a word that means all of its groups."""

    sign: str
    terms: tuple[Groups, ...]
    denies: bool
    source: str
    reach: int
    unless: Groups

    @property
    def contains_negation(self) -> bool:
        return any(NOT in term or _CANNOT in term for term in self.terms)


@dataclass(frozen=True, slots=True)
class Match:
    phrase: Phrase
    positions: tuple[int, ...]


@dataclass(slots=True)
class Sentence:
    """A sentence as one language reads it: which groups stand where."""

    tokens: Sequence[Token]
    places: dict[str, list[Span]]
    known: list[bool]
    free: list[bool]
    joined: list[bool]


def read_sentence(tokens: Sequence[Token], lexicon: Lexicon, scope: ScopeWords) -> Sentence:
    folded = [t.folded for t in tokens]
    places: dict[str, list[Span]] = {}
    known = [False] * len(tokens)
    masked = set[int]()
    for group, span in _sequences(folded, lexicon):
        places.setdefault(group, []).append(span)
        for i in span:
            known[i] = True
        if group in lexicon.masking:
            masked.update(span)
    for i, word in enumerate(folded):
        if tokens[i].is_mark or i in masked:
            continue
        groups = lexicon.groups(word)
        known[i] = known[i] or any(not group.startswith("=") for group in groups)
        for group in groups:
            places.setdefault(group, []).append((i,))
        if word in scope.all_negations:
            places.setdefault(NOT, []).append((i,))
    free = [w in lexicon.stop or w in scope.all_negations for w in folded]
    joined = [lexicon.is_joined(w) for w in folded]
    return Sentence(tokens, places, known, free, joined)


def _sequences(folded: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[str, Span]]:
    """The groups of several words that stand together."""
    for i, word in enumerate(folded):
        for words, group in lexicon.sequences.get(word, ()):
            span = _standing_at(i, words, folded)
            if span:
                yield group, span


def _standing_at(i: int, words: Sequence[str], folded: Sequence[str]) -> Span:
    """Where the words stand from `i` on; "feel really rough" is "feel rough" and more."""
    span: list[int] = []
    for word in words:
        while span and i < len(folded) and folded[i] != word and folded[i] in _EMPHASIS:
            i += 1
        if i == len(folded) or folded[i] != word:
            return ()
        span.append(i)
        i += 1
    return tuple(span)


class PhraseBook:
    """All phrases of one language, filed under their rarest group."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        uses = Counter(group for phrase in self.phrases for term in phrase.terms for group in term)
        self._filed: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            if not phrase.terms:
                continue  # loading refuses it
            anchor = min((group for term in phrase.terms for group in term), key=lambda g: uses[g])
            self._filed.setdefault(anchor, []).append(phrase)

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        for group in sentence.places:
            for phrase in self._filed.get(group, ()):
                yield from _occurrences(phrase, sentence)


def compile_phrase(
    sign: str,
    text: str,
    lexicon: Lexicon,
    scope: ScopeWords,
    *,
    denies: bool = False,
    reach: int | None = None,
    unless: Iterable[str] = (),
) -> Phrase:
    """The groups that a phrase of the table asks for.

    `reach` is how many other words may stand between its own; it does not hold in a sentence with a group of `unless`.

    Words that no group knows become groups of their own, so that the lexicon has to be closed afterwards.
    """
    tokens = [t for t in tokens_of(tidy(text)) if not t.is_mark]
    folded = [t.folded for t in tokens]
    terms: list[Groups] = []
    i = 0
    while i < len(folded):
        word = folded[i]
        sequence = max(
            (s for s in lexicon.sequences.get(word, ()) if tuple(folded[i : i + len(s[0])]) == s[0]),
            key=lambda s: len(s[0]),
            default=None,
        )
        if sequence is not None:
            terms.append(frozenset({sequence[1]}))
            i += len(sequence[0])
            continue
        terms.extend(_terms_of(word, lexicon, scope))
        i += 1
    unique = tuple(dict.fromkeys(terms))
    if reach is None:
        reach = _REACH_WITH_NEGATION if any(NOT in t or _CANNOT in t for t in unique) else _REACH
    return Phrase(sign, unique, denies, text, reach, frozenset(unless))


def _terms_of(word: str, lexicon: Lexicon, scope: ScopeWords) -> list[Groups]:
    groups = lexicon.words.get(word)
    if groups is not None and _CANNOT in groups:
        return [groups]
    if word in scope.all_negations:
        return [frozenset({NOT})]
    if word in lexicon.compound_parts:
        return list(lexicon.compound_parts[word])
    if groups is not None:
        return [groups]
    if word in lexicon.stop or word in scope.ands or word in scope.lists:
        return []
    derived = lexicon.derived(word)
    if derived:
        return derived
    lexicon.add(word, literal(word))
    return [frozenset({literal(word)})]


def _occurrences(phrase: Phrase, sentence: Sentence) -> Iterator[Match]:
    if phrase.unless & sentence.places.keys():
        return
    options: list[list[Span]] = []
    for term in phrase.terms:
        spans = _spans(term, sentence)
        if not spans:
            return
        options.append(spans)
    options.sort(key=len)
    seen = set[tuple[int, ...]]()
    for anchor in options[0]:
        chosen = _nearest(anchor, options[1:], sentence)
        if chosen is None:
            continue
        positions = tuple(sorted({p for span in chosen for p in span}))
        if positions in seen or _gap(positions, sentence, phrase) > phrase.reach:
            continue
        seen.add(positions)
        if not (phrase.contains_negation and _denies_trouble(positions, phrase, sentence)):
            yield Match(phrase, positions)


def _nearest(anchor: Span, others: Sequence[Sequence[Span]], sentence: Sentence) -> list[Span] | None:
    """For each other term the place nearest to the anchor. One word serves two terms only when it is two words joined."""
    chosen = [anchor]
    for spans in others:
        free = [s for s in spans if s not in chosen or (len(s) == 1 and sentence.joined[s[0]])]
        if not free:
            return None
        chosen.append(min(free, key=lambda s: abs(s[0] - anchor[0])))
    return chosen


def _denies_trouble(positions: Sequence[int], phrase: Phrase, sentence: Sentence) -> bool:
    """ "no trouble breathing" is not "not breathing"."""
    if any(_TROUBLE in term for term in phrase.terms):
        return False
    own = set(positions)
    return any(
        positions[0] < i < positions[-1] and i not in own for span in sentence.places.get(_TROUBLE, ()) for i in span
    )


def _spans(term: Groups, sentence: Sentence) -> list[Span]:
    if len(term) == 1:
        (group,) = term
        return sentence.places.get(group, [])
    first, *others = term
    spans = sentence.places.get(first, [])
    return [s for s in spans if all(s in sentence.places.get(o, ()) for o in others)]


def _gap(positions: Sequence[int], sentence: Sentence, phrase: Phrase) -> int:
    comma = _COMMA_COST_WITH_NEGATION if phrase.contains_negation else _COMMA_COST
    own = set(positions)
    gap = 0
    for i in range(positions[0], positions[-1]):
        if i in own:
            continue
        if sentence.tokens[i].is_mark:
            gap += comma
        elif not sentence.free[i]:
            gap += 1
    return gap
