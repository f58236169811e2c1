"""Figures for docs/chatbot.md: `python -m pytest -q -s tests/chatbot/conversations_figures.py`, on an idle machine."""

from __future__ import annotations

from statistics import median, quantiles

import pytest

from tests.chatbot.dialogue_http import Http
from tests.chatbot.dialogue_play import Play, scripts
from tests.conftest import empty_database

_OUT_OF_REACH = 3.0  # seconds: a turn in which the database is made to give up is no measure


def test_figures(database: None) -> None:
    """Plays every script through the API; prints how many reach their goal, how long answers take, what is asked."""
    reached, seconds, questions, told = 0, list[float](), list[int](), list[int]()
    every = scripts()
    for script in every:
        with pytest.MonkeyPatch.context() as patch:
            stage = Http(patch)
            play = Play(script, stage)
            try:
                play.run()
                reached += 1
            except AssertionError as error:
                print(error)
            seconds += [one for one in stage.seconds if one < _OUT_OF_REACH]
            steps = [shown.step for shown in play.replies]
            if "booked" in steps and len(stage.booked()) == 1:
                before = steps[: steps.index("booked")]
                told.append(len(before))
                questions.append(sum(step not in ("confirm", "done") for step in before[1:]))
        empty_database()
    cut = quantiles(seconds, n=100)
    print(f"\n| scripts that reach their goal | {reached} of {len(every)} |")
    print(f"| messages | {len(seconds)} |")
    print(f"| answer: median, 95 of 100, slowest | {1000 * median(seconds):.0f}, {1000 * cut[94]:.0f}, "
          f"{1000 * max(seconds):.0f} ms |")  # fmt: skip
    print(f"| scripts in which one visit is booked | {len(told)} |")
    print(f"| messages until it is booked: median, most | {median(told):.0f}, {max(told)} |")
    print(f"| questions until then: median, most | {median(questions):.0f}, {max(questions)} |")
    assert reached == len(every)
