"""PostgreSQL itself goes down, in order and without: a cluster of its own, because nobody else may be disturbed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from clinic.embedded.place import place_for
from clinic.embedded.postgres import PostgresServer
from clinic.realtime.client import LiveClient, Refetch, Subscription
from tests.faults.listeners import Backstage
from tests.faults.stand import ROOT, Stand, standing
from tests.polling import until

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("faults")]  # one stand for all of them

_WRITE = """
    SELECT realtime_write('settings.changed', ARRAY['availability'], '{}', 'availability.changed', '{}')
      FROM generate_series(1, %s)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[PostgresServer]:
    """One that keeps what it has committed, as those of other tests need not."""
    with ExitStack() as stack:
        place = place_for(tmp_path / "cluster", durable=False)
        stack.callback(place.erase)
        postgres = PostgresServer(place, durable=True)
        stack.callback(postgres.stop)
        postgres.start()
        environment = {**os.environ, "DATABASE_URL": postgres.database_url}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        yield postgres


@pytest.fixture
def stand(cluster: PostgresServer, tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path, cluster.database_url) as stand:
        yield stand


def test_postgres_restarts_and_crashes(cluster: PostgresServer, stand: Stand, backstage: Backstage) -> None:
    heard: list[list[int]] = []
    starts: list[int] = []

    async def listen(subscription: Subscription, positions: list[int]) -> None:
        async for news in subscription:
            if isinstance(news, Refetch):
                starts.append(news.position)
            else:
                positions.append(news.position)

    async def begin() -> list[tuple[LiveClient, asyncio.Task[None]]]:
        found = []
        for server in stand.servers:
            live = await LiveClient(server.url, first_delay=0.05, longest_delay=0.3).__aenter__()
            heard.append([])
            found.append((live, asyncio.create_task(listen(live.availability(), heard[-1]))))
        return found

    async def end(clients: list[tuple[LiveClient, asyncio.Task[None]]]) -> None:
        for live, _ in clients:
            await live.close()

    def write(events: int) -> None:
        with psycopg.connect(cluster.database_url, autocommit=True) as owner:
            owner.execute(_WRITE, (events,))

    clients = backstage.run(begin())
    until(lambda: len(starts) == len(heard))
    write(5)
    for put_down in (cluster.stop, cluster.kill):
        put_down()
        cluster.start()
        write(5)
    with psycopg.connect(cluster.database_url) as owner:
        until(lambda: owner.execute("SELECT 1 FROM realtime_events WHERE position IS NULL").fetchall() == [])
        expected = [
            one for (one,) in owner.execute("SELECT position FROM realtime_events ORDER BY position").fetchall()
        ]
    assert len(expected) == 15
    until(lambda: all(len(positions) >= 15 for positions in heard))
    backstage.run(end(clients))
    assert heard == [expected, expected]
    assert len(starts) == len(heard)
