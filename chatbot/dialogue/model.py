"""What goes into the dialogue and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.dialogue.effects import Request
    from chatbot.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Message:
    """What the person sent: what they wrote, or the id of a choice or slot that they pressed (which wins)."""

    text: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. Its id comes back in `Message.choice`; typing the label means the same."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class SlotOffer:
    """An offered slot as a button. `id` comes back in `Message.choice`; `treatment` and `dentist` are the world's ids; instants
    are aware; `label` is for people."""

    id: str
    token: str
    treatment: str
    dentist: str
    dentist_name: str
    start: datetime
    end: datetime
    label: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A public source of what was said about urgency."""

    id: str
    title: str
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon, and why: `band` is a code of `chatbot.triage.Band`, `reason` is in the reader's language."""

    band: str
    label: str
    reason: str
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: short paragraphs (separated by an empty line), buttons, and the name of what it waits for."""

    text: str
    choices: tuple[Choice, ...]
    slots: tuple[SlotOffer, ...]
    urgency: Urgency | None
    sources: tuple[SourceNote, ...]
    step: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The state to keep, and either a reply for the person or a request to the world; never both, never neither."""

    state: State
    reply: Reply | None = None
    request: Request | None = None
