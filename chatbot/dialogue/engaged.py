"""Times at which whoever comes has another visit: the world said so, and they are not offered to them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from chatbot.dialogue.state import Engaged, Task
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.world import Slot
from chatbot.when import Window

_MOST = 12
_MINUTE = timedelta(minutes=1)


def ruling_out(talk: Talk, slot: Slot) -> Talk:
    """No visit of theirs is to overlap with this slot."""
    new = Engaged(_whose(talk), slot.start, slot.end)
    others = tuple(one for one in talk.facts.engaged if one != new)
    return talk.with_facts(engaged=(*others, new)[-_MOST:])


def is_free(talk: Talk, start: datetime) -> bool:
    """Whether they have no other visit then, as far as is known."""
    return not any(one.start <= start < one.end for one in ruled_out(talk))


def without(talk: Talk, windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows with the starts left out at which they have another visit."""
    left = tuple(windows)
    for out in ruled_out(talk):
        pieces = ((Window(w.start, min(w.end, out.start)), Window(max(w.start, out.end), w.end)) for w in left)
        left = tuple(piece for pair in pieces for piece in pair if piece.start < piece.end)
    return left


def ruled_out(talk: Talk) -> list[Window]:
    """Starts from which a slot as long as the one that could not be had would overlap with it."""
    whose = _whose(talk)
    return [
        Window(one.start - (one.end - one.start) + _MINUTE, one.end) for one in talk.facts.engaged if one.whose == whose
    ]


def _whose(talk: Talk) -> str:
    """Whoever comes: by the visit that is moved, else by name, so that it is forgotten when it is somebody else."""
    return talk.facts.visit if talk.facts.task is Task.MOVE else talk.facts.name
