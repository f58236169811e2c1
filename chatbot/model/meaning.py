"""What the model's reading changes: wishes alone, as buttons and words of the person's own would, and nothing that is written.

Never the complaint, who somebody is, a slot that is taken, or a yes.
"""

from __future__ import annotations

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue import information, pressing, prompts, taking, wishes_for_visits
from chatbot.dialogue.matching import Named
from chatbot.dialogue.model import Turn
from chatbot.dialogue.pressing import CONFIRMING, Outcome
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.model.expecting import dentist_named, treatment_named
from chatbot.model.lookups import time_in
from chatbot.model.shapes import Understood
from chatbot.triage import State, understand

_UNTOUCHED = ("complaint", "name", "half_name", "email", "phone", "birth_date", "birth_date_needed", "tried_reference")
_MAY_GO = ("slot", "visit", "reference", "visit_email")  # when something else is turned to
_MOST_SIGNS = 4


def meant(before: Talk, said: Understood, *, health: bool) -> Outcome | None:
    """The talk with what was understood; None when that is nothing, or nothing that a model may say."""
    if said.declines and before.state.step in CONFIRMING:
        return pressing.keep(before) if before.state.step is Step.CONFIRM_CANCEL else prompts.what_else(before)
    talk = _wishes(_task(before, said), said)
    talk = talk.note(*information.answers(talk, said.topics))
    if said.offered is not None and before.state.step is Step.SLOT and said.offered <= len(before.state.offers):
        talk = talk.with_state(offers=(before.state.offers[said.offered - 1],))
    if not _only_wishes(before, talk):
        return None
    if (talk.facts, talk.state.notes, talk.state.offers) != (before.facts, before.state.notes, before.state.offers):
        return talk.with_state(lost=0)
    return _suggested(before, said.complaint) if health and said.complaint else None


def _task(talk: Talk, said: Understood) -> Talk:
    present = talk.facts.task
    if said.task is None or said.task == present or wishes_for_visits.mid_booking(talk):
        return talk
    if said.task == "book":
        return talk.with_facts(task=Task.BOOK) if present is Task.NONE else _talk(pressing.book(talk), talk)
    return _talk(pressing.press(talk, said.task), talk)


def _talk(outcome: Outcome, otherwise: Talk) -> Talk:
    return outcome if isinstance(outcome, Talk) else otherwise


def _wishes(talk: Talk, said: Understood) -> Talk:
    if talk.facts.task in (Task.VISITS, Task.CANCEL):
        return talk
    treatment = treatment_named(talk.world, said.treatment) if talk.facts.task is not Task.MOVE else ""
    if treatment:
        talk = taking.treatments(talk, (treatment,))
    wanted = _dentists(talk, said.dentists)
    unwanted = tuple(one for one in _dentists(talk, said.not_dentists) if one not in wanted)
    if wanted or unwanted:
        talk = taking.dentists(talk, Named(wanted, unwanted))
    elif said.any_dentist:
        talk = _talk(pressing.press(talk, "dentist:any"), talk)
    wish = time_in(talk, said.when) if said.when else None
    if wish is not None:
        talk = taking.when(talk, wish)
    elif said.any_time:
        talk = talk.with_facts(when=None, unclear_days=(), after=None)
    wishes = treatment or wanted or unwanted or said.any_dentist or wish or said.any_time
    return talk.with_facts(task=Task.BOOK) if wishes and talk.facts.task is Task.NONE else talk


def _dentists(talk: Talk, codes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for code in codes if (found := dentist_named(talk.world, code))))


def _only_wishes(before: Talk, after: Talk) -> bool:
    """The last word: whatever the steps before did, these stay as the person's own words made them."""
    was, now = before.facts, after.facts
    return (
        all(getattr(was, name) == getattr(now, name) for name in _UNTOUCHED)
        and all(getattr(now, name) in (getattr(was, name), "") for name in _MAY_GO)
        and after.state.hold == before.state.hold
        and after.state.issued == before.state.issued
    )


def _suggested(talk: Talk, words: str) -> Turn | None:
    """What seems to be wrong, as buttons: only what the person presses is known, and triage judges it."""
    signs = [one.sign for one in understand(words).mentions if one.state is State.PRESENT]
    named = [sign for sign in dict.fromkeys(signs) if complaints.is_symptom(sign) and prompts.is_known_sign(sign)]
    if not named or talk.state.step is not Step.REASON:
        return None
    return prompts.complaint_of(talk, named[:_MOST_SIGNS])
