"""What the dialogue asks of the world, and what the world may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chatbot.dialogue.world import Slot, Visit
from chatbot.when import Window


@dataclass(frozen=True, slots=True)
class FindSlots:
    """Free slots of a treatment whose start lies in one of the windows; the earliest first, or those nearest to `around`.

    `dentists` empty means any. `one_per_start` wants one dentist for each start, whoever has least to do that day, so that
    many dentists at nine do not crowd out ten. `urgent` opens hours kept for urgent people. `moving` is the visit to be
    moved, whose own time is not in the way. Answer: `SlotsFound`, at most `limit`, empty when nothing is free.
    """

    treatment: str
    dentists: tuple[str, ...]
    windows: tuple[Window, ...]
    urgent: bool
    limit: int
    one_per_start: bool = False
    around: datetime | None = None
    moving: str = ""


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """Keep this slot for the person; it takes the place of a slot held before.

    Answer: `Held`, `SlotTaken`, `TooManyHolds`.
    """

    slot: Slot
    urgent: bool


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """Answer: `Released`; the dialogue goes on whatever comes."""

    hold: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes. `for_other` when the visit is not for the writer (a child, somebody in the family)."""

    name: str
    email: str
    phone: str
    birth_date: date | None
    for_other: bool


@dataclass(frozen=True, slots=True)
class TriageNote:
    """What is stored with the visit: `band` a code or "", `reason` and `symptoms` for people to read, `flags` as cancer."""

    band: str
    reason: str
    symptoms: str
    signs: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookVisit:
    """The person said yes to the read-back, which also asked for consent to store what they told.

    Answer: `VisitBooked`, `HoldExpired`, `SlotTaken`, `AlreadyBooked`, `BadDetail`, `Refused`. `hold` is "" when it ran out
    and could not be renewed: then the slot is booked if it is still free.
    """

    hold: str
    slot: Slot
    person: Person
    triage: TriageNote
    language: str


@dataclass(frozen=True, slots=True)
class ListVisits:
    """The caller's own visits to come. Answer: `VisitsFound`, `SignInNeeded`."""


@dataclass(frozen=True, slots=True)
class LookUpVisit:
    """One visit by reference and email. Answer: `VisitsFound`, `NoSuchVisit`, `Refused` (too many tries)."""

    reference: str
    email: str


@dataclass(frozen=True, slots=True)
class MoveVisit:
    """After an explicit yes. Answer: `VisitMoved`, `SlotTaken`, `CutoffPassed`, `AlreadyBooked`, `Refused`."""

    visit: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class CancelVisit:
    """After an explicit yes. Answer: `VisitCancelled`, `CutoffPassed`, `Refused`."""

    visit: str


Request = FindSlots | HoldSlot | ReleaseHold | BookVisit | ListVisits | LookUpVisit | MoveVisit | CancelVisit


@dataclass(frozen=True, slots=True)
class SlotsFound:
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Held:
    hold: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Released:
    pass


@dataclass(frozen=True, slots=True)
class VisitBooked:
    """`pending` when the practice still has to confirm it."""

    visit: Visit
    pending: bool = False


@dataclass(frozen=True, slots=True)
class VisitsFound:
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class VisitMoved:
    visit: Visit


@dataclass(frozen=True, slots=True)
class VisitCancelled:
    pass


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody else was first; `alternatives` are the nearest free slots."""

    alternatives: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldExpired:
    """The hold ran out and the slot is gone."""

    alternatives: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class TooManyHolds:
    pass


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The same person has another visit at that time."""


@dataclass(frozen=True, slots=True)
class CutoffPassed:
    pass


@dataclass(frozen=True, slots=True)
class NoSuchVisit:
    pass


@dataclass(frozen=True, slots=True)
class SignInNeeded:
    pass


@dataclass(frozen=True, slots=True)
class BadDetail:
    """`field` is `name`, `email`, `phone` or `birth_date`."""

    field: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Any other refusal: a stable `code`, and a `text` for people in the conversation's language (may be empty)."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The world could not answer now."""


Result = (
    SlotsFound
    | Held
    | Released
    | VisitBooked
    | VisitsFound
    | VisitMoved
    | VisitCancelled
    | SlotTaken
    | HoldExpired
    | TooManyHolds
    | AlreadyBooked
    | CutoffPassed
    | NoSuchVisit
    | SignInNeeded
    | BadDetail
    | Refused
    | Unavailable
)
