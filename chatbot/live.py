"""Who may listen to a conversation (docs/realtime.md, "Channels")."""

from __future__ import annotations

from chatbot.models import Conversation
from clinic.core import db
from clinic.core.actor import Actor
from clinic.realtime import channels


def register() -> None:
    channels.register("conversation", _conversation, asks_database=True)


def _conversation(actor: Actor, detail: str, token: str) -> str:
    """Whoever began it, without an account by its token."""
    conversation_id = channels.id_of(detail)
    if token:
        actor = actor.with_secret(token)
    with db.reading(actor):
        if not Conversation.objects.filter(pk=conversation_id).exists():
            raise channels.Refused("forbidden")
    return f"conversation.{conversation_id}"
