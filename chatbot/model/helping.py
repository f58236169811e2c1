"""An answer with the model's help: asked only where the offline reading is at a loss, believed only in what may be believed.

The offline engine always reads first, and whatever goes wrong with the model, its answer stands.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from pydantic import BaseModel

from chatbot import dialogue as d
from chatbot.dialogue import booking, engine, searching
from chatbot.dialogue.hearing import Heard, hear
from chatbot.dialogue.state import Facts, Step
from chatbot.dialogue.talk import Talk
from chatbot.model import expecting, lookups, phrasing
from chatbot.model.breaker import Breaker, NotNow
from chatbot.model.loading import ask_when_loaded
from chatbot.model.meaning import meant
from chatbot.model.redaction import Cleaned, cleaned
from chatbot.model.shapes import Phrased, Tools, Understood
from clinic.language_model import LanguageModel

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=BaseModel)
Do = Callable[[d.Request], d.Result]
# What these wait for is somebody's name or address, or decides how urgent it is: the person's words alone count.
_NEVER_AT = frozenset(
    {*booking.DETAILS, Step.REFERENCE, Step.VISIT_EMAIL, Step.QUESTION, Step.WELLBEING, Step.EMERGENCY, Step.TROUBLE}
)
_SMALL_TALK = frozenset({"greeting", "thanks", "abuse", "help", "book"})
_LONG = 7  # words that are more than small talk
_LEAST = 2  # words without which there is nothing to understand


def answer(
    state: d.State, message: d.Message, world: d.World, now: datetime, do: Do, model: LanguageModel
) -> tuple[d.State, d.Reply]:
    """As `dialogue.answer`. The model has `model.seconds` in all."""
    ask_when_loaded()
    helper = _Helper(model)
    turn = d.begin(state, message, world, now)
    said = _to_ask(state, message, turn, world, now, model)
    if said is not None:
        before = engine.opened(replace(state, language=turn.state.language), world, now)
        turn = _understood(before, said, do, helper) or turn
    state, reply = engine.finish(turn, world, now, do)
    return state, _reworded(reply, world, state.language, helper) if model.phrases else reply


@dataclass(slots=True)
class _Helper:
    """The model, for one message: `until` is when it has had its seconds."""

    model: LanguageModel
    until: float = 0

    def ask(self, instructions: str, question: str, shape: type[Answer], tools: Tools) -> Answer | None:
        """The answer; None when the model is not to be asked, or gave none. Nothing of what was said is written down."""
        ask = ask_when_loaded()
        if ask is None:
            return None
        self.until = self.until or time.monotonic() + self.model.seconds
        try:
            with breaker().asking():
                found: Answer = ask(self.model, instructions, question, shape, tools, until=self.until)
                return found
        except NotNow:
            return None
        except Exception as error:
            log.warning("the language model gave no answer: %s", type(error).__name__)
            return None


@lru_cache(maxsize=1)
def breaker() -> Breaker:
    """This process's. At most a third of its threads wait for the model: the others serve everybody else."""
    return Breaker(time.monotonic, max(1, settings.HTTP_THREADS // 3))


def _to_ask(
    state: d.State, message: d.Message, turn: d.Turn, world: d.World, now: datetime, model: LanguageModel
) -> Cleaned | None:
    """What of the message the model is asked about; None when it is not asked."""
    if (
        message.choice
        or turn.reply is None
        or state.step in _NEVER_AT
        or turn.state.step in (Step.EMERGENCY, Step.QUESTION)
    ):
        return None
    talk = engine.opened(state, world, now)
    heard = hear(message.text, talk)
    if not is_unsure(state, turn, heard) or (heard.complains and not model.health) or heard.is_grave:
        return None
    today = now.astimezone(world.zone).date()
    personal = tuple(_personal(state, world))
    said = cleaned(message.text, world, personal, today=today, health=model.health, language=heard.language)
    return said if said.words >= _LEAST else None


def is_unsure(state: d.State, turn: d.Turn, heard: Heard) -> bool:
    """Whether the offline reading made nothing of the message, or of a long one no more than small talk."""
    if turn.state.lost > state.lost:
        return True
    chatted = heard.intents and heard.intents <= _SMALL_TALK and not heard.says_wish and not heard.details.any
    return bool(chatted) and len(heard.rest.split()) >= _LONG and _same_wishes(state.facts, turn.state.facts)


def _same_wishes(before: Facts, after: Facts) -> bool:
    return replace(before, task=after.task) == after


def _personal(state: d.State, world: d.World) -> Iterator[str]:
    """What is known of the person, from this conversation or an account."""
    for facts in (state.facts, *state.past):
        yield from (facts.name, facts.half_name, facts.email, facts.phone, facts.reference, facts.visit_email)
    yield from (world.caller.name, world.caller.email, world.caller.phone)
    for visit in state.visits:
        yield from (visit.reference, visit.person)


def _understood(before: Talk, said: Cleaned, do: Do, helper: _Helper) -> d.Turn | None:
    health = helper.model.health
    question = expecting.question(before, said, health=health)
    found = helper.ask(expecting.INSTRUCTIONS, question, Understood, lookups.tools(before, do))
    outcome = meant(before, found, health=health) if found is not None else None
    if outcome is None:
        return None
    return only_reading(engine.turn_of(before, outcome), before.world, before.now, do)


def only_reading(turn: d.Turn, world: d.World, now: datetime, do: Do) -> d.Turn | None:
    """The turn carried on to its reply with requests that read; None when it asks for anything else.

    A slot that would be held at once is offered instead: the person takes it, or does not.
    """
    for _ in range(engine.MOST_ROUNDS):
        request = turn.request
        if request is None:
            return turn
        if isinstance(request, d.HoldSlot):
            talk = Talk(replace(turn.state, pending=None, offers=(request.slot,)), world, now)
            return searching.offer(talk.with_facts(slot=""))
        if not isinstance(request, d.FindSlots | d.ListVisits | d.LookUpVisit):
            return None
        turn = d.resume(turn.state, do(request), world, now)
    return None


def _reworded(reply: d.Reply, world: d.World, language: str, helper: _Helper) -> d.Reply:
    if not phrasing.may_reword(reply):
        return reply
    text, facts = phrasing.masked(reply.text, world, language)
    found = helper.ask(phrasing.INSTRUCTIONS, phrasing.question(text, language), Phrased, {})
    said = phrasing.reworded(text, facts, found, language) if found is not None else None
    return replace(reply, text=said) if said is not None else reply
