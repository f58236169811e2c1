"""What the worker does again and again, every few seconds: an app's `tasks.py` marks it with `every`.

A round is no job: nothing is stored for it, and it may run in several workers at once, so it must be one that does no
harm then. All rounds of a worker take turns in one thread, on one connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections

from clinic.jobs.patience import DATABASE_AWAY

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    name: str
    seconds: float
    act: Callable[[], object]


ROUNDS: list[Round] = []


def every(seconds: float, act: Callable[[], object]) -> None:
    """From now on workers call this so many seconds after its last call ended; its result does not matter."""
    ROUNDS.append(Round(f"{act.__module__}.{act.__qualname__}", seconds, act))


async def go_round(stop: asyncio.Event) -> None:
    """Calls every round when it is due, until `stop` is set."""
    loop = asyncio.get_running_loop()
    due = dict.fromkeys(ROUNDS, 0.0)
    with ThreadPoolExecutor(1, thread_name_prefix="rounds") as thread:
        while not stop.is_set():
            for each in [each for each, when in due.items() if when <= loop.time()]:
                await loop.run_in_executor(thread, take, each)
                due[each] = loop.time() + each.seconds
            await pause(stop, min(due.values(), default=loop.time() + 1) - loop.time())


def take(each: Round) -> None:
    """One call. What goes wrong in it is said and stays its own: the others, and the next one, are called all the same."""
    try:
        each.act()
    except DATABASE_AWAY:
        log.warning("the database did not answer; %s goes on when it does", each.name)
        connections.close_all()
    except Exception:
        log.exception("%s failed", each.name)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Waits so long, or until `stop` is set."""
    if seconds > 0:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return
