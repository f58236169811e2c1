"""Which jobs come back, and when."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError
from procrastinate.jobs import Job

from clinic.core import clock
from clinic.core.errors import Busy
from clinic.jobs.patience import Patience, TryAgain


def again(error: Exception, attempts: int = 0) -> int | None:
    """In how many seconds, None for never."""
    job = Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="notifications.send", attempts=attempts)
    before = clock.now()
    decision = Patience().get_retry_decision(exception=error, job=job)
    if decision is None:
        return None
    assert decision.retry_at is not None
    return (decision.retry_at - before) // timedelta(seconds=1)


def test_a_job_that_asks_for_it() -> None:
    assert again(TryAgain(90)) == 90


@pytest.mark.parametrize("error", [OperationalError(), psycopg.OperationalError(), Busy()])
def test_while_the_database_is_away(error: Exception) -> None:
    assert [again(error), again(error, attempts=500)] == [5, 5]


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected()])
def test_while_another_machine_is_away(error: Exception) -> None:
    assert [again(error, attempts) for attempts in (0, 1, 2, 7, 12, 13)] == [30, 60, 120, 3600, 3600, None]


def test_a_fault_of_ours_stays() -> None:
    assert again(KeyError("x")) is None
