"""Under whose identity a conversation acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from clinic.core.actor import Actor, Role, Source


@dataclass(frozen=True, slots=True)
class ForOneCaller(Actor):
    """A bot that speaks for one of many callers: what is held in their conversation is held under its own key, so that one
    caller's hold does not take the place of another's. Sees nothing that the bot would not see."""

    @property
    def holders(self) -> tuple[str, ...]:
        return (self.holder,)


def acting_in(actor: Actor, conversation_id: UUID) -> Actor:
    """The caller as the conversation's verbs act for them: with their own rights, through the chatbot."""
    if actor.role != Role.BOT:
        return replace(actor, source=Source.CHATBOT)
    return ForOneCaller(
        Role.BOT,
        actor.user_id,
        holder=f"c:{conversation_id}",
        source=Source.CHATBOT,
        address=conversation_id.hex,  # limits count for each caller: the bot has many, and one network address
    )
