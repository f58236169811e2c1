"""Whether a message is about visits that exist, and what it wants done with them."""

from __future__ import annotations

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue import keywords, taking
from chatbot.dialogue.hearing import Heard
from chatbot.dialogue.matching import folded_words
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import Talk


def about_visits(talk: Talk, heard: Heard) -> Talk | None:
    """ "My appointments", "move it to Friday", a reference; None when it is not about visits that exist."""
    said = heard.intents
    if heard.complains and not ("cancel" in said or ("move" in said and complaints.only_ill(heard.said))):
        return None
    timed = talk.state.step is Step.VISIT and talk.facts.task is Task.VISITS and heard.when is not None
    after_booking = talk.state.step in (Step.BOOKED, Step.VISIT, Step.CONFIRM_CANCEL, Step.CONFIRM_MOVE)
    changing = timed or (
        bool(said & {"move", "cancel"}) and (after_booking or not mid_booking(talk) or heard.of_own_visit)
    )
    looking = heard.of_own_visit and not mid_booking(talk)
    if not (changing or looking or heard.details.reference):
        return None
    task = (
        Task.MOVE
        if "move" in said or (timed and "cancel" not in said)
        else Task.CANCEL
        if "cancel" in said
        else Task.VISITS
    )
    if task is Task.VISITS and talk.facts.task in (Task.MOVE, Task.CANCEL):
        task = talk.facts.task
    talk = taking.details(talk, heard.details)
    known = any(v.id == talk.facts.visit for v in talk.state.visits) and not heard.details.reference
    soonest = _of_the_next(heard)
    visit = talk.facts.visit if known and not soonest else ""
    talk = talk.with_facts(task=task, visit=visit, slot="", when=None, after=None, dentists=(), not_dentists=())
    talk = talk.with_facts(soonest_visit=soonest)
    talk = taking.complaint(talk.with_state(offers=()), heard)
    if task is Task.MOVE:
        return taking.dentists(taking.when(talk, heard.when) if heard.when else talk, heard.named)
    return taking.when(talk, heard.when) if heard.when and not visit else talk


def _of_the_next(heard: Heard) -> bool:
    """ "Cancel my next visit", but neither "move it to the next appointment" nor "my next appointments"."""
    words = folded_words(heard.text)
    return any(
        word in keywords.SOONEST_OF_OWN
        and bool(keywords.ONE_VISIT.intersection(words[at + 1 : at + 2]))
        and not keywords.ONTO.intersection(words[max(at - 2, 0) : at])
        for at, word in enumerate(words)
    )


def mid_booking(talk: Talk) -> bool:
    return talk.facts.task is Task.BOOK and talk.state.step is not Step.BOOKED
