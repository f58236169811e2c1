"""Everything that the clinic stores about an account and the people under it, to be taken along."""

from __future__ import annotations

import json
from typing import Any

from chatbot import conversations
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.crypto import decrypt
from clinic.core.errors import NotAllowed, NotSignedIn
from clinic.core.models import ClinicSettings


def export(actor: Actor) -> dict[str, Any]:
    """The caller's data as plain JSON values: `account`, `people`, `visits` (each with `medical` text and `messages`),
    `consents`, `holds`, `hold_attempts`, `kept_answers`, `sessions`, `programs`, `ways_in`,
    `history`, `conversations` with the chatbot; instants in ISO 8601, UTC.

    Without secrets: no password, no key of a session or token. Call it while reading. Raises `NotSignedIn`, and
    `NotAllowed` for the chatbot's own account, which is no person.
    """
    if actor.user_id is None:
        raise NotSignedIn()
    if actor.role == Role.BOT:
        raise NotAllowed()
    [(found, ways_in)] = db.rows("SELECT privacy_own_records()::text, privacy_own_ways_in()::text")
    records: dict[str, Any] = json.loads(found)
    for visit in records["visits"]:
        told = visit["medical"] or {}
        visit["medical"] = {name: decrypt(text) for name, text in told.items() if text}
    clinic = ClinicSettings.current()
    return {
        "made_at": clock.now().isoformat(),
        "clinic": {"name": clinic.name, "email": clinic.email, "phone": clinic.phone, "address": clinic.address},
        "consents": [
            {
                "booking_reference": visit["booking_reference"],
                "version": visit["consent_version"],
                "at": visit["consent_at"],
            }
            for visit in records["visits"]
            if visit["consent_at"]
        ],
        **records,
        "ways_in": json.loads(ways_in),
        "conversations": conversations.own(actor),
    }
