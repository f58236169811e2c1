"""The relay: positions in an order in which nothing is passed over, published once as far as a reader can tell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from clinic.core import db
from clinic.realtime import events
from clinic.realtime.models import RealtimeEvent
from clinic.realtime.relay import _connected
from tests.factories import Cast
from tests.polling import until
from tests.realtime.heard import Heard
from tests.realtime.processes import RelayProcess, active_relays, cut_active_relay, relaying

pytestmark = pytest.mark.usefixtures("database")

WRITE = "SELECT realtime_write(%s, %s, '{}')"


@contextmanager
def writer() -> Iterator[psycopg.Connection[Any]]:
    """Another connection that writes as the owner, and commits when it is told to."""
    wrapper = connections[db.OWNER]
    given = {k: v for k, v in wrapper.get_connection_params().items() if k not in ("cursor_factory", "context")}
    with psycopg.connect(**given) as connection:
        yield connection


def write(*kinds: str, channels: list[str] | None = None) -> None:
    with writer() as connection:
        for kind in kinds:
            connection.execute(WRITE, (kind, channels or ["sync"]))


def stored() -> list[RealtimeEvent]:
    with db.as_owner():
        return list(RealtimeEvent.objects.exclude(position=None).order_by("position"))


def unpublished() -> int:
    with db.as_owner():
        return RealtimeEvent.objects.filter(published_at=None).count()


def standing_by() -> int:
    with db.as_owner():
        return int(db.value("SELECT standing_by FROM realtime_relays_there('5 s')"))


def test_what_is_committed_is_published_with_the_position_before_it_on_each_channel(
    relay: RelayProcess, heard: Heard
) -> None:
    start = events.state().head
    write("a", channels=["x", "sync"])
    write("b", channels=["y", "sync"])
    write("c", channels=["x", "y", "sync"])
    a, b, c = heard.wait_for(3)
    assert [a.position, b.position, c.position] == [start + 1, start + 2, start + 3]
    assert dict(zip(c.channels, c.previous, strict=True)) == {"x": a.position, "y": b.position, "sync": b.position}
    assert dict(zip(a.channels, a.previous, strict=True))["x"] == 0
    until(lambda: unpublished() == 0)
    assert all(event.committed_at <= event.published_at for event in stored())


def test_a_transaction_that_commits_late_gets_a_later_position_and_is_not_passed_over(
    relay: RelayProcess, heard: Heard
) -> None:
    with writer() as slow:
        slow.execute(WRITE, ("slow", ["sync"]))  # has the smaller id
        write("quick")
        assert [event.kind for event in heard.wait_for(1)] == ["quick"]
        slow.commit()
        quick, late = heard.wait_for(2)
    assert (late.kind, late.position, late.previous) == ("slow", quick.position + 1, (quick.position,))


def test_what_is_rolled_back_is_no_news(relay: RelayProcess, heard: Heard) -> None:
    with writer() as connection:
        connection.execute(WRITE, ("never", ["sync"]))
        connection.rollback()
    write("after")
    assert [event.kind for event in heard.wait_for(1)] == ["after"]


def test_twenty_writers_at_once_leave_no_hole_and_keep_the_order_of_each_row(relay: RelayProcess, heard: Heard) -> None:
    start, each = events.state().head, 25

    def keep_writing(name: str) -> None:
        with writer() as connection:
            for number in range(each):
                connection.execute(WRITE, (f"{name}.{number}", ["sync", name]))
                if number % 3:
                    connection.commit()

    threads = [threading.Thread(target=keep_writing, args=(f"w{number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = heard.wait_for(20 * each)
    assert [event.position for event in found] == list(range(start + 1, start + 20 * each + 1))
    assert [event.previous[event.channels.index("sync")] for event in found[1:]] == heard.positions[:-1]
    for number in range(20):
        of_one = [event.kind for event in found if event.kind.startswith(f"w{number}.")]
        assert of_one == [f"w{number}.{count}" for count in range(each)]


def test_control_by_the_numbers_of_the_rows_alone_a_reader_passes_over_what_commits_late() -> None:
    with writer() as slow:
        slow.execute(WRITE, ("slow", ["sync"]))
        write("quick")
        with db.as_owner():
            last = RealtimeEvent.objects.latest("id").pk
        slow.commit()
    with db.as_owner():
        assert not RealtimeEvent.objects.filter(id__gt=last).exists()
        assert RealtimeEvent.objects.filter(kind="slow", id__lt=last).exists()


def test_a_standby_takes_over(heard: Heard, tmp_path: Path) -> None:
    with relaying(tmp_path / "first") as first, relaying(tmp_path / "second"):
        until(lambda: standing_by() == 1)
        write("one")
        heard.wait_for(1)
        first.kill()
        write("two")
        heard.wait_for(2)
        assert active_relays() == 1
    assert [event.kind for event in heard.events] == ["one", "two"]


def test_what_happened_while_none_ran_is_published_when_one_does(heard: Heard, tmp_path: Path) -> None:
    write(*(f"missed.{number}" for number in range(450)))
    with relaying(tmp_path / "log"):
        found = heard.wait_for(450)
    assert [event.kind for event in found] == [f"missed.{number}" for number in range(450)]


KILLED_BEFORE_MARKING = """
import os, signal, asyncio, django
django.setup()
from clinic.realtime.relay import Relay
async def killed(self, database, first, last):
    os.kill(os.getpid(), signal.SIGKILL)
Relay._mark = killed
asyncio.run(Relay().run())
"""


def test_killed_between_publishing_and_noting_it_the_next_one_publishes_again_under_the_same_positions(
    heard: Heard, tmp_path: Path
) -> None:
    with relaying(tmp_path / "first", KILLED_BEFORE_MARKING) as first:
        write("a")
        heard.wait_for(1)
        assert first.process.wait(10) == -9
        assert unpublished() == 1
        write("b")
        with relaying(tmp_path / "second"):
            heard.wait_for(3)
            until(lambda: unpublished() == 0)
    a, again, b = heard.events
    assert a == again
    assert (b.kind, b.position) == ("b", a.position + 1)


def test_a_lost_database_connection_is_taken_up_again(relay: RelayProcess, heard: Heard) -> None:
    write("before")
    heard.wait_for(1)
    assert cut_active_relay() == 1
    write("after")
    heard.wait_for(2)
    assert [event.kind for event in heard.events] == ["before", "after"]


def test_asked_to_stop_it_stops(relay: RelayProcess) -> None:
    assert relay.stop() == 0
    assert active_relays() == 0


def test_old_events_are_forgotten_and_the_horizon_says_so(relay: RelayProcess, heard: Heard) -> None:
    from clinic.realtime.tasks import forget_old

    write("old", "older", channels=["sync", "gone"])
    heard.wait_for(2)
    until(lambda: unpublished() == 0)
    with db.as_owner():
        RealtimeEvent.objects.update(published_at="2020-01-01T00:00:00Z")
    write("new")
    heard.wait_for(3)
    until(lambda: unpublished() == 0)
    assert forget_old() == 2
    assert [event.kind for event in stored()] == ["new"]
    assert events.state().horizon == heard.positions[1]
    assert [event.kind for event in events.since(0, 10)] == ["new"]
    assert events.missed("gone", 0, 10) == []


def test_a_relay_waits_for_an_erasure_and_notes_nothing_of_the_account(cast: Cast) -> None:
    own, found = f"account.{cast.ben.pk}", []
    write("last", channels=[own])

    def drain() -> None:
        with writer() as relay:
            found.extend(channels for (channels,) in relay.execute("SELECT r_channels FROM realtime_drain(100)"))

    with writer() as erasing:
        erasing.execute("DELETE FROM patients_patient WHERE account_id = %s", (cast.ben.pk,))
        erasing.execute("DELETE FROM accounts_user WHERE id = %s", (cast.ben.pk,))
        relay = threading.Thread(target=drain)
        relay.start()
        until(lambda: waiting() == 1)
        # Whatever the relay has already, it has nothing that the erasure still needs.
        erasing.execute("SET LOCAL lock_timeout = '1s'")
        erasing.execute("UPDATE realtime_channels SET position = position")
        erasing.execute("UPDATE realtime_events SET channels = channels")
        erasing.execute("UPDATE realtime_state SET head = head")
        erasing.commit()
        relay.join(20)
    assert ["account.erased"] in found
    with db.as_owner():
        assert db.value("SELECT count(*) FROM realtime_channels WHERE name = %s", [own]) == 0


def waiting() -> int:
    with db.as_owner():
        return int(
            db.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )


def test_the_database_too_notices_soon_that_a_relay_is_gone_and_lets_go_of_its_lock() -> None:
    async def ask() -> dict[str, int]:
        async with _connected() as database:
            # What was asked for, not what is shown: the tests' connection is no TCP connection.
            found = await database.execute("SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp%'")
            return {name: int(value) for name, value in await found.fetchall()}

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(asyncio.run, ask()).result(20)
    assert asked["tcp_user_timeout"] == 10_000  # ms
    assert asked["tcp_keepalives_idle"] + asked["tcp_keepalives_interval"] * asked["tcp_keepalives_count"] == 10
