"""Whatever dies, everybody is told everything, once and in order."""

from __future__ import annotations

import os
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import connections

from appointments.models import Appointment
from clinic.core import db
from clinic.embedded.postgres import OWNER, SUPERUSER
from clinic.realtime.client import Event, Subscription
from tests.factories import Cast
from tests.faults.cable import Cable
from tests.faults.conftest import Audience
from tests.faults.listeners import Backstage, assert_all_told, has_settled, rows, verdicts
from tests.faults.stand import Stand
from tests.faults.writers import Writers, visit, writer
from tests.polling import until
from tests.realtime.processes import active_relays

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("faults")]  # one stand for all of them


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
    with Writers(cast, 20) as writers:
        writers.go_on(600)
    assert_all_told(listeners)
    assert min(len(one.applied) for one in listeners) > 50


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
    until(lambda: active_relays() == 1)
    with Writers(cast, 4) as writers:
        while dies.runs:
            writers.go_on(4)
        assert dies.wait() == -9
        writers.go_on()
        assert rows("SELECT 1 FROM realtime_events WHERE position IS NOT NULL AND published_at IS NULL LIMIT 1")
        stand.start()
        writers.go_on()
    assert_all_told(listeners)


def test_the_active_relay_is_killed_and_the_standby_takes_over(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4) as writers:
        for relay in stand.relays:
            until(lambda: active_relays() == 1)
            writers.go_on()
            relay.kill()
            until(lambda: active_relays() == 1)
            writers.go_on()
            relay.start()
    assert_all_told(listeners)


def test_redis_is_killed_and_comes_back_empty(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4) as writers:
        writers.go_on()
        stand.valkey.kill()
        writers.go_on()
        stand.valkey.start()
        writers.go_on()
    assert_all_told(listeners)


def test_postgres_ends_all_connections(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4) as writers:
        for _ in range(3):
            writers.go_on()
            until(lambda: cut_backends() > 0)  # whoever has come back since the last time
        writers.go_on()
    assert_all_told(listeners)


def test_a_server_is_killed_and_started_again(stand: Stand, audience: Audience, cast: Cast) -> None:
    listeners = audience.everywhere()
    with Writers(cast, 4) as writers:
        writers.go_on()
        stand.servers[0].kill()
        writers.go_on()
        stand.servers[0].start()
        until(lambda: all(one.live.is_connected for one in listeners))
        writers.go_on()
    assert_all_told(listeners)


def drop_the_network(stand: Stand, audience: Audience, cast: Cast, backstage: Backstage) -> None:
    """It goes silent until the clients have noticed, comes back, goes silent again and breaks."""
    cable = backstage.run(Cable(stand.servers[0].port).lay())
    listeners = audience.at(cable.url)
    with Writers(cast, 4) as writers:
        writers.go_on()
        backstage.run(cable.hold())
        until(lambda: not any(one.live.is_connected for one in listeners))
        backstage.run(cable.mend())
        until(lambda: all(one.live.is_connected for one in listeners))
        backstage.run(cable.hold())
        writers.go_on()
        backstage.run(cable.cut())
        writers.go_on()
        backstage.run(cable.mend())
        until(lambda: all(one.live.is_connected for one in listeners))
        writers.go_on()
    try:
        assert_all_told(listeners, at_most=10)
    finally:
        backstage.run(cable.remove())


def test_the_network_goes_silent_and_breaks(
    stand: Stand, audience: Audience, cast: Cast, backstage: Backstage
) -> None:  # fmt: skip
    drop_the_network(stand, audience, cast, backstage)


def test_control_without_resuming_events_are_passed_over(
    stand: Stand, audience: Audience, cast: Cast, backstage: Backstage
) -> None:  # fmt: skip
    def from_now_on(self: Subscription) -> dict[str, str]:
        return {"type": "subscribe", "channel": self.channel}

    with (
        patch.object(Subscription, "request", from_now_on),
        patch.object(Subscription, "_is_missing_before", return_value=False),
        pytest.raises(AssertionError, match="passed over"),
    ):
        drop_the_network(stand, audience, cast, backstage)


def test_control_without_a_look_at_positions_events_are_told_twice(
    stand: Stand, audience: Audience, cast: Cast, backstage: Backstage
) -> None:  # fmt: skip
    def from_long_ago(self: Subscription) -> dict[str, Any]:
        since = {} if self.position is None else {"position": max(0, self.position - 5)}
        return {"type": "subscribe", "channel": self.channel, **since}

    def trusting(self: Subscription, event: Event) -> None:
        self._known = event.position
        self._put(event)

    with (
        patch.object(Subscription, "request", from_long_ago),
        patch.object(Subscription, "take", trusting),
        pytest.raises(AssertionError, match="told twice"),
    ):
        drop_the_network(stand, audience, cast, backstage)


# As a relay that reads on behind the last row it has seen: what commits later with a smaller number is not there for it.
BY_ROW = """
import asyncio, os, django, psycopg
django.setup()
from clinic.realtime.relay import Relay

pass_on = Relay._pass_on
async def behind_the_last_row(self, database):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("DELETE FROM realtime_events WHERE position IS NULL AND id <"
                      " (SELECT max(id) FROM realtime_events WHERE position IS NOT NULL)")
    return await pass_on(self, database)
Relay._pass_on = behind_the_last_row
asyncio.run(Relay().run())
"""


def test_control_a_relay_that_goes_by_row_numbers_passes_over_what_commits_late(
    stand: Stand, audience: Audience, cast: Cast
) -> None:
    listeners = audience.at(stand.servers[0].url)
    for relay in stand.relays:
        relay.stop()
    stand.relay(BY_ROW).start()
    until(lambda: active_relays() == 1)
    with db.as_owner():
        late, quick = Appointment.objects.bulk_create([visit(cast, 1), visit(cast, 2)])
    until(lambda: has_settled(listeners))
    with writer() as slow:
        slow.execute("UPDATE appointments_appointment SET status = 'checked_in' WHERE id = %s", (late.pk,))
        rows("UPDATE appointments_appointment SET status = 'checked_in' WHERE id = %s RETURNING 1", quick.pk)
        until(lambda: has_settled(listeners))
        slow.commit()
    until(lambda: has_settled(listeners))
    assert set(verdicts(listeners).values()) == {"sees something else than what is there"}


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
    with Writers(cast, 8) as writers:
        writers.go_on()
        stand.relays[0].kill()
        stand.servers[1].kill()
        stand.valkey.kill()
        cut_backends()
        writers.go_on()
        stand.start()
        writers.go_on()
    assert_all_told(listeners)
