"""Choosing among what is on show in words: "the second one", "at 3", "the one with Okafor"."""

from __future__ import annotations

import re

from chatbot.dialogue import intents, keywords, pressing, taking
from chatbot.dialogue.hearing import Heard
from chatbot.dialogue.matching import folded_words
from chatbot.dialogue.pressing import Outcome
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.when import Exactness

_EDGE = re.compile(r"(?:the )?(earlier|later) (?:one|slot|time)(?: please)?", re.I)


def slot(talk: Talk, heard: Heard) -> Outcome | None:
    """One of the offered slots; None when the message picks none."""
    offers = talk.state.offers
    if intents.is_yes(heard.text) and len(offers) == 1:
        return pressing.press(talk, f"slot:{offers[0].token}")
    if intents.is_yes(heard.text):
        return talk.note(talk.say("pick_first"))
    if intents.is_no(heard.text):
        return talk.note(talk.say("which_time_then"))
    edge = _EDGE.fullmatch(heard.text.strip(" .!"))
    place = (
        (-1 if edge[1].lower() == "later" else 0) if edge and offers else intents.ordinal_in(heard.text, len(offers))
    )
    if place is not None:
        return taking.details(_taking(talk, offers[place].token), heard.details)
    wanted, unwanted = heard.named.wanted, heard.named.unwanted
    fitting = [one for one in offers if (not wanted or one.dentist in wanted) and one.dentist not in unwanted]
    picks = bool(keywords.PICKING & set(folded_words(heard.text)))
    if heard.when is not None and not heard.when.problem:
        exact = heard.when.exactness is Exactness.EXACT_TIME
        fitting = [one for one in fitting if heard.when.allows(one.start)]
    elif not wanted or not picks:
        return None
    else:
        exact = True
    if len(fitting) == 1 and (exact or picks):
        return taking.details(_taking(talk, fitting[0].token), heard.details)
    return None


def _taking(talk: Talk, token: str) -> Talk:
    return talk.with_facts(slot=token) if talk.issued(token) else talk


def button(talk: Talk, heard: Heard) -> Outcome | None:
    """ "The second", or a time or name that only one of the buttons has."""
    buttons = [c for c in talk.state.choices if c.id.partition(":")[0] in ("day", "dentist", "treatment", "visit")]
    buttons = [c for c in buttons if c.id != "dentist:any"]
    place = intents.ordinal_in(heard.text, len(buttons))
    if place is not None:
        return pressing.press(talk, buttons[place].id)
    # "To Thursday" is where a visit is to go, not which one.
    target = talk.facts.task is Task.MOVE and bool(keywords.ONTO.intersection(folded_words(heard.text)[:1]))
    people = _people_named(talk, heard) if talk.state.step is Step.VISITS else set()
    if talk.state.step is Step.VISITS and not target and (heard.when is not None or heard.named.wanted or people):
        fitting = [
            v for v in talk.state.visits
            if (heard.when is None or heard.when.allows(v.start))
            and (not heard.named.wanted or v.dentist in heard.named.wanted)
            and (not people or v.person in people)
        ]  # fmt: skip
        if len(fitting) == 1:
            wanted = {"move": Task.MOVE, "cancel": Task.CANCEL}
            task = next((task for intent, task in wanted.items() if intent in heard.intents), talk.facts.task)
            return pressing.press(talk.with_facts(task=task), f"visit:{fitting[0].id}")
    return None


def _people_named(talk: Talk, heard: Heard) -> set[str]:
    """Those whose visits are listed and of whom the message says a name that is not everybody's: "Kim's"."""
    people = {visit.person: set(folded_words(visit.person)) for visit in talk.state.visits if visit.person}
    shared = set.intersection(*people.values()) if people else set()
    return {person for person, names in people.items() if (names - shared).intersection(folded_words(heard.text))}
