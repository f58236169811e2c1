"""Housekeeping of the jobs themselves."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

_KEPT_HOURS = 30 * 24  # failed jobs; the others are gone once they are done


# Also what keeps procrastinate's watch over its own heartbeat and listener going: without a periodic task it would end.
@app.periodic(cron="17 * * * *")
@app.task(name="jobs.forget_failed", queue="tidy", pass_context=True)
async def forget_failed(context: JobContext, timestamp: int) -> None:
    """Once an hour, whatever the number of workers."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)
