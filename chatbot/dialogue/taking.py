"""What a message changes in what is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue import engaged
from chatbot.dialogue.details import Details
from chatbot.dialogue.hearing import Heard, at
from chatbot.dialogue.matching import Named
from chatbot.dialogue.searching import contact, treatment_of
from chatbot.dialogue.state import Facts, Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.triage import Who
from chatbot.when import Exactness, When
from chatbot.when import dump as dump_when

MOST_WINDOWS = 60


def take(talk: Talk, heard: Heard) -> Talk:
    """All facts of the message, later ones in place of earlier ones."""
    talk = complaint(details(talk, heard.details), heard)
    if heard.only_asks:
        return talk.with_facts(asked_about=heard.treatments[0]) if len(heard.treatments) == 1 else talk
    talk = treatments(talk, heard.treatments)
    talk = dentists(_keeping_time(talk, heard), heard.named)
    if "any_dentist" in heard.intents and not heard.named.spans:
        talk = any_dentist(talk, heard)
    if "any_time" in heard.intents and heard.when is None:
        talk = talk.with_facts(when=None, unclear_days=(), after=None)
    if heard.when is not None and not _tells_when_it_hurts(heard):
        talk = when(talk, heard.when)
    wants = heard.says_wish or "book" in heard.intents
    if wants and talk.facts.task is Task.NONE:
        talk = talk.with_facts(task=Task.BOOK)
    return talk


def complaint(talk: Talk, heard: Heard) -> Talk:
    """What is wrong. It is looked at before a visit is moved, in a visit of its own; cancelling goes on."""
    of_complaint = talk.state.step is Step.QUESTION and heard.said.duration is not None  # "for three days"
    if not (heard.complains or of_complaint or (complaints.says_something(heard.said) and not heard.only_asks)):
        return talk
    talk = talk.with_facts(complaint=complaints.adding(talk.facts.complaint, heard.said, heard.rest.strip()))
    if not heard.complains and talk.facts.task is not Task.NONE:
        return talk
    if talk.seen.band is None or talk.is_emergency:
        return talk.with_facts(task=Task.BOOK) if talk.is_emergency and talk.facts.task is Task.NONE else talk
    if talk.facts.task is Task.NONE:
        return talk.with_facts(task=Task.BOOK)
    if talk.facts.task is Task.CANCEL or (talk.facts.task is not Task.BOOK and complaints.only_ill(heard.said)):
        return talk.note(talk.say("ill", emergency_number=talk.world.emergency_number))
    if talk.facts.task is not Task.BOOK:
        talk = talk.with_facts(task=Task.BOOK, slot="", visit="").with_state(offers=())
        return talk.note(talk.say("complaint_first"))
    return talk


def details(talk: Talk, found: Details) -> Talk:
    """What the person says about themselves; during a look-up the email belongs to the visit."""
    told: dict[str, Any] = {}
    if found.email and not found.reference and talk.state.step is Step.REFERENCE:
        told["reference"] = talk.facts.tried_reference
    if found.name and not (found.of_speaker and _is_of_contact(talk)):
        told |= {"name": found.name, "half_name": ""}
    if found.email:
        told |= {"email": found.email, "visit_email": found.email}
    if found.phone:
        told["phone"] = found.phone
    if found.birth_date:
        told["birth_date"] = found.birth_date
    if found.reference:
        told["reference"] = found.reference
    return talk.with_facts(**told) if told else talk


def _is_of_contact(talk: Talk) -> bool:
    """Whether the name of whoever writes is not that of who comes: a mother who books for her daughter."""
    return complaints.is_for_other(talk.facts.complaint) is not Who.SELF and talk.state.step is not Step.NAME


def treatments(talk: Talk, named: tuple[str, ...]) -> Talk:
    if not named:
        return talk
    if len(named) > 1:
        return talk.with_facts(unclear_treatments=named) if talk.facts.treatment not in named else talk
    treatment = talk.world.treatment(named[0])
    if treatment is not None and not treatment.online:
        return talk.note(talk.say("not_online", treatment=treatment.name, contact=contact(talk)))
    return talk.with_facts(treatment=named[0], unclear_treatments=())


def _tells_when_it_hurts(heard: Heard) -> bool:
    """ "It is worst in the evening" wishes for no evening, and "I had it out this morning" for no time at all."""
    wish = heard.when
    if wish is not None and wish.problem is not None and heard.complains:
        return True
    vague = wish is not None and not wish.days and wish.exactness is Exactness.PART_OF_DAY
    return vague and heard.complains and "book" not in heard.intents


def _keeping_time(talk: Talk, heard: Heard) -> Talk:
    """Whoever picked a time and then names a dentist wants that time with that dentist."""
    slot, named = talk.chosen(), heard.named
    if slot is None or heard.when is not None or not (named.wanted or named.unwanted) or slot.dentist in named.wanted:
        return talk
    return when(talk, at(slot.start, talk))


def dentists(talk: Talk, named: Named) -> Talk:
    facts = talk.facts
    if named.wanted:
        ruled_out = tuple(d for d in facts.not_dentists if d not in named.wanted) + named.unwanted
        return talk.with_facts(dentists=named.wanted, not_dentists=ruled_out, unclear_dentists=(), after=None)
    if named.unwanted:
        left = tuple(d for d in facts.dentists if d not in named.unwanted)
        ruled_out = tuple(dict.fromkeys(facts.not_dentists + named.unwanted))
        talk = talk.with_facts(dentists=left, not_dentists=ruled_out, after=None)
    if named.unclear:
        if any(d in named.unclear for d in facts.dentists):
            return talk
        return talk.with_facts(unclear_dentists=named.unclear)
    return talk


def any_dentist(talk: Talk, heard: Heard) -> Talk:
    """ "Somebody else" rules out whom it was about; "anyone" rules out nobody."""
    words = heard.text.casefold()
    other = any(part in words for part in ("else", "other", "different", "ander"))
    slot = talk.chosen()
    current = talk.facts.dentists or ((slot.dentist,) if slot else ())
    ruled_out = tuple(dict.fromkeys((*talk.facts.not_dentists, *current))) if other else ()
    left = [d for d in talk.world.offering(treatment_of(talk)) if d.id not in ruled_out]
    if other and treatment_of(talk) and not left:
        return talk.note(talk.say("nobody_else"))
    if other and not ruled_out and "else" not in words and "ander" not in words and len(left) > 1:
        return talk.with_facts(unclear_dentists=tuple(one.id for one in left))
    return talk.with_facts(dentists=(), not_dentists=ruled_out, unclear_dentists=(), after=None)


def when(talk: Talk, wish: When) -> Talk:
    """A wish for a time; one that cannot be met is said and not taken."""
    if wish.problem is not None:
        return talk.note(talk.say(f"problem_{wish.problem.value}", when=wish.readback or wish.text))
    if not engaged.without(talk, wish.windows):
        talk = talk.note(talk.say("already_booked"))
    short = replace(wish, windows=wish.windows[:MOST_WINDOWS], text="", spans=(), ambiguous=())
    return talk.with_facts(when=dump_when(short), unclear_days=wish.ambiguous[:3], after=None)


def wishes(facts: Facts) -> tuple[Any, ...]:
    """What a search for slots depends on, but for the urgency."""
    return (
        facts.task, facts.treatment, facts.dentists, facts.not_dentists, facts.when, facts.after, facts.visit,
    )  # fmt: skip
