"""Which jobs are tried again, and when."""

from __future__ import annotations

import psycopg
from django.db import Error
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from clinic.core.errors import Busy

# The database is away or overloaded: nobody's fault, and over some time.
DATABASE_AWAY = (Error, psycopg.Error, Busy)
_DATABASE_BACK_IN = 5  # seconds

# Another machine does not answer, or not as it should: half a minute, doubled each time, at most an hour. Given up after
# some seven hours.
MOST_ATTEMPTS = 14
_FIRST_PAUSE, _LONGEST_PAUSE = 30, 3600  # seconds


class TryAgain(Exception):
    """Raised by a job that did not work out this time; `after` is in seconds."""

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(f"again in {after} s")


class Patience(BaseRetryStrategy):
    """Tries again when the job asks for it, as long as the database is away, and when a network connection failed; mail
    errors are such, too. Anything else is a fault."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TryAgain):
            return RetryDecision(retry_in={"seconds": exception.after})
        if isinstance(exception, DATABASE_AWAY):
            return RetryDecision(retry_in={"seconds": _DATABASE_BACK_IN})
        if isinstance(exception, OSError) and job.attempts + 1 < MOST_ATTEMPTS:
            return RetryDecision(retry_in={"seconds": pause_after(job.attempts + 1)})
        return None


def pause_after(attempts: int) -> int:
    """Seconds until the next attempt after so many."""
    return int(min(_FIRST_PAUSE * 2 ** (attempts - 1), _LONGEST_PAUSE))
