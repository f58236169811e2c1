"""Whatever dies, everybody is told everything, once and in order."""

from __future__ import annotations

import os

import psycopg
from django.db import connections

from clinic.core import db
from clinic.embedded.postgres import OWNER, SUPERUSER
from tests.factories import Cast
from tests.faults.cable import Cable
from tests.faults.conftest import Audience
from tests.faults.listeners import Backstage, assert_all_told, rows
from tests.faults.stand import Stand
from tests.faults.writers import Writers, writer
from tests.polling import until
from tests.realtime.processes import active_relays

SLOWLY = 0.2  # seconds: so that less is missed than is told one by one


def happened() -> int:
    return int(rows("SELECT count(*) FROM realtime_events")[0][0])


def go_on(events: int = 15) -> None:
    """Waits until so many more have happened."""
    goal = happened() + events
    until(lambda: happened() >= goal)


def cut_backends() -> int:
    """Ends every connection to this database but the test's own: what its clients see of a restart."""
    url = os.environ["CLINIC_TEST_OWNER_URL"].replace(f"//{OWNER}@", f"//{SUPERUSER}@")
    with psycopg.connect(url, autocommit=True) as superuser:
        found = superuser.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND application_name <> %s",
            (connections[db.OWNER].settings_dict["NAME"], f"tests-{os.getpid()}"),
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_twenty_writers_commit_in_any_order(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 20, each=15):
        pass
    assert_all_told(listeners)
    assert min(len(one.applied) for one in listeners) > 100


KILLED_BEFORE_MARKING = """
import os, signal, asyncio, django
django.setup()
from clinic.realtime.relay import Relay
mark, marks = Relay._mark, []
async def killed(self, database, first, last):
    marks.append(first)
    if len(marks) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    await mark(self, database, first, last)
Relay._mark = killed
asyncio.run(Relay().run())
"""


def test_the_relay_dies_between_publishing_and_noting_it(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    for relay in stand.relays:
        relay.stop()
    dies = stand.relay(KILLED_BEFORE_MARKING)
    dies.start()
    with Writers(cast, 4, pause=SLOWLY):
        assert dies.wait() == -9
        go_on()
        assert rows("SELECT 1 FROM realtime_events WHERE position IS NOT NULL AND published_at IS NULL LIMIT 1")
        stand.start()
        go_on()
    assert_all_told(listeners)


def test_the_active_relay_is_killed_and_the_standby_takes_over(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4, pause=SLOWLY):
        for relay in stand.relays:
            until(lambda: active_relays() == 1)
            go_on()
            relay.kill()
            until(lambda: active_relays() == 1)
            go_on()
            relay.start()
    assert_all_told(listeners)


def test_redis_is_killed_and_comes_back_empty(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4, pause=SLOWLY):
        go_on()
        stand.valkey.kill()
        go_on()
        stand.valkey.start()
        go_on()
    assert_all_told(listeners)


def test_postgres_ends_all_connections(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4, pause=SLOWLY):
        for _ in range(3):
            go_on()
            assert cut_backends() > 0
        go_on()
    assert_all_told(listeners)


def test_a_server_is_killed_and_started_again(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4, pause=SLOWLY):
        go_on()
        stand.servers[0].kill()
        go_on()
        stand.servers[0].start()
        until(lambda: all(one.live.is_connected for one in listeners))
        go_on()
    assert_all_told(listeners)


def drop_the_network(stand: Stand, audience: Audience, cast: Cast, backstage: Backstage) -> None:
    """It goes silent until the clients have noticed, comes back, goes silent again and breaks."""
    cable = backstage.run(Cable(stand.servers[0].port).lay())
    listeners = audience.at(cable.url)
    with Writers(cast, 4, pause=SLOWLY):
        go_on()
        backstage.run(cable.hold())
        until(lambda: not any(one.live.is_connected for one in listeners))
        backstage.run(cable.mend())
        until(lambda: all(one.live.is_connected for one in listeners))
        backstage.run(cable.hold())
        go_on()
        backstage.run(cable.cut())
        go_on()
        backstage.run(cable.mend())
        until(lambda: all(one.live.is_connected for one in listeners))
        go_on()
    try:
        assert_all_told(listeners, at_most=10)
    finally:
        backstage.run(cable.remove())


def test_the_network_goes_silent_and_breaks(
    stand: Stand, audience: Audience, cast: Cast, backstage: Backstage
) -> None:  # fmt: skip
    drop_the_network(stand, audience, cast, backstage)


def test_one_reader_stalls_and_the_others_go_on(
    stand: Stand, audience: Audience, cast: Cast, backstage: Backstage
) -> None:  # fmt: skip
    listeners, (slow, *_) = audience.everywhere(), audience.at(stand.servers[0].url)
    backstage.loop.call_soon_threadsafe(slow.may_read.clear)
    with writer() as connection:
        connection.execute(
            "SELECT realtime_write('settings.changed', ARRAY['sync', 'clinic', 'availability'], '{}',"
            " 'availability.changed', '{}') FROM generate_series(1, 650)"
        )
    assert_all_told(listeners)
    assert len(slow.applied) <= 1
    backstage.loop.call_soon_threadsafe(slow.may_read.set)
    assert_all_told([*listeners, slow])
    assert len(slow.applied) == 650


def test_all_of_it_at_once(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 8, pause=SLOWLY):
        go_on()
        stand.relays[0].kill()
        stand.servers[1].kill()
        stand.valkey.kill()
        cut_backends()
        go_on()
        stand.start()
        go_on()
    assert_all_told(listeners)
