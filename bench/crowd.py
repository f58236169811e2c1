"""Many callers at the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from time import perf_counter

from django.db import connections

from clinic.core.errors import ClinicError

Heard = tuple[str, float]  # "done" or the code of a typed error, and the seconds until it was heard


def together(jobs: Sequence[Callable[[], object]]) -> list[Heard]:
    """What each job came to; all begin together, and the seconds count from then. Anything but a typed error goes up."""
    ready = threading.Barrier(len(jobs) + 1)
    heard: list[Heard] = []
    faults: list[BaseException] = []
    began = 0.0

    def run(job: Callable[[], object]) -> None:
        ready.wait()
        try:
            job()
            heard.append(("done", perf_counter() - began))
        except ClinicError as refusal:
            heard.append((refusal.code, perf_counter() - began))
        except BaseException as fault:  # whatever it was, it ends the benchmark
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    began = perf_counter()
    ready.wait()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return heard
