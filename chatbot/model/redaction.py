"""What leaves of a message: words that everybody uses, the clinic's own, and short numbers. Nothing else.

A list of what may leave, not of what must stay: a name that nobody thought of is no word of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.dialogue import keywords
from chatbot.dialogue.details import details_in
from chatbot.dialogue.matching import dentists_in, folded_words
from chatbot.dialogue.world import Dentist, World
from chatbot.model.contacts import without_contacts
from chatbot.model.words import PLAIN, listed
from chatbot.triage import table
from chatbot.triage.words import fold, tidy
from chatbot.when.english import ENGLISH
from chatbot.when.german import GERMAN
from chatbot.when.tags import Tag

LONGEST = 600  # characters that are looked at
_TOKEN = re.compile(r"\[[A-Z]\d+\]|\[[a-z]+\]|[^\W\d_]+(?:['-][^\W\d_]+)*|\d+[^\W_]*|[.,!?:;/()%€-]")
_SHORTEST_TYPO, _LONG = 5, 8
_ENDS = ".!?:;"
_OFTEN_SAID = listed("swollen swelling pain toothache hurts hurt cancer schmerzen zahnschmerzen weh schwellung broken")
_HEALTH_TAGS = {Tag.COMPLAINT, Tag.COMPLAINT_NOUN, Tag.PAIN}
# Everyday words that are family names as well: German writes them with a capital only as such.
_NAMES_TOO = listed(
    "klein gross lange kurz jung alt neu weiss schnell stark lieb gut fest frei frueh spaet hope will may mai mark rose "
    "winter sommer herbst abend freund kind koch wolf koenig kaiser hoffmann hell roth braun schwarz"
)
# Family names that are everyday words in whatever case, where a title or the like stands before or behind them.
_FAMILY_NAMES = _NAMES_TOO | listed(
    "april august best case chance child close cross day early english fair fest fine first freitag friday fruehling good "
    "grosse gute hand heim holiday home house juli june junge key kleine krone last liebe little long love low lucky maerz "
    "march miles mittag monday montag morgen new nice noon ostern page park platz price quick read recht rush sage samstag "
    "schoen sharp short small sonntag spring still street summer sunday tag tidy town urlaub voll warm weeks weisser white "
    "wish work works worth zeit"
)
_CHILDREN = listed("hope rose mark lucky love winter summer sommer klein lang lange gross kurz jung hell")
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|herrn?)\b\.?\s+(?:(?:dr|prof|doktor|von|van|de|der|zu)\b\.?\s+)*([^\W\d_][\w'-]*)", re.IGNORECASE
)
_CALLED = re.compile(
    r"\b(?:frau|miss|fräulein|familie|family)\s+([^\W\d_]+)|^\W*([^\W\d_]+)\W+(?:here|hier|speaking)\b|"
    r"([^\W\d_]+)\s+(?:am apparat)\b",
    re.IGNORECASE,
)
_NAMED_BEHIND = re.compile(
    r"([^\W\d_]+)\s+(?:is my (?:\w+ )?name|is the name|ist (?:mein|der) (?:\w+)?name)\b", re.IGNORECASE
)
_KIN = re.compile(
    r"\b(?:son|daughter|wife|husband|mother|mum|mom|father|dad|brother|sister|kid|child|aunt|uncle|friend|sohn|tochter|"
    r"frau|mann|mutter|mama|vater|papa|bruder|schwester|kind|oma|opa|tante|onkel|freund|freundin)\s+([^\W\d_]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What may leave; `[D1]` is the first of the world's dentists. `words` counts what is left to be understood."""

    text: str
    words: int


def cleaned(text: str, world: World, personal: Iterable[str], *, today: date, health: bool, language: str) -> Cleaned:
    """`personal` are names and the like that are known of the person: they stay, whatever they mean. Words about health
    leave only with `health`. `today` is the clinic's date; `language` that of the conversation."""
    # Digits and letters of other shapes (superscript, full width, keycaps) are those that they stand for.
    left = tidy(unicodedata.normalize("NFKC", text))[:LONGEST].replace("[", "(").replace("]", ")")
    left = without_contacts(left, today)
    left = _without_names(left, world, personal, today)
    named = _of_treatments(tuple(one.name for one in world.treatments))
    known = _vocabulary(health) | named
    tokens = list(_kept(left, known, german=language == "de"))
    words = sum(token[:1].isalpha() or token[1:2].isupper() for _gap, token in tokens)
    return Cleaned("".join(f"{gap}{token}" for gap, token in tokens).strip(), words)


@lru_cache(maxsize=2)
def about_health() -> frozenset[str]:
    """Words of complaints, as far as triage and the calendar know them."""
    told = {word for reading in table().readings.values() for word in reading.lexicon.words}
    for reading in table().readings.values():
        told -= reading.lexicon.stop | reading.scope.function_words | reading.scope.denials
    told -= keywords.EVERYDAY - _OFTEN_SAID
    for lexicon in (ENGLISH, GERMAN):
        alone = {words[0]: tags.keys() for words, tags in lexicon.entries.items() if len(words) == 1}
        told -= {word for word in lexicon.known if Tag.COUNTED not in alone.get(word, ())}
        told |= {word for word, tags in alone.items() if tags & _HEALTH_TAGS}
    return frozenset(told - PLAIN)


@lru_cache(maxsize=2)
def _vocabulary(health: bool) -> frozenset[str]:
    words = set(PLAIN) | keywords.EVERYDAY | keywords.YES | keywords.NO | ENGLISH.known | GERMAN.known
    words |= keywords.PICKING | keywords.RULES_OUT | keywords.TITLES | set(keywords.ORDINALS)
    words |= {word for group in keywords.TREATMENT_SYNONYMS for word in group}
    words |= {word.removeprefix("=") for phrases in keywords.INTENTS.values() for phrase in phrases for word in phrase}
    for reading in table().readings.values():
        words |= {word for word in reading.lexicon.stop | reading.scope.function_words if " " not in word}
        if health:
            words |= set(reading.lexicon.words)
    return frozenset(words) if health else frozenset(words - about_health())


@lru_cache(maxsize=8)
def _of_treatments(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in folded_words(name))


def _without_names(text: str, world: World, personal: Iterable[str], today: date) -> str:
    told = details_in(text, step="", today=today, day_first=world.day_first)
    own = {word for one in (*personal, told.name) for word in folded_words(one) if len(word) > 1}
    spans = [
        (found.start(), found.end(), "[name]")
        for found in re.finditer(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)
        if fold(found[0]).removesuffix("'s") in own
    ]
    spans += [(*span, "[name]") for span in _announced(text)]
    for number, dentist in enumerate(world.dentists, 1):
        spans += [(*span, f"[D{number}]") for span in _spans_of(dentist, text, world)]
    done, at = [], 0
    for start, end, label in sorted(spans):
        if start >= at:
            done += [text[at:start], f" {label} "]
            at = end
    return "".join([*done, text[at:]])


def _announced(text: str) -> Iterator[tuple[int, int]]:
    """Words that stand where a name does, whatever else they mean."""
    for pattern in (_TITLED, _NAMED_BEHIND):
        yield from (found.span(1) for found in pattern.finditer(text))
    for pattern, names in ((_CALLED, _FAMILY_NAMES), (_KIN, _CHILDREN)):
        for found in pattern.finditer(text):
            place = found.lastindex or 0
            if fold(found[place]) in names:
                yield found.span(place)


def _spans_of(dentist: Dentist, text: str, world: World) -> Iterator[tuple[int, int]]:
    found = dentists_in(text, [dentist])
    alike = sum(bool(dentists_in(text, [other]).spans) for other in world.dentists)
    if (
        alike == 1
        or dentist.id in dentists_in(text, world.dentists).wanted + dentists_in(text, world.dentists).unwanted
    ):
        yield from found.spans


def _kept(text: str, known: frozenset[str], *, german: bool) -> Iterator[tuple[str, str]]:
    """Each token that stays, with the space before it."""
    before, end = ".", 0
    for found in _TOKEN.finditer(text):
        token, gap = found[0], " " if found.start() > end else ""
        end = found.end()
        if token[0].isalpha():
            capital = token[0].isupper() and before not in _ENDS and not token.isupper()
            token = _word(token, known, _is_name(token, before, german=german) if capital else False)
        yield gap, token
        before = token


def _word(word: str, known: frozenset[str], named: bool) -> str:
    folded = fold(word)
    parts = folded.split("-")
    if all(part in known or part.removesuffix("'s") in known for part in parts):
        return "[name]" if named else word
    if word[0].isupper():
        return "[name]"
    if folded in about_health():
        return "[word]"
    return (len(parts) == 1 and _corrected(folded, known)) or "[word]"


def _is_name(word: str, before: str, *, german: bool) -> bool:
    """Whether a known word with a capital inside a sentence is somebody's name there."""
    folded = fold(word).removesuffix("'s")
    if folded == "may" and (before.isdecimal() or before.lower() in _BEFORE_MONTHS):
        return False
    return folded in _NAMES_TOO if german else folded not in _WRITTEN_LARGE | keywords.TITLES


_BEFORE_MONTHS = listed("in of on early late mid by until till this next from")
_WRITTEN_LARGE = listed(
    "i i'm i'd i'll i've im monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays january february march april june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec christmas easter english german"
)


@lru_cache(maxsize=8)
def _mistypable(known: frozenset[str]) -> dict[str, list[str]]:
    """By the first letter, which is hardly ever mistyped."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(known):
        if len(word) >= _SHORTEST_TYPO:
            by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _corrected(folded: str, known: frozenset[str]) -> str:
    """The known word that a misspelled one stands for: what leaves is that word, not what was typed."""
    if len(folded) < _SHORTEST_TYPO:
        return ""
    slips = 1 if len(folded) < _LONG else 2
    candidates = _mistypable(known).get(folded[0], [])
    nearest = process.extractOne(folded, candidates, scorer=OSA.distance, score_cutoff=slips)
    return str(nearest[0]) if nearest else ""
