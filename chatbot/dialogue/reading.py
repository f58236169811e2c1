"""What to make of a written message: a command, the answer that was asked for, new facts, a question, or nothing."""

from __future__ import annotations

import re
from dataclasses import fields

from chatbot.dialogue import (
    booking,
    details,
    information,
    intents,
    keywords,
    picking,
    pressing,
    prompts,
    searching,
    taking,
    wishes_for_visits,
)
from chatbot.dialogue import complaint as complaints
from chatbot.dialogue.hearing import Heard, hear
from chatbot.dialogue.matching import everyday_words, folded_words, label_in
from chatbot.dialogue.model import Turn
from chatbot.dialogue.pressing import Outcome
from chatbot.dialogue.purposes import serving
from chatbot.dialogue.state import Facts, Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.triage import Who, read_answer, table

_SPELT_OUT = re.compile(r"\bat\b.+\b(dot|punkt)\b", re.IGNORECASE)  # "ana at example dot org"
_SMALL_TALK = ("greeting", "thanks", "abuse", "help")
_MOST_WORDS_OF_A_COMMAND = 7
_LOST_TWICE = 2
_TO = {
    Step.CONFIRM: keywords.TO_BOOK, Step.CONFIRM_MOVE: keywords.TO_MOVE, Step.CONFIRM_CANCEL: keywords.TO_CANCEL
}  # fmt: skip
_WISHES = frozenset({"cosmetic", "orthodontic_wish"})
_FIRST = (Step.QUESTION, Step.WELLBEING, Step.TREATMENT)  # asked before all that a search needs
_ASKING_ELSE = (Step.QUESTION, Step.SLOT, Step.DAY, Step.DENTIST, Step.TREATMENT, Step.WELLBEING, Step.NOTHING_FREE)


def read(talk: Talk, text: str) -> Outcome:
    """The talk with what the message says; `lost` counts messages that said nothing."""
    if not text.strip():
        return talk
    heard = hear(text, talk)
    talk = talk.with_state(language=heard.language)
    if heard.cut:
        talk = talk.note(talk.say("too_long"))
    if heard.is_grave:
        return taking.take(talk, heard).with_state(lost=0)
    outcome = _written_name(talk, heard) or _command(talk, heard) or _expected(talk, heard)
    if outcome is not None:
        return outcome if isinstance(outcome, Turn) else outcome.with_state(lost=0)
    return _facts(talk, heard)


def _command(talk: Talk, heard: Heard) -> Outcome | None:
    """Commands, and buttons whose label was typed."""
    short = len(folded_words(heard.text)) <= _MOST_WORDS_OF_A_COMMAND
    said = heard.intents
    if "german" in said or "english" in said:
        return talk.with_state(language="de" if "german" in said else "en")
    if not short or (heard.complains and not said & {"restart"}):
        return None  # what is wrong comes before where to go
    pressed = label_in(heard.text, [(choice.id, choice.label) for choice in talk.state.choices])
    if pressed is not None:
        return pressing.press(talk, pressed)
    if "restart" in said and (heard.complains or heard.says_wish):
        fresh = talk.with_facts(**{one.name: getattr(Facts(), one.name) for one in fields(Facts)})
        return taking.take(fresh.with_state(offers=(), past=(), told="", visits=()), heard)
    if "restart" in said:
        return pressing.restart(talk)
    if "back" in said:
        return pressing.back(talk)
    if "misunderstood" in said or "mistaken" in said:
        return pressing.misunderstood(talk)
    if "same_again" in said:
        return talk
    dropping = "abort" in said or ("cancel" in said and wishes_for_visits.mid_booking(talk) and not heard.of_own_visit)
    words = folded_words(heard.text)
    dropping = dropping and "?" not in heard.text and not keywords.QUESTION_WORDS.intersection(words[:1])
    if dropping and talk.facts.task is not Task.NONE and heard.when is None and not heard.complains:
        return pressing.abort(talk)
    return None


def _expected(talk: Talk, heard: Heard) -> Outcome | None:
    """The answer to what was asked, if the message is one."""
    match talk.state.step:
        case Step.QUESTION:
            return _answered(talk, heard)
        case Step.WELLBEING:
            if _says_none(heard.text):
                return pressing.press(talk, "well:no")
            return pressing.press(talk, "well:yes") if intents.is_yes(heard.text) else None
        case Step.CONFIRM | Step.CONFIRM_MOVE | Step.CONFIRM_CANCEL:
            if talk.state.confirming and (
                intents.is_yes(heard.text) or intents.says_to(heard.text, _TO[talk.state.step])
            ):
                return pressing.confirm(talk)
            if "keep" in heard.intents and talk.state.step is not Step.CONFIRM and heard.when is None:
                return pressing.keep(talk)
            return _refused(talk) if intents.is_no(heard.text) else None
        case Step.SLOT:
            return picking.slot(talk, heard)
        case Step.DAY | Step.DENTIST | Step.TREATMENT | Step.VISITS:
            return picking.button(talk, heard)
        case Step.NAME:
            return _named(talk, heard)
        case Step.REASON if talk.facts.asked_about and (intents.is_yes(heard.text) or "book" in heard.intents):
            if not heard.treatments and not heard.complains:
                return pressing.press(taking.take(talk, heard), f"treatment:{talk.facts.asked_about}")
    return None


def _refused(talk: Talk) -> Outcome:
    return pressing.keep(talk) if talk.state.step is Step.CONFIRM_CANCEL else prompts.what_else(talk)


def _answered(talk: Talk, heard: Heard) -> Outcome | None:
    question = table().questions.get(talk.state.question)
    answer = read_answer(question, heard.rest) if question is not None else None
    if question is not None and answer is None and _says_none(heard.text):
        answer = next((choice.id for choice in question.choices if choice.id == "none"), None)
    if question is not None and answer is None:
        place = intents.ordinal_in(heard.text, len(question.choices))
        answer = question.choices[place].id if place is not None else None
    if question is None or answer is None:
        return None
    complaint = complaints.answering(talk.facts.complaint, question.id, answer)
    return taking.take(talk.with_facts(complaint=complaint), heard)


def _says_none(text: str) -> bool:
    return intents.is_no(text) or (bool(folded_words(text)) and set(folded_words(text)) <= keywords.NOTHING)


def _named(talk: Talk, heard: Heard) -> Outcome | None:
    """A name, unless the message is about something else."""
    if heard.details.name:
        return None
    name = details.bare_name(heard.rest)
    words = name.split()
    if not words or heard.when is not None or heard.intents or _is_dentist(heard):
        return None
    if heard.complains and not (len(words) > 1 and all(word[0].isupper() for word in heard.rest.split())):
        return None
    talk = taking.details(talk, heard.details)
    half = talk.facts.half_name
    if len(words) > 1:
        return talk.with_facts(name=name, half_name="")
    if half:
        # The same word again: somebody with one name.
        return talk.with_facts(name=half if half.casefold() == name.casefold() else f"{half} {name}", half_name="")
    return talk.with_facts(half_name=name)


def _written_name(talk: Talk, heard: Heard) -> Talk | None:
    """A name where one was asked for, whatever its parts mean otherwise: nobody called Price asks for prices."""
    if talk.state.step is not Step.NAME or heard.details.name:
        return None
    name = details.written_name(heard.rest)
    half, word = talk.facts.half_name, heard.rest.strip()
    if half and word.istitle() and " " not in word and word != half:
        is_button = label_in(heard.text, [(choice.id, choice.label) for choice in talk.state.choices]) is not None
        name = "" if is_button else f"{half} {word}"
    return taking.details(talk, heard.details).with_facts(name=name, half_name="") if name else None


def _is_dentist(heard: Heard) -> bool:
    return bool(heard.named.spans) and bool(set(folded_words(heard.rest)) & keywords.TITLES)


def _facts(talk: Talk, heard: Heard) -> Outcome:
    """New facts, corrections, visits, questions about the practice, small talk; else that it was not understood."""
    before = talk
    talk = wishes_for_visits.about_visits(talk, heard) or taking.take(talk, heard)
    topics = heard.topics if not heard.of_own_visit else frozenset()
    if _is_not_listed(talk, heard):
        talk = talk.note(talk.say("not_among", contact=searching.contact(talk)))
        topics -= {"prices"}
    about = heard.treatments or (_spoken_of(talk) if topics == {"prices"} else ())
    talk = talk.note(*information.answers(talk, topics, about, heard.named.wanted))
    if "more" in heard.intents and talk.state.step is Step.SLOT and heard.when is None and not heard.named.spans:
        more = pressing.more(talk)
        talk = more if isinstance(more, Talk) else talk
    if "more" in heard.intents and talk.chosen() and heard.when is None and not heard.named.spans:
        return pressing.other_time(talk)
    if _is_for_somebody_else(talk, heard):
        complaint = complaints.adding(talk.facts.complaint, heard.said, heard.rest.strip())
        return pressing.other_person(talk.with_facts(complaint=complaint, birth_date=None).with_state(lost=0))
    missed = _misses(talk, heard)
    if missed:
        return talk.note(missed).with_state(lost=0)
    if "book" in heard.intents and talk.state.step is Step.QUESTION and talk.facts == before.facts and not topics:
        return talk.note(talk.say("first_this")).with_state(lost=0)
    if _is_in_advance(before, talk, heard):
        talk = talk.note(talk.say("noted"))
    if heard.says_wish or heard.details.any or talk.facts != before.facts or talk.state.notes != before.state.notes:
        return talk.with_state(lost=0)
    for kind in _SMALL_TALK:
        if kind in heard.intents:
            return talk.note(talk.say(kind)).with_state(lost=0)
    if "book" in heard.intents:
        return talk.with_facts(task=Task.BOOK).with_state(lost=0)
    name = _volunteered_name(talk, heard)
    if name:
        return talk.with_facts(name=name, half_name="").with_state(lost=0).note(talk.say("noted"))
    return _lost(talk)


def _spoken_of(talk: Talk) -> tuple[str, ...]:
    """The treatment that "what does it cost" is about, once one was chosen or asked about."""
    chosen = talk.treatment.id if talk.treatment is not None and talk.chosen() else talk.facts.asked_about
    return (chosen,) if chosen else ()


def _is_not_listed(talk: Talk, heard: Heard) -> bool:
    """Whether a wish was named that none of the treatments is for, such as whitening."""
    named = heard.said.present | heard.said.uncertain
    purposes = [keywords.PURPOSE_OF_SIGN[sign] for sign in _WISHES & named]
    return not heard.treatments and any(serving(talk.world, purpose) is None for purpose in purposes)


def _is_in_advance(before: Talk, talk: Talk, heard: Heard) -> bool:
    """Whether something was told before it was asked for, and something else is asked again now."""
    if before.state.step is Step.NAME and heard.details.any and not talk.facts.name:
        return True
    if talk.facts == before.facts or before.state.step not in _ASKING_ELSE:
        return False
    return heard.details.any or (before.state.step in _FIRST and not heard.complains)


def _is_for_somebody_else(talk: Talk, heard: Heard) -> bool:
    """ "Actually it's for my mother", once it was asked who comes."""
    who = heard.said.subject.who
    asked = talk.state.step in (*booking.DETAILS, Step.CONFIRM) and talk.facts.task is Task.BOOK
    told = bool(keywords.FOR & set(folded_words(heard.text))) and not heard.details.name and not heard.complains
    return asked and told and who is not Who.SELF and who is not complaints.is_for_other(talk.facts.complaint)


def _volunteered_name(talk: Talk, heard: Heard) -> str:
    """A first and a last name, written as such, in place of the answer that was asked for."""
    if talk.state.step is not Step.CONFIRM and (talk.state.step not in _ASKING_ELSE or talk.facts.name):
        return ""
    words = heard.text.split()
    if not 2 <= len(words) <= 4 or not all(word[:1].isupper() for word in words):
        return ""
    if any(word in everyday_words() for word in folded_words(heard.text)):
        return ""
    return details.bare_name(heard.text)


def _lost(talk: Talk) -> Talk:
    if talk.is_emergency:
        return talk  # said again, with no ado
    lost = talk.state.lost + 1
    told = [talk.say("not_understood")]
    if lost >= _LOST_TWICE:
        told = [talk.say("not_understood_again"), *information.answers(talk, ["human"])]
    return talk.note(*told).with_state(lost=lost)


def _misses(talk: Talk, heard: Heard) -> str:
    """Why something typed in answer to a question is not one."""
    step = talk.state.step
    if (heard.details.bad_email or _SPELT_OUT.search(heard.text)) and step in (Step.EMAIL, Step.VISIT_EMAIL):
        return talk.say("bad_email")
    if step is Step.PHONE and not heard.details.any and any(c.isdigit() for c in heard.text) and not heard.says_wish:
        return talk.say("bad_phone")
    if step is Step.BIRTH_DATE and heard.details.birth_date is None and any(c.isdigit() for c in heard.text):
        return talk.say("bad_birth_date")
    if (
        step is Step.REFERENCE
        and not heard.details.any
        and any(c.isdigit() for c in heard.text)
        and not heard.says_wish
    ):
        return talk.say("bad_reference")
    if (
        step in booking.DETAILS
        and not heard.details.any
        and ("unwilling" in heard.intents or intents.is_no(heard.text))
    ):
        return talk.say(f"why_{step.value}", contact=searching.contact(talk))
    if step is Step.REFERENCE and "no_reference" in heard.intents:
        return talk.say("no_reference", contact=searching.contact(talk))
    return ""
