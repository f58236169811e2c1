"""Offered slots that are gone before one was picked: others in their place, or all of them looked for anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from chatbot.dialogue import searching
from chatbot.dialogue.effects import Request, Result, SlotsFound
from chatbot.dialogue.model import Reply, SlotOffer, Turn
from chatbot.dialogue.state import State, Step
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.world import Slot, World

_MOST_SEARCHES = 6


def is_offering(state: State) -> bool:
    """Whether the reply on show waits for a slot to be picked."""
    return state.step is Step.SLOT and not state.facts.slot


def put_in_place(
    state: State,
    world: World,
    now: datetime,
    *,
    still: Collection[str],
    near: Sequence[datetime],
    found: Sequence[Slot],
    most: int,
) -> tuple[State, tuple[SlotOffer, ...]]:
    """Offers those of the `found` slots that lie nearest to the instants `near`, at most so many, beside the issued ones
    whose tokens are `still` free. Gives what is new, in order of time; `found` names nothing that is on show."""
    talk = Talk(state, world, now)
    fitting = searching.fitting(talk, found, later=True)  # the search's own windows end where it may not be later
    by_distance = sorted(fitting, key=lambda slot: min(abs(slot.start - start) for start in near)) if near else []
    new = sorted(by_distance[:most], key=_in_order)
    kept = [slot for slot in state.issued if slot.token in still]
    return searching.issue(talk, tuple(sorted([*kept, *new], key=_in_order))).state, tuple(map(talk.offer, new))


def offer_anew(
    state: State, world: World, now: datetime, do: Callable[[Request], Result]
) -> tuple[State, Reply] | None:
    """Looks for slots as if it were asked again, and says what is other about them; holds nothing, for nobody has picked.
    None when the world does not answer with slots: what was said stays."""
    turn = searching.search(Talk(replace(state, pending=None, notes=(), offers=()), world, now))
    for _ in range(_MOST_SEARCHES):
        if turn.request is None:
            break
        result = do(turn.request)
        if not isinstance(result, SlotsFound):
            return None
        pending = turn.state.pending
        talk = Talk(replace(turn.state, pending=None), world, now)
        outcome = searching.found(talk, result, pending.stage if pending else searching.WISH)
        turn = outcome if isinstance(outcome, Turn) else searching.offer(outcome.with_facts(slot=""))
    return (turn.state, turn.reply) if turn.reply is not None else None


def _in_order(slot: Slot) -> tuple[datetime, str]:
    return slot.start, slot.dentist_name
