"""The way in: a message begins a turn, the world's answers carry it on until there is a reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chatbot.dialogue import booking, pressing, reading
from chatbot.dialogue.advancing import advance, settled
from chatbot.dialogue.continuing import go_on
from chatbot.dialogue.effects import Request, Result
from chatbot.dialogue.languages import known
from chatbot.dialogue.model import Message, Reply, Turn
from chatbot.dialogue.state import Facts, State, Step
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.world import World

MOST_PAST = 6
MOST_ROUNDS = 12


def greet(world: World, now: datetime, *, language: str = "") -> Turn:
    """Opens a conversation. Without a language the greeting is in the clinic's, and the first message decides."""
    opened = begin(State(language=known(language) if language else ""), Message(), world, now)
    return opened if language else replace(opened, state=replace(opened.state, language=""))


def begin(state: State, message: Message, world: World, now: datetime) -> Turn:
    """What to do about a message: a reply, or a request whose result goes to `resume`.

    `now` is an instant (aware). Never raises, whatever the message holds. A request that was never answered is forgotten.
    """
    before = opened(state, world, now)
    outcome = pressing.press(before, message.choice) if message.choice else reading.read(before, message.text)
    return turn_of(before, outcome)


def opened(state: State, world: World, now: datetime) -> Talk:
    """The talk as a message finds it."""
    return _with_live_hold(Talk(replace(state, pending=None, notes=()), world, now))


def turn_of(before: Talk, outcome: pressing.Outcome) -> Turn:
    """The turn that follows from what a message, or a reading of it, came to."""
    if isinstance(outcome, Turn):
        return outcome if outcome.reply else replace(outcome, state=_with_past(before, outcome.state))
    talk = settled(before, outcome)
    return advance(talk.with_state(past=_with_past(before, talk.state).past))


def resume(state: State, result: Result, world: World, now: datetime) -> Turn:
    """Goes on with what the world answered to the turn's request; never raises, whatever the answer."""
    return go_on(Talk(replace(state, pending=None), world, now), state.pending, result)


def answer(
    state: State, message: Message, world: World, now: datetime, do: Callable[[Request], Result]
) -> tuple[State, Reply]:
    """A whole turn: `do` carries out each request and answers with its result."""
    return finish(begin(state, message, world, now), world, now, do)


def finish(turn: Turn, world: World, now: datetime, do: Callable[[Request], Result]) -> tuple[State, Reply]:
    """Carries a turn on until there is a reply."""
    for _ in range(MOST_ROUNDS):
        if turn.request is None:
            break
        turn = resume(turn.state, do(turn.request), world, now)
    reply = turn.reply
    while reply is None:
        turn = booking.trouble(Talk(replace(turn.state, pending=None), world, now))
        reply = turn.reply
    return turn.state, reply


def _with_past(before: Talk, state: State) -> State:
    """Keeps what was known before this message, unless the message itself went back."""
    undone = state.past != before.state.past or state.facts == Facts()
    if undone or state.facts == before.facts:
        return state
    return replace(state, past=(*state.past, before.facts)[-MOST_PAST:])


def _with_live_hold(talk: Talk) -> Talk:
    """A hold that ran out is renewed before anything else is asked, but for a yes: then the world decides."""
    hold = talk.state.hold
    if hold is None or hold.expires_at > talk.now or talk.state.step is Step.CONFIRM:
        return talk
    if hold.token == talk.facts.slot:
        talk = talk.note(talk.say("hold_over"))
    return talk.with_state(hold=None)
