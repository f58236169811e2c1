"""Figures for docs/chatbot.md: `python -m pytest -q -s tests/chatbot/conversations_figures.py`, on an idle machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import process_time
from typing import Any

import pytest
from django.db import connections

from tests.chatbot.dialogue_http import Http
from tests.chatbot.dialogue_play import Play, Shown, scripts
from tests.conftest import empty_database

_OUT_OF_REACH = 3.0  # seconds: a turn in which the database is made to give up is no measure


@dataclass
class Counted(Http):
    """What answers cost whatever else the machine does: statements (beside those that begin, end and sign a transaction), and
    seconds of this process's own work."""

    statements: list[int] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def _send(self, body: dict[str, str]) -> Shown:
        asked = 0

        def count(execute: Callable[..., Any], *statement: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*statement)

        with ExitStack() as counting:
            for alias in connections:
                counting.enter_context(connections[alias].execute_wrapper(count))
            began = process_time()
            shown = super()._send(body)
            self.work.append(process_time() - began)
        self.statements.append(asked)
        return shown


def test_figures(database: None) -> None:
    """Plays every script through the API; prints how many reach their goal, how long answers take, what is asked."""
    reached, seconds, questions, told = 0, list[float](), list[int](), list[int]()
    statements, work = list[int](), list[float]()
    every = scripts()
    for script in every:
        with pytest.MonkeyPatch.context() as patch:
            stage = Counted(patch)
            play = Play(script, stage)
            try:
                play.run()
                reached += 1
            except AssertionError as error:
                print(error)
            seconds += [one for one in stage.seconds if one < _OUT_OF_REACH]
            statements, work = statements + stage.statements, work + stage.work
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
    cut = quantiles(statements, n=100)
    print(f"| statements: median, 95 of 100, most | {median(statements):.0f}, {cut[94]:.0f}, {max(statements)} |")
    cut = quantiles(work, n=100)
    print(f"| processor: median, 95 of 100 | {1000 * median(work):.0f}, {1000 * cut[94]:.0f} ms |")
    print(f"| scripts in which one visit is booked | {len(told)} |")
    print(f"| messages until it is booked: median, most | {median(told):.0f}, {max(told)} |")
    print(f"| questions until then: median, most | {median(questions):.0f}, {max(questions)} |")
    assert reached == len(every)
