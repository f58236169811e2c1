"""Whether a language model helps with an answer. Without one nothing of it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from chatbot import dialogue as d


def answer(
    state: d.State, message: d.Message, world: d.World, now: datetime, do: Callable[[d.Request], d.Result]
) -> tuple[d.State, d.Reply]:
    """As `dialogue.answer`, with the help of the configured model where the message was not understood."""
    if settings.LANGUAGE_MODEL is None:
        return d.answer(state, message, world, now, do)
    from chatbot.model import helping

    return helping.answer(state, message, world, now, do, settings.LANGUAGE_MODEL)
