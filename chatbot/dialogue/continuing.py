"""Going on with what the world answered."""

from __future__ import annotations

from chatbot.dialogue import booking, engaged, prompts, searching, visits
from chatbot.dialogue.advancing import advance
from chatbot.dialogue.effects import (
    AlreadyBooked,
    BadDetail,
    CutoffPassed,
    Held,
    HoldExpired,
    NoSuchVisit,
    Refused,
    Result,
    SignInNeeded,
    SlotsFound,
    SlotTaken,
    TooManyHolds,
    VisitBooked,
    VisitCancelled,
    VisitMoved,
    VisitsFound,
)
from chatbot.dialogue.model import Turn
from chatbot.dialogue.state import Pending, Task
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.world import Slot
from chatbot.when import Exactness

_NOT_FOR_THEM = ("new_patients_only", "known_patients_only", "not_bookable_online", "too_young", "wrong_treatment")


def go_on(talk: Talk, pending: Pending | None, result: Result) -> Turn:
    """The next turn; an answer that does not fit the question is told as a failure, a refusal in its own words."""
    if pending is None or pending.kind == "ReleaseHold":
        return advance(talk)
    match pending.kind, result:
        case "FindSlots", SlotsFound():
            outcome = searching.found(talk, result, pending.stage)
            return outcome if isinstance(outcome, Turn) else advance(outcome)
        case "HoldSlot", Held():
            return advance(booking.held(talk, result))
        case "HoldSlot", TooManyHolds():
            return booking.trouble(talk.with_facts(slot=""), talk.say("too_many_holds"))
        case "BookVisit", VisitBooked():
            return booking.booked(talk, result)
        case (("HoldSlot" | "BookVisit" | "MoveVisit"), SlotTaken(alternatives=others)):
            return _gone(talk, others, "taken")
        case (("HoldSlot" | "BookVisit"), HoldExpired(alternatives=others)):
            return _gone(talk, others, "hold_expired")
        case (("BookVisit" | "MoveVisit" | "HoldSlot"), AlreadyBooked()):
            return _engaged(talk)
        case "BookVisit", BadDetail(field=field):
            return booking.bad_detail(talk, field)
        case (("ListVisits" | "LookUpVisit"), VisitsFound()):
            found = visits.found(talk, result)
            return found if isinstance(found, Turn) else advance(found)
        case "ListVisits", SignInNeeded():
            return visits.ask_reference(talk)
        case "LookUpVisit", NoSuchVisit():
            return visits.not_found(talk)
        case (("MoveVisit" | "CancelVisit"), CutoffPassed()):
            return visits.too_late(talk)
        case "MoveVisit", VisitMoved():
            return visits.moved(talk, result)
        case "CancelVisit", VisitCancelled():
            return visits.cancelled(talk)
        case _, Refused():
            return _refused(talk, pending, result)
    return booking.trouble(_without_look_up(talk, pending))


def _gone(talk: Talk, alternatives: tuple[Slot, ...], key: str) -> Turn:
    """The slot is somebody else's: the nearest that are free instead, from the world's answer or a new search."""
    lost = talk.facts.slot
    talk = talk.with_facts(slot="").with_state(hold=None, offers=()).note(talk.say(key))
    facts = talk.facts
    if talk.when is not None or facts.dentists or facts.not_dentists:
        # A wish is searched for anew, an exact time nearby: found there, it would be held and lost again.
        exact = talk.when is not None and talk.when.exactness is Exactness.EXACT_TIME
        return searching.search(talk, searching.NEAR if exact else searching.WISH)
    others = searching.fitting(talk, (slot for slot in alternatives if slot.token != lost))[: searching.MOST_SHOWN]
    if others:
        return searching.offer(searching.issue(talk, others))
    return searching.search(talk, searching.NEAR)


def _engaged(talk: Talk) -> Turn:
    """Whoever comes has another visit then: what is nearest to it and at no time that overlaps."""
    slot = talk.chosen()
    if slot is None:
        return _gone(talk, (), "already_booked")
    talk = engaged.ruling_out(talk, slot)
    if talk.when is not None:
        return _gone(talk, (), "already_booked")
    freed = talk.with_facts(slot="").with_state(hold=None, offers=()).note(talk.say("already_booked"))
    return searching.search(freed, searching.NEAR, near=slot.start)


def _refused(talk: Talk, pending: Pending, result: Refused) -> Turn:
    if result.code in _NOT_FOR_THEM and talk.facts.task is Task.BOOK:
        told = result.text or talk.say("not_for_you", contact=searching.contact(talk))
        freed = talk.with_facts(slot="", treatment="", unclear_treatments=()).with_state(hold=None, offers=())
        return prompts.treatment(freed.note(told))
    if pending.kind in ("BookVisit", "MoveVisit", "HoldSlot"):
        talk = talk.with_facts(slot="").with_state(offers=())
    return booking.trouble(_without_look_up(talk, pending), result.text)


def _without_look_up(talk: Talk, pending: Pending) -> Talk:
    """What was looked up is asked for again, else every further message would look it up anew."""
    if pending.kind in ("LookUpVisit", "ListVisits"):
        return talk.with_facts(reference="", visit_email="", task=Task.NONE)
    return talk
