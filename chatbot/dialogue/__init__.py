"""The conversation that books visits: a pure state machine that asks the world for what it needs."""

from chatbot.dialogue.effects import (
    AlreadyBooked,
    BadDetail,
    BookVisit,
    CancelVisit,
    CutoffPassed,
    FindSlots,
    Held,
    HoldExpired,
    HoldSlot,
    ListVisits,
    LookUpVisit,
    MoveVisit,
    NoSuchVisit,
    Person,
    Refused,
    Released,
    ReleaseHold,
    Request,
    Result,
    SignInNeeded,
    SlotsFound,
    SlotTaken,
    TooManyHolds,
    TriageNote,
    Unavailable,
    VisitBooked,
    VisitCancelled,
    VisitMoved,
    VisitsFound,
)
from chatbot.dialogue.engine import answer, begin, greet, resume
from chatbot.dialogue.model import Choice, Message, Reply, SlotOffer, SourceNote, Turn, Urgency
from chatbot.dialogue.pressing import is_confirming
from chatbot.dialogue.renewing import is_offering, offer_anew, put_in_place
from chatbot.dialogue.state import State
from chatbot.dialogue.stored import UnknownVersion, dump, load
from chatbot.dialogue.world import Caller, Dentist, Hours, Slot, Treatment, Visit, World

__all__ = [
    "AlreadyBooked", "BadDetail", "BookVisit", "Caller", "CancelVisit", "Choice", "CutoffPassed", "Dentist", "FindSlots",
    "Held", "HoldExpired", "HoldSlot", "Hours", "ListVisits", "LookUpVisit", "Message", "MoveVisit", "NoSuchVisit", "Person",
    "Refused", "ReleaseHold", "Released", "Reply", "Request", "Result", "SignInNeeded", "Slot", "SlotOffer", "SlotTaken",
    "SlotsFound", "SourceNote", "State", "TooManyHolds", "Treatment", "TriageNote", "Turn", "Unavailable", "UnknownVersion",
    "Urgency", "Visit", "VisitBooked", "VisitCancelled", "VisitMoved", "VisitsFound", "World", "answer", "begin", "dump",
    "greet", "is_confirming", "is_offering", "load", "offer_anew", "put_in_place", "resume",
]  # fmt: skip
