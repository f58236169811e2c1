"""Many callers at the same moment, each in a thread and on a connection of its own, and what each of them was told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any

from django.db import connections

from clinic.core import db
from clinic.core.errors import ClinicError


@dataclass(frozen=True)
class Told:
    """What one caller heard: a result, or the code of a typed error. Anything else that was raised is a fault."""

    result: Any
    error: BaseException | None
    seconds: float

    @property
    def code(self) -> str:
        if self.error is None:
            return "done"
        return self.error.code if isinstance(self.error, ClinicError) else f"fault: {self.error!r}"


POOL_PATIENCE = 30.0


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Told]:
    """All jobs begin together; the answers come in the order of the jobs."""
    # Two hundred threads share twelve connections here, which no server lets them do: how long they wait for one is the
    # machine's business and nobody's claim.
    pool: Any = connections["default"].pool  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one
    pool.timeout = POOL_PATIENCE
    start = threading.Barrier(len(jobs))
    answers: list[Told | None] = [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        result, error = None, None
        start.wait()
        began = perf_counter()
        try:
            result = job()
        except BaseException as raised:  # whatever it was, the test looks at it
            error = raised
        answers[number] = Told(result, error, perf_counter() - began)
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for answer in answers if answer is not None]


def codes(answers: Sequence[Told]) -> dict[str, int]:
    """How many heard what."""
    return dict(Counter(answer.code for answer in answers))


def slowest(answers: Sequence[Told]) -> str:
    return f"slowest of {len(answers)}: {max(answer.seconds for answer in answers):.2f} s"


@contextmanager
def no_deadlock() -> Iterator[None]:
    """PostgreSQL's own count of deadlocks stays as it is."""
    before = deadlocks()
    yield
    assert deadlocks() == before


def deadlocks() -> int:
    """Deadlocks of this database so far. Backends count in their own memory until they end, or have been idle for ten
    seconds; so they are ended first, and the few that a pool lost sight of while it was closed are waited for."""
    connections.close_all()
    pool: Any = connections["default"].pool  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one
    _until(lambda: (stats := pool.get_stats())["pool_available"] >= stats["pool_size"], seconds=2)
    connections["default"].close_pool()
    with db.as_owner():
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name = current_setting('application_name')"
        )
        _until(lambda: not db.value(others), seconds=12)
        db.rows("SELECT pg_stat_clear_snapshot()")
        return int(db.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))


def _until(so: Callable[[], bool], *, seconds: float) -> None:
    end = monotonic() + seconds
    while not so() and monotonic() < end:
        pass
