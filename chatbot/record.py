"""What is kept of a conversation, as JSON: the dialogue's state, and what the server must remember beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chatbot.dialogue import Caller, Reply, SlotOffer, State, UnknownVersion, dump, load
from clinic.core import clock

MOST_MESSAGES = 400
_MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that a key was given: a digest of the key, what it came with, and where its two messages begin."""

    key: str
    request: str
    at: int


@dataclass(slots=True)
class Record:
    """`opened` are ids of visits that this conversation may change, `writes` counts what it booked, moved and cancelled.

    `caller` is whom a bot speaks for. `messages` are JSON objects: `role` (`user` or `bot`), `text`, `at`, and of the bot's
    `choices`, `slots`, `sources`, `step`, `urgency`, and `search`: how its slots were looked for (`chatbot.searched`), of which
    `wanted` is how many were offered.
    """

    state: State = field(default_factory=State)
    opened: list[str] = field(default_factory=list)
    booked: str = ""
    writes: int = 0
    caller: Caller = field(default_factory=Caller)
    given: list[Given] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def stored(self) -> tuple[str, str]:
        """State and messages as texts to be encrypted."""
        named = {"name": self.caller.name, "email": self.caller.email, "phone": self.caller.phone}
        kept = {
            "dialogue": dump(self.state),
            "opened": self.opened,
            "booked": self.booked,
            "writes": self.writes,
            "caller": named,
            "given": [asdict(one) for one in self.given[-_MOST_KEYS:]],
        }
        return json.dumps(kept), json.dumps(self.messages)

    @classmethod
    def read(cls, state: str, messages: str) -> Record:
        """What was stored. A dialogue that this code no longer understands begins anew, in its language."""
        kept = json.loads(state)
        try:
            dialogue = load(kept["dialogue"])
        except UnknownVersion:
            dialogue = State(language=kept["dialogue"].get("language", ""))
        return cls(
            dialogue,
            kept["opened"],
            kept["booked"],
            kept["writes"],
            Caller(**kept["caller"]),
            [Given(**one) for one in kept["given"]],
            json.loads(messages),
        )

    def hear(self, text: str, now: datetime) -> None:
        """Adds what the person said."""
        self.messages.append({"role": "user", "text": text, "at": now.isoformat()})

    def tell(self, reply: Reply, now: datetime, search: dict[str, Any]) -> None:
        """Adds what the bot answered."""
        self.messages.append(
            {
                "role": "bot",
                "text": reply.text,
                "at": now.isoformat(),
                "choices": [asdict(choice) for choice in reply.choices],
                "slots": [as_stored(slot) for slot in reply.slots],
                "sources": [asdict(source) for source in reply.sources],
                "step": reply.step,
                "urgency": asdict(reply.urgency) if reply.urgency else None,
                "search": search or self._search_before(),
                "wanted": len(reply.slots),
            }
        )

    def _search_before(self) -> dict[str, Any]:
        """How the slots were looked for that a reply shows again, after a question in between."""
        return next((one["search"] for one in reversed(self.messages) if one.get("slots")), {})

    def label_of(self, choice: str) -> str:
        """What stood on the button that was pressed, as far as it is on show."""
        for message in reversed(self.messages):
            for button in (*message.get("choices", ()), *message.get("slots", ())):
                if button["id"] == choice:
                    return str(button["label"])
        return choice


def as_stored(slot: SlotOffer) -> dict[str, Any]:
    """An offered slot as a JSON object, its instants with the clinic's offset."""
    return {
        "id": slot.id,
        "token": slot.token,
        "treatment": slot.treatment,
        "dentist_id": slot.dentist,
        "dentist_name": slot.dentist_name,
        "start": clock.local(slot.start).isoformat(),
        "end": clock.local(slot.end).isoformat(),
        "label": slot.label,
    }
