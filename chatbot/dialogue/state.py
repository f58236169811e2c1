"""What is remembered of a conversation between two messages: all of it plain data, kept by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chatbot.dialogue.model import Choice
from chatbot.dialogue.world import Slot, Visit

VERSION = 1


class Task(StrEnum):
    """What the person is after."""

    NONE = "none"
    BOOK = "book"
    VISITS = "visits"
    MOVE = "move"
    CANCEL = "cancel"


class Step(StrEnum):
    """What a reply waits for."""

    REASON = "reason"
    QUESTION = "question"
    WELLBEING = "wellbeing"
    EMERGENCY = "emergency"
    TREATMENT = "treatment"
    DENTIST = "dentist"
    DAY = "day"
    SLOT = "slot"
    NOTHING_FREE = "nothing_free"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    CONFIRM = "confirm"
    BOOKED = "booked"
    REFERENCE = "reference"
    VISIT_EMAIL = "visit_email"
    VISITS = "visits"
    VISIT = "visit"
    CONFIRM_MOVE = "confirm_move"
    CONFIRM_CANCEL = "confirm_cancel"
    DONE = "done"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What was said about what is wrong. `heard` is an Understanding as JSON, `words` are the person's own."""

    heard: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    unclear: bool = False  # the safety questions have to be asked
    well: bool = False  # said that nothing hurts


@dataclass(frozen=True, slots=True)
class Engaged:
    """A slot that was refused because whoever comes has another visit then; `whose` is their name, or the id of the visit
    that was to be moved there."""

    whose: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the person has told so far, in whatever order; "back" returns to earlier ones.

    `when` is a `chatbot.when.When` as JSON. `slot` and `visit` are tokens and ids that the world issued.
    """

    task: Task = Task.NONE
    complaint: Complaint = field(default_factory=Complaint)
    treatment: str = ""
    asked_about: str = ""  # a treatment that was inquired about, not wished for
    unclear_treatments: tuple[str, ...] = ()
    dentists: tuple[str, ...] = ()
    not_dentists: tuple[str, ...] = ()
    unclear_dentists: tuple[str, ...] = ()
    when: Mapping[str, Any] | None = None
    unclear_days: tuple[str, ...] = ()
    after: datetime | None = None
    slot: str = ""
    name: str = ""
    half_name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    birth_date_needed: bool = False
    reference: str = ""
    visit_email: str = ""
    tried_reference: str = ""
    visit: str = ""
    soonest_visit: bool = False  # of several visits the next one is meant
    engaged: tuple[Engaged, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    id: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """The request that was sent: which one, and at which stage of the search."""

    kind: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """`offers` are the slots on show, `issued` all of this conversation; `turn` counts replies and dates a read-back."""

    version: int = VERSION
    language: str = ""
    step: Step = Step.REASON
    facts: Facts = field(default_factory=Facts)
    past: tuple[Facts, ...] = ()
    offers: tuple[Slot, ...] = ()
    issued: tuple[Slot, ...] = ()
    hold: Hold | None = None
    visits: tuple[Visit, ...] = ()
    question: str = ""
    told: str = ""
    confirming: str = ""
    pending: Pending | None = None
    notes: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    lost: int = 0
    turn: int = 0
