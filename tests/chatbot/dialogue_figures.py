"""Figures about the scripted conversations: `python -m tests.chatbot.dialogue_figures` prints them.

Counts are the same on every machine and stand in `docs/dialogue.md`; times are processor time of a turn, with the state read
from JSON and written to it, and without what the world did.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tests.chatbot.dialogue_play import Play, Script, scripts
from tests.chatbot.dialogue_stage import Memory

ASKING = frozenset(
    (
        "reason",
        "question",
        "wellbeing",
        "treatment",
        "dentist",
        "day",
        "slot",
        "name",
        "email",
        "phone",
        "birth_date",
        "confirm",
    )
)


@dataclass(frozen=True)
class Played:
    script: Script
    passed: bool
    messages: int  # what the person sent until the visit was booked, 0 when none was
    questions: int  # what the person was asked until then
    seconds: tuple[float, ...]


def played(script: Script) -> Played:
    stage = Memory()
    play = Play(script, stage)
    try:
        play.run()
        passed = True
    except AssertionError:
        passed = False
    steps = [shown.step for shown in play.replies]
    until = steps.index("booked") if "booked" in steps else 0
    asked = sum(step in ASKING for step in steps[1:until])
    return Played(script, passed, until, asked, tuple(stage.seconds))


def counts(all_played: list[Played]) -> Iterator[str]:
    """Rows of a table: what holds on every machine."""
    german = [one for one in all_played if one.script.file == "german"]
    booked = [one for one in all_played if one.messages]
    turns = sum(len(one.seconds) for one in all_played)
    yield f"| scripts, of them German | {len(all_played)}, {len(german)} |"
    yield f"| of them that go as written | {sum(one.passed for one in all_played)} |"
    yield f"| messages sent in them | {turns} |"
    yield f"| scripts in which a visit is booked | {len(booked)} |"
    yield f"| messages until it is booked: median, fewest, most | {_spread([one.messages for one in booked])} |"
    yield f"| questions asked until then: median, fewest, most | {_spread([one.questions for one in booked])} |"


def _spread(numbers: list[int]) -> str:
    return f"{median(numbers):g}, {min(numbers)}, {max(numbers)}"


def main() -> None:
    for _ in range(2):  # the first run loads the tables
        all_played = [played(script) for script in scripts()]
    seconds = sorted(one for run in all_played for one in run.seconds)
    told = [f"{1000 * seconds[int(share * (len(seconds) - 1))]:.1f} ms" for share in (0.5, 0.95, 1)]
    lines = [*counts(all_played), f"| processor time of a turn: median, 95 of 100, slowest | {', '.join(told)} |"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
