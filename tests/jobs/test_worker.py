"""A real worker against a real mail server: killed at any moment, cut off from the database, and asked to stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event

import pytest
from django.test import Client

from appointments.models import Appointment
from availability.models import Reservation
from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.jobs.worker import AT_ONCE
from clinic.notifications.models import Message
from tests.factories import Cast
from tests.factories.holds import hold
from tests.jobs.workers import PATIENCE, Worker
from tests.notifications.post import change, cut_connections, messages
from tests.notifications.smtp_sink import Sink, running_sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as sink:
        yield sink


def booked_and_cancelled(cast: Cast, count: int) -> None:
    """So many visits, by raw SQL, each with two messages waiting."""
    with db.as_owner():
        Appointment.objects.bulk_create(
            Appointment(
                booking_reference=f"DC-{_letters(number)}", patient_id=cast.ana_herself.pk, dentist_id=cast.weber.pk,
                treatment_id=cast.checkup.pk, treatment_name="Check-up", starts_at=start, ends_at=start + timedelta(minutes=30),
                patient_name="Ana Ruiz", patient_email="ana@example.org", payment_amount=60,
            )
            for number in range(count)
            for start in [cast.at(8, days=number // 20) + timedelta(minutes=30 * (number % 20))]
        )  # fmt: skip
    change("UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now()")


def _letters(number: int) -> str:
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "AAA" + "".join(alphabet[number // 30**place % 30] for place in range(3))


def name_of(message: Message) -> str:
    return f"<{message.pk}.{message.round}@127.0.0.1>"


def until_all_sent(sink: Sink, count: int) -> None:
    assert sink.wait_for(lambda: len({mail["Message-ID"] for mail in sink.taken}) == count, at_most=PATIENCE)


# Each visit is booked and cancelled: two messages.
@pytest.mark.parametrize(("visits", "kills"), [(50, 3), pytest.param(100, 5, marks=pytest.mark.thorough)])
def test_killed_again_and_again_it_forgets_no_message_and_repeats_only_in_the_one_window(
    cast: Cast, sink: Sink, tmp_path: Path, visits: int, kills: int
) -> None:
    chance, moment = Random(7), Event()
    booked_and_cancelled(cast, visits)
    for number in range(kills):
        goal = len(sink.taken) + chance.randint(5, 35)
        with Worker(sink, tmp_path / "log") as worker:
            if number == 0:
                # In the window itself: the server has the mail, and its yes never reaches anybody.
                sink.on_taken = worker.process.kill
                worker.process.wait(PATIENCE)
                sink.on_taken = lambda: None
                continue
            assert sink.wait_for(lambda goal=goal: len(sink.taken) >= goal, at_most=PATIENCE)  # type: ignore[misc]  # bound
            moment.wait(chance.uniform(0, 0.03))
            worker.kill()
    with Worker(sink, tmp_path / "log") as worker:
        until_all_sent(sink, 2 * visits)
        assert worker.stop() == 0

    taken, found = sink.ids(), messages()
    assert set(taken) == {name_of(message) for message in found}
    assert [message.state for message in found if message.state != "sent"] == []
    # Whatever came twice was tried twice, and one kill can meet no more than were under way.
    assert all(taken[name_of(message)] <= message.attempts for message in found)
    assert 1 <= sum(taken.values()) - len(taken) <= kills * AT_ONCE
    assert [visit for visit in _first_words_by_visit(sink) if visit != ["Booked", "Cancelled"]] == []


def _first_words_by_visit(sink: Sink) -> list[list[str]]:
    """For each visit the kinds of its mails in the order in which they first arrived."""
    by_visit: dict[str, list[str]] = {}
    for mail in sink.taken:
        when = mail["Subject"].split(": ", 1)
        told = by_visit.setdefault(when[1], [])
        if when[0] not in told:
            told.append(when[0])
    return list(by_visit.values())


def test_it_works_on_when_the_database_cut_all_its_connections(cast: Cast, sink: Sink, tmp_path: Path) -> None:
    booked_and_cancelled(cast, 30)
    with Worker(sink, tmp_path / "log") as worker:
        for goal in (5, 25):
            assert sink.wait_for(lambda goal=goal: len(sink.taken) >= goal, at_most=PATIENCE)  # type: ignore[misc]  # bound
            assert cut_connections() > 0
        until_all_sent(sink, 60)
        assert worker.stop() == 0


def test_it_sweeps_shows_itself_and_says_goodbye(cast: Cast, client: Client, sink: Sink, tmp_path: Path) -> None:
    hold(cast, cast.nobody(), cast.at(15), runs_for=-1000)
    booked_and_cancelled(cast, 1)
    with Worker(sink, tmp_path / "log") as worker:
        until_all_sent(sink, 2)
        assert client.get("/health").json()["worker"] == "up"
        assert worker.stop() == 0
    assert client.get("/health").json()["worker"] == "down"
    with db.as_owner():
        assert Reservation.objects.count() == 0


@pytest.mark.thorough
def test_what_anybody_notifies_wakes_it_and_does_nothing_else(cast: Cast, sink: Sink, tmp_path: Path) -> None:
    booked_and_cancelled(cast, 1)
    with Worker(sink, tmp_path / "log") as worker:
        until_all_sent(sink, 2)
        with db.transaction(ANONYMOUS):
            for text in ("", "?", "[]", "[" * 7000, '{"type": "abort_job_requested", "job_id": [1]}'):
                db.rows("SELECT pg_notify('procrastinate_any_queue_v1', %s)", [text])
        change("UPDATE appointments_appointment SET status = 'confirmed', cancelled_at = NULL")
        change("UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now()")
        until_all_sent(sink, 3)
        assert worker.stop() == 0
    # It did not end and begin again, which takes a second each time.
    assert "stopping worker" not in (tmp_path / "log").read_text()
