"""Visits that are booked already: find, show, move, cancel. Only those that the world named in this conversation."""

from __future__ import annotations

from chatbot.dialogue import searching
from chatbot.dialogue.effects import CancelVisit, ListVisits, LookUpVisit, MoveVisit, VisitMoved, VisitsFound
from chatbot.dialogue.model import Choice, Turn
from chatbot.dialogue.state import Facts, Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.wording import date_and_time, short_date_and_time
from chatbot.dialogue.world import Slot, Visit

_MOST_LISTED = 8


def visit_of(talk: Talk) -> Visit | None:
    return next((v for v in talk.state.visits if v.id == talk.facts.visit), None)


def advance(talk: Talk) -> Turn:
    """The next turn while it is about visits that exist."""
    visit = visit_of(talk)
    if visit is None:
        return _find(talk)
    if talk.facts.task is Task.CANCEL:
        return _cancel(talk, visit)
    if talk.facts.task is Task.MOVE:
        return _move(talk, visit)
    choices = [talk.choice("move", "choice_move"), talk.choice("cancel", "choice_cancel"), _all_button(talk)]
    return talk.reply(Step.VISIT, talk.say("your_visit", visit=told(talk, visit)), [c for c in choices if c])


def _all_button(talk: Talk) -> Choice:
    if len(talk.state.visits) > 1:
        return talk.choice("visits", "choice_visits")
    return talk.choice("book", "choice_book_another")


def told(talk: Talk, visit: Visit) -> str:
    told = {
        "treatment": visit.treatment_name,
        "dentist": visit.dentist_name,
        "when": date_and_time(visit.start, talk.world, talk.language),
        "reference": visit.reference,
    }
    return (
        talk.say("visit_for", person=visit.person, **told) if _names_people(talk, visit) else talk.say("visit", **told)
    )


def _names_people(talk: Talk, visit: Visit) -> bool:
    """Whether it has to be said who comes: the visits are for more than one person, or not for the account's own."""
    caller = talk.world.caller
    people = {one.person for one in (*talk.state.visits, visit)}
    return bool(visit.person) and (len(people) > 1 or (caller.signed_in and caller.name not in ("", visit.person)))


def _find(talk: Talk) -> Turn:
    facts = talk.facts
    if facts.reference:
        email = facts.visit_email or facts.email
        if not email:
            again = [talk.choice("reference", "choice_reference")]
            return talk.reply(Step.VISIT_EMAIL, talk.say("ask_visit_email", reference=facts.reference), again)
        return talk.ask(LookUpVisit(facts.reference, email))
    if talk.world.caller.signed_in:
        return talk.ask(ListVisits())  # anew: others may have been booked since
    if len(talk.state.visits) == 1:
        return advance(talk.with_facts(visit=talk.state.visits[0].id))
    if talk.state.visits:
        return choose(talk)
    return ask_reference(talk)


def ask_reference(talk: Talk) -> Turn:
    return talk.reply(Step.REFERENCE, talk.say("ask_reference"), [talk.choice("book", "choice_book")])


def choose(talk: Talk) -> Turn:
    """Which of several visits."""
    if talk.facts.task is Task.MOVE and talk.when is not None:
        talk = talk.note(talk.say("noted_time", when=talk.when.readback))
    key = {Task.MOVE: "which_to_move", Task.CANCEL: "which_to_cancel"}.get(talk.facts.task, "your_visits")
    visits = talk.state.visits[:_MOST_LISTED]
    buttons = [Choice(f"visit:{visit.id}", button(talk, visit)) for visit in visits]
    return talk.reply(Step.VISITS, talk.say(key), [*buttons, talk.choice("book", "choice_book_another")])


def button(talk: Talk, visit: Visit) -> str:
    when = short_date_and_time(visit.start, talk.world, talk.language)
    parts = [when, visit.person if _names_people(talk, visit) else "", visit.treatment_name, visit.dentist_name]
    return " · ".join(part for part in parts if part)


def found(talk: Talk, result: VisitsFound) -> Talk | Turn:
    """Visits were found; a talk comes back when it is clear which one is meant."""
    visits = tuple(sorted((v for v in result.visits if v.start > talk.now), key=lambda v: v.start))[:_MOST_LISTED]
    talk = talk.with_state(visits=visits)
    if not visits:
        gone = talk.with_facts(task=Task.NONE, reference="", visit_email="", visit="")
        choices = [talk.choice("reference", "choice_reference"), talk.choice("book", "choice_book")]
        return gone.reply(Step.DONE, talk.say("no_visits"), choices)
    if talk.facts.reference or len(visits) == 1:
        return talk.with_facts(visit=visits[0].id, reference="", visit_email="", soonest_visit=False)
    meant = _meant(talk, visits)
    talk = talk.with_facts(soonest_visit=False)
    return talk.with_facts(visit=meant.id) if meant else choose(talk)


def _meant(talk: Talk, visits: tuple[Visit, ...]) -> Visit | None:
    """Which of several, in order of time: the only one at the time that was named, or the next one if that was said."""
    if talk.when is not None and talk.facts.task is not Task.MOVE:
        visits = tuple(v for v in visits if talk.when.allows(v.start)) or visits
        if len(visits) == 1:
            return visits[0]
    first = [v for v in visits if v.start == visits[0].start]
    return first[0] if talk.facts.soonest_visit and len(first) == 1 else None


def not_found(talk: Talk) -> Turn:
    again = talk.with_facts(reference="", visit_email="", email="", tried_reference=talk.facts.reference)
    return ask_reference(again.note(talk.say("no_such_visit")))


def _cancel(talk: Talk, visit: Visit) -> Turn:
    if not visit.can_cancel:
        return too_late(talk)
    text = talk.say("confirm_cancel", visit=told(talk, visit))
    ticket = talk.ticket(text)
    choices = [
        talk.choice(ticket, "choice_yes_cancel"),
        talk.choice("keep", "choice_keep"),
        talk.choice("move", "choice_move"),
    ]
    return talk.reply(Step.CONFIRM_CANCEL, text, choices, confirming=ticket)


def _move(talk: Talk, visit: Visit) -> Turn:
    if not visit.can_move:
        return too_late(talk)
    slot = talk.chosen()
    if slot is None:
        if talk.state.offers and all(one.start > talk.now for one in talk.state.offers):
            return searching.offer(talk)
        return searching.search(talk.with_facts(slot=""))
    if (slot.start, slot.dentist) == (visit.start, visit.dentist):
        return moved(talk, VisitMoved(visit))  # by a yes whose answer was lost
    text = _to_move(talk, visit, slot)
    ticket = talk.ticket(text)
    choices = [
        talk.choice(ticket, "choice_yes_move"),
        talk.choice("other_time", "choice_other_time"),
        talk.choice("keep", "choice_keep"),
    ]
    return talk.reply(Step.CONFIRM_MOVE, text, choices, confirming=ticket)


def _to_move(talk: Talk, visit: Visit, slot: Slot) -> str:
    return talk.say("confirm_move", visit=told(talk, visit), slot=searching.told_slot(talk, slot))


def to_confirm(talk: Talk) -> str | None:
    """What would be asked now, of a visit that may be at another time than when the person was asked; None without one."""
    visit, slot = visit_of(talk), talk.chosen()
    if visit is None:
        return None
    if talk.facts.task is Task.CANCEL:
        return talk.say("confirm_cancel", visit=told(talk, visit))
    return _to_move(talk, visit, slot) if slot else None


def too_late(talk: Talk) -> Turn:
    """The clinic's cut-off has passed, or the visit can no longer be changed here."""
    key = "too_late_cancel" if talk.facts.task is Task.CANCEL else "too_late_move"
    text = talk.say(key, contact=searching.contact(talk))
    after = talk.with_facts(task=Task.VISITS, slot="")
    return after.reply(Step.VISIT, text, [talk.choice("visits", "choice_visits"), talk.choice("book", "choice_book")])


def change(talk: Talk) -> Turn:
    """After the explicit yes to a move or a cancellation."""
    visit, slot = visit_of(talk), talk.chosen()
    if visit is None:
        return _find(talk)
    if talk.facts.task is Task.CANCEL:
        return talk.ask(CancelVisit(visit.id))
    return talk.ask(MoveVisit(visit.id, slot)) if slot else advance(talk)


def moved(talk: Talk, result: VisitMoved) -> Turn:
    visit = result.visit
    text = talk.say("moved", visit=told(talk, visit))
    after = _done(talk).with_state(visits=(visit,))
    after = after.with_facts(visit=visit.id)
    choices = [talk.choice("move", "choice_move"), talk.choice("cancel", "choice_cancel")]
    return after.reply(Step.BOOKED, text, [*choices, talk.choice("book", "choice_book_another")])


def cancelled(talk: Talk) -> Turn:
    visit = visit_of(talk)
    text = talk.say("cancelled", visit=told(talk, visit)) if visit else talk.say("cancelled_plain")
    rest = tuple(v for v in talk.state.visits if v.id != talk.facts.visit)
    after = _done(talk).with_state(visits=rest)
    return after.reply(Step.DONE, text, [talk.choice("book", "choice_book_another")])


def _done(talk: Talk) -> Talk:
    facts = talk.facts
    kept = Facts(name=facts.name, email=facts.email, phone=facts.phone, birth_date=facts.birth_date)
    return talk.with_state(facts=kept, past=(), offers=(), told="")
