"""What the model may look up while it reads a message: typed, under the caller's own rights, and never a word of anybody."""

from __future__ import annotations

from collections.abc import Callable

from chatbot import dialogue as d
from chatbot.dialogue import searching
from chatbot.dialogue.talk import Talk
from chatbot.model.expecting import dentist_named, told_slot, treatment_named
from chatbot.model.shapes import FreeTimes, ReadTime, Tools
from chatbot.when import When, understand
from chatbot.when import dump as dump_when

_MOST_TIMES = 6


def tools(talk: Talk, do: Callable[[d.Request], d.Result]) -> Tools:
    """`do` is what carries out the conversation's own requests."""

    def read_time(asked: ReadTime) -> str:
        read = time_in(talk, asked.words)
        return read.readback if read is not None else "not understood"

    def free_times(asked: FreeTimes) -> str:
        treatment = treatment_named(talk.world, asked.treatment) or searching.treatment_of(talk)
        dentist = dentist_named(talk.world, asked.dentist) if asked.dentist else ""
        read = time_in(talk, asked.words)
        if not treatment or (asked.dentist and not dentist) or (asked.words and read is None):
            return "not understood"
        wish = talk.with_facts(when=dump_when(read) if read else None, after=None)
        request = d.FindSlots(
            treatment, (dentist,) if dentist else (), wish.wished(), urgent=False, limit=_MOST_TIMES, one_per_start=False,
            around=None, moving="",
        )  # fmt: skip
        found = do(request) if request.windows else None
        times = found.slots if isinstance(found, d.SlotsFound) else ()
        return "; ".join(told_slot(talk, slot) for slot in times[:_MOST_TIMES]) or "none"

    return {ReadTime: read_time, FreeTimes: free_times}


def time_in(talk: Talk, words: str) -> When | None:
    """What the model's words for a time come to, told in the calendar's own words; None for all that is no time to come."""
    world = talk.world
    read = understand(
        words,
        now=talk.now,
        zone=world.zone,
        language=talk.language,
        day_first=world.day_first,
        horizon_days=world.horizon_days,
        previous=talk.when,
    )
    if read is None or read.problem is not None or not read.windows or read.readback == read.text:
        return None
    return read
