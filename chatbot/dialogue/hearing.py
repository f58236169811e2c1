"""Everything that one written message says, before it is decided what to make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue import intents, keywords
from chatbot.dialogue.details import Details, details_in
from chatbot.dialogue.information import TOPICS
from chatbot.dialogue.languages import Language, language_of
from chatbot.dialogue.matching import Named, dentists_in, folded_words, treatments_in, without
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.triage import Assessment, State, Understanding, assess, understand
from chatbot.triage.words import tidy
from chatbot.when import Exactness, Problem, When, exactly
from chatbot.when import understand as understand_when

_CANNOT = re.compile(r"\b(can't|can not|cannot|unable|nicht)\b", re.IGNORECASE)
_BARE_HOUR = re.compile(
    r"(?:(?:ok|okay|then|rather|lieber|the|at|um|die|der|den|das) )*(\d{1,2})(?: (?:one|please|bitte|then|dann|uhr))*[.!]?",
    re.I,
)
_ARTICLE = re.compile(r"\bdie\b", re.IGNORECASE)
_STOPPED = re.compile(r"\b(it|that)(?:'s| has)?(?: now)? stopped\b|\bes hat (?:jetzt )?aufgehört\b", re.I)
_UNSURE = re.compile(
    r"n't\b|\b(not|if|when|until|till|think|hope|nearly|almost|nicht|wenn|ob|fast|hoffe|glaube)\b|\?", re.I
)
_OF_TEN = re.compile(r"\b\d{1,2}\b")
_SHORT = 5  # words
_MOST_ANSWERS = 6  # that a question of triage has
LONGEST = 2000  # characters that are read
_LONGEST_WISH = 1000  # characters at the end that are looked through for a time: dense text takes long to read


@dataclass(frozen=True)
class Heard:
    """One message. `rest` is its text without email, number, reference and name."""

    text: str
    cut: bool
    language: Language
    details: Details
    intents: frozenset[str]
    named: Named
    treatments: tuple[str, ...]
    when: When | None
    said: Understanding
    alone: Assessment

    @property
    def rest(self) -> str:
        return self.details.rest

    @property
    def topics(self) -> frozenset[str]:
        return self.intents & frozenset(TOPICS)

    @property
    def complains(self) -> bool:
        """Whether something is wrong, as against a wish for a cleaning or a check-up."""
        return complaints.complains(self.said)

    @property
    def is_grave(self) -> bool:
        """Whether this message alone is an emergency."""
        return self.alone.band is not None and not self.alone.band.bookable

    @property
    def only_asks(self) -> bool:
        """A question about the practice: what it names is not a wish to book."""
        words = folded_words(self.text)
        asks = "?" in self.text or (bool(words) and words[0] in keywords.QUESTION_WORDS) or len(words) <= 3
        if "late" in self.intents:
            return True
        return bool(self.topics - {"human"}) and asks and "book" not in self.intents

    @property
    def of_own_visit(self) -> bool:
        """Whether it is about a visit that exists: "my appointment", a reference."""
        if "late" in self.intents:
            return False
        return bool(self.details.reference or "visits" in self.intents or self._owns)

    @property
    def _owns(self) -> bool:
        """ "My next appointment", but not "an appointment for my daughter"."""
        words = folded_words(self.text)
        return any(
            word in keywords.OWN and set(words[at + 1 : at + 3]) & keywords.VISIT_WORDS for at, word in enumerate(words)
        )

    @property
    def says_wish(self) -> bool:
        """Whether something was named that a booking needs."""
        named = self.named
        return bool(
            self.when or self.treatments or named.wanted or named.unwanted or named.unclear or self.complains
            or complaints.says_something(self.said) or self.intents & {"any_dentist", "any_time", "more"}
        )  # fmt: skip


def hear(text: str, talk: Talk) -> Heard:
    """Reads a message in the light of what was asked."""
    tidied = tidy(text)
    read = tidied[:LONGEST]
    language = language_of(read, talk.state.language, talk.world.language)
    today = talk.now.astimezone(talk.world.zone).date()
    details = details_in(read, step=talk.state.step.value, today=today, day_first=talk.world.day_first)
    named = dentists_in(details.rest, talk.world.dentists)
    without_names = without(details.rest, named.spans)
    wants = intents.intents_in(details.rest)
    if wants.is_all or (talk.state.step is not Step.QUESTION and intents.is_pick(details.rest)):
        said = Understanding()  # set phrases hold no complaint
    elif wants.without_idle == details.rest:
        said = _said(without_names, language)
    else:
        said = _said(without(wants.without_idle, dentists_in(wants.without_idle, talk.world.dentists).spans), language)
    if talk.is_emergency and _has_stopped(read, said) and complaints.only_bleeds(talk.seen):
        said = said.then(understand("the bleeding has stopped"))
    said = _answering_how_bad(said, details.rest, talk, language)
    symptoms = [mention for mention in said.mentions if complaints.is_symptom(mention.sign)]
    # Of what is denied only the words for a complaint are no treatment: "a filling, no pain" wishes for a filling.
    hidden = {
        word
        for mention in symptoms
        for word in folded_words(mention.words)
        if mention.state is not State.DENIED or word in keywords.PURPOSES["complaint"]
    }
    # A step that asks for a number or a name reads no time out of it.
    silent = talk.state.step in (Step.BIRTH_DATE, Step.PHONE) and (details.birth_date or details.phone)
    wish = None if silent else _when(_day_of_visit(without_names, talk, wants.names), talk, language)
    return Heard(
        text=read,
        cut=len(tidied) > LONGEST,
        language=language,
        details=details,
        intents=wants.names - {"human"} if "help" in wants.names else wants.names,
        named=named,
        treatments=treatments_in(without_names, talk.world.treatments, hidden),
        when=None if _tells_since_when(wish, talk) else wish,
        said=said,
        alone=assess(said),
    )


def _has_stopped(text: str, said: Understanding) -> bool:
    """ "It's ok now, it stopped", and nothing besides that could be another complaint or a doubt."""
    return bool(_STOPPED.search(text)) and not (_UNSURE.search(text) or said.present or said.uncertain)


def _answering_how_bad(said: Understanding, text: str, talk: Talk, language: Language) -> Understanding:
    """ "Like a 6" among the questions about a pain is its strength."""
    asked = talk.state.step is Step.QUESTION and talk.seen.signs & {"toothache", "severe_pain"}
    number = _OF_TEN.search(text)
    if not asked or said.mentions or said.severity or number is None or len(text.split()) > _SHORT:
        return said
    if intents.is_pick(text) and int(number.group()) <= _MOST_ANSWERS:
        return said
    scored = understand(f"{'Schmerz' if language == 'de' else 'pain'} {text}")
    mentions = tuple(mention for mention in scored.mentions if mention.sign == "severe_pain")
    return replace(said, severity=scored.severity, mentions=mentions) if scored.severity else said


def _said(text: str, language: Language) -> Understanding:
    """Triage's reading. The German article "die" is taken out where it could be read as an English verb."""
    if language == "de" and not set(folded_words(text)) & (keywords.ENGLISH_WORDS - keywords.GERMAN_WORDS):
        text = _ARTICLE.sub(" ", text)
    return understand(text)


def _day_of_visit(text: str, talk: Talk, wants: frozenset[str]) -> str:
    """ "I can't come on Thursday" is about Thursday when it is about a visit, and about any other day in a booking."""
    return _CANNOT.sub(" ", text) if "visits" in wants and talk.facts.task is not Task.BOOK else text


def _when(text: str, talk: Talk, language: str) -> When | None:
    bare = _BARE_HOUR.fullmatch(text.strip()) if talk.state.step is Step.SLOT else None
    if bare and int(bare[1]) > len(talk.state.offers):
        text = f"{'um' if language == 'de' else 'at'} {bare[1]}"
    return understand_when(
        text[-_LONGEST_WISH:],
        now=talk.now,
        zone=talk.world.zone,
        language=language,
        day_first=talk.world.day_first,
        horizon_days=talk.world.horizon_days,
        previous=_previous(text, talk),
    )


def _tells_since_when(wish: When | None, talk: Talk) -> bool:
    """ "Yesterday" answers a question about a complaint; where a time is asked for, it is one that is over."""
    over = wish is not None and wish.problem is Problem.PAST and not wish.days
    return over and talk.state.step in (Step.QUESTION, Step.WELLBEING, Step.EMERGENCY)


def _previous(text: str, talk: Talk) -> When | None:
    """What "later" and "the same time" refer to: the chosen slot, or those on show; else what was asked for before."""
    words = set(folded_words(text))
    slot = talk.chosen()
    if words & keywords.RELATIVE:
        shown = talk.state.offers
        if slot is None and words & keywords.SAME and talk.when and talk.when.exactness is Exactness.EXACT_TIME:
            return talk.when
        if slot is None and shown and talk.state.step is Step.SLOT:
            slot = shown[0] if words & keywords.EARLIER else shown[-1]
        visit = next((v for v in talk.state.visits if v.id == talk.facts.visit), None)
        start = slot.start if slot else visit.start if visit else None
        if start is not None:
            return at(start, talk)
    return at(slot.start, talk) if slot else talk.when


def at(start: datetime, talk: Talk) -> When:
    """A wish for this very time."""
    return exactly(start, zone=talk.world.zone, language=talk.language, day_first=talk.world.day_first)
