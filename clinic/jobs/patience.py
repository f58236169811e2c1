"""Which jobs are tried again, and when."""

from __future__ import annotations

from django.db import Error
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from clinic.core.errors import Busy

_DATABASE_BACK_IN = 5  # seconds


class TryAgain(Exception):
    """Raised by a job that did not work out this time; `after` is in seconds."""

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(f"again in {after} s")


class Patience(BaseRetryStrategy):
    """Tries again when the job asks for it, and for as long as the database is away; anything else is a fault."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TryAgain):
            return RetryDecision(retry_in={"seconds": exception.after})
        if isinstance(exception, Error | Busy):
            return RetryDecision(retry_in={"seconds": _DATABASE_BACK_IN})
        return None
