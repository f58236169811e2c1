"""The worker: takes jobs from the database, and goes its rounds, until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import ConnectorException

from clinic.jobs.rounds import go_round, pause

log = logging.getLogger(__name__)

AT_ONCE = 4  # jobs of one worker: they wait for other machines, not for this one
HEARTBEAT = 2.0  # seconds
# A worker that has been silent for so long is gone, and its jobs are anybody's.
SILENCE = 10.0
_LET_FINISH = 4.0  # seconds that running jobs are given when the worker is asked to stop
_BACK_IN = 1.0
_WAKE_UP = '{"type": "job_inserted"}'


class _WokenOnly(PsycopgConnector):
    """Whoever has a connection may send `NOTIFY`, with any text. So none is read: whatever comes says "look for jobs", and
    no more. That a job is to be aborted stands in its row, which is looked at in turns."""

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        async def heard(*, channel: str, payload: str) -> None:
            await on_notification(channel=channel, payload=_WAKE_UP)

        await super().listen_notify(on_notification=heard, channels=channels)


async def work() -> None:
    """Works until SIGINT or SIGTERM; what the database does not answer is asked again until it does."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    parts = [asyncio.create_task(go_round(stop)), asyncio.create_task(_take_jobs(stop))]
    # Neither ends by itself: one that does takes the other along, and whoever watches the process starts it again.
    await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*parts)


async def _take_jobs(stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            async with _opened() as opened:
                await _serve(opened, stop)
        except Exception as error:
            log.warning("no jobs can be taken now (%s); trying again", type(error).__name__)
        if not stop.is_set():
            await pause(stop, _BACK_IN)


@asynccontextmanager
async def _opened() -> AsyncIterator[App]:
    """procrastinate on connections of its own: the service's login, which has stepped into its role from the start."""
    params: dict[str, Any] = connector_params("service")
    params["options"] = f"{params.get('options', '')} -c role=app_service".strip()
    connector = _WokenOnly(kwargs=params, min_size=1, max_size=AT_ONCE, timeout=10)
    with app.replace_connector(connector) as ours:
        async with ours.open_async():
            yield ours


async def _serve(opened: App, stop: asyncio.Event) -> None:
    """Until `stop` is set, or until something of it fails."""
    worker = opened.run_worker_async(
        concurrency=AT_ONCE,
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=_LET_FINISH,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENCE,
    )
    lost = asyncio.Event()
    asyncio.get_running_loop().set_exception_handler(partial(_on_lost, lost))
    parts = [asyncio.create_task(part) for part in (worker, _take_over(opened), lost.wait(), stop.wait())]
    try:
        ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
    for part in ended:
        part.result()


def _on_lost(lost: asyncio.Event, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job was done, but the database could not be told: it would stay this worker's for as long as there is this worker.
    So it ends, and the next one takes the job over; whatever the job did already, it finds done."""
    log.warning("%s (%s)", context["message"], type(context.get("exception")).__name__)
    lost.set()


async def _take_over(opened: App) -> None:
    """Puts the jobs of workers that were killed back into the queue."""
    while True:
        for job in await opened.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
            try:
                await opened.job_manager.retry_job(job)
                log.info("job %s of a worker that is gone is taken over", job.id)
            except ConnectorException:
                log.info("job %s was taken over by another worker", job.id)
        await asyncio.sleep(HEARTBEAT)
