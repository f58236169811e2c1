"""What comes next, given all that is known: the first thing that is still open decides."""

from __future__ import annotations

from chatbot.dialogue import booking, engaged, prompts, searching, visits
from chatbot.dialogue import complaint as complaints
from chatbot.dialogue.model import Turn
from chatbot.dialogue.state import Facts, Task
from chatbot.dialogue.taking import wishes
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.world import Slot

_OF_VISITS = (Task.VISITS, Task.MOVE, Task.CANCEL)


def advance(talk: Talk) -> Turn:
    """A question, an offer, a read-back, or a request to the world. An emergency comes before everything."""
    facts, state = talk.facts, talk.state
    told_already = talk.seen.band is not None and state.told == talk.seen.band.code
    if talk.is_emergency and not (told_already and facts.task in (Task.VISITS, Task.CANCEL)):
        return prompts.emergency(talk)
    if facts.task in _OF_VISITS:
        return visits.advance(talk)
    asked = complaints.next_question(facts.complaint, talk.seen)
    if asked is not None:
        return prompts.question(talk, asked)
    if facts.task is Task.NONE:
        return prompts.reason(talk)
    if talk.seen.band is None and not facts.complaint.unclear and not facts.complaint.well:
        return prompts.wellbeing(talk) if facts.treatment else prompts.reason(talk)
    talk = _announced(talk)
    if facts.unclear_treatments and not facts.treatment:
        return prompts.treatment(talk)
    if talk.treatment is None:
        return prompts.treatment(talk)
    talk = _who_offers_it(talk)
    if talk.facts.unclear_dentists:
        return prompts.dentist(talk)
    if talk.facts.unclear_days:
        return prompts.day(talk)
    if talk.chosen():
        return booking.advance(talk)
    if state.offers and all(slot.start > talk.now for slot in state.offers):
        return searching.offer(talk)
    return searching.search(talk)


def _announced(talk: Talk) -> Talk:
    """Says how urgent it is, once; a mere wish is not commented on."""
    band = talk.seen.band
    if band is None or talk.state.told == band.code:
        return talk
    talk = talk.with_state(told=band.code)
    if not complaints.has_symptoms(talk.seen):
        return talk
    talk = talk.note(*complaints.told(talk.seen, talk.world, talk.language))
    named = talk.world.treatment(talk.facts.treatment)
    if named is not None and talk.treatment is not None and named.id != talk.treatment.id:
        talk = talk.note(talk.say("other_treatment_first", treatment=talk.treatment.name, named=named.name))
    return talk


def _who_offers_it(talk: Talk) -> Talk:
    """Drops, aloud, the dentists who do not offer the treatment."""
    treatment = talk.treatment
    if treatment is None:
        return talk
    offering = {d.id for d in talk.world.offering(treatment.id)}
    if not offering:
        return talk
    unfit = [d for d in talk.facts.dentists if d not in offering]
    for dentist_id in unfit:
        dentist = talk.world.dentist(dentist_id)
        name = dentist.name if dentist else talk.say("these_dentists")
        talk = talk.note(talk.say("not_offered", dentist=name, treatment=treatment.name))
    unclear = tuple(d for d in talk.facts.unclear_dentists if d in offering)
    talk = talk.with_facts(dentists=tuple(d for d in talk.facts.dentists if d in offering))
    if len(unclear) == 1:
        return talk.with_facts(dentists=unclear, unclear_dentists=())
    return talk.with_facts(unclear_dentists=unclear)


def settled(before: Talk, talk: Talk) -> Talk:
    """When what is looked for has changed, old offers go, and so does a chosen slot that no longer fits."""
    if _looked_for(before) == _looked_for(talk):
        return talk
    talk = talk.with_state(offers=())
    slot = talk.chosen()
    if slot is not None and not _fits(talk, slot):
        talk = talk.with_facts(slot="")
    return talk


def _looked_for(talk: Talk) -> tuple[object, ...]:
    within = talk.seen.band.within if talk.seen.band is not None else None
    return (*wishes(talk.facts), searching.treatment_of(talk), within, engaged.ruled_out(talk))


def _fits(talk: Talk, slot: Slot) -> bool:
    facts: Facts = talk.facts
    return (
        slot.treatment == searching.treatment_of(talk)
        and (not facts.dentists or slot.dentist in facts.dentists)
        and slot.dentist not in facts.not_dentists
        and (talk.when is None or talk.when.allows(slot.start))
        and facts.after is None
        and talk.now < slot.start <= talk.latest
    )
