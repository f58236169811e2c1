"""One message on its way: what a mail server says, what a crash leaves behind, and what becomes of it."""

from __future__ import annotations

import pytest
from django.db import connections

from appointments import transitions
from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.jobs.patience import DATABASE_AWAY, MOST_ATTEMPTS
from clinic.notifications import housekeeping
from clinic.notifications.models import Message, State
from clinic.notifications.resending import resend
from tests.factories import Cast
from tests.notifications.post import change, cut_connections, jobs, messages, send, states, the_message
from tests.notifications.smtp_sink import LATER, REFUSE, TAKE, TAKE_SILENTLY, Sink


@pytest.fixture
def message(cast: Cast) -> Message:
    cast.booked(cast.as_ana, cast.at(9))
    return the_message()


def outcome() -> tuple[str, int, str]:
    found = the_message()
    return found.state, found.attempts, found.last_error


def test_a_mail_that_is_taken_is_sent(message: Message, sink: Sink) -> None:
    assert send(message.pk) == "done"
    assert outcome() == ("sent", 1, "")
    (mail,) = sink.taken
    assert mail["Message-ID"] == f"<{message.pk}.0@127.0.0.1>"
    assert (mail["To"], mail["From"]) == ("gus@example.net", "Dental clinic <clinic@example.org>")


def test_a_job_that_comes_twice_sends_once(message: Message, sink: Sink) -> None:
    assert [send(message.pk), send(message.pk)] == ["done", "done"]
    assert len(sink.taken) == 1


def test_an_address_that_is_refused_for_good_is_not_tried_again(message: Message, sink: Sink) -> None:
    sink.to_recipient = REFUSE
    assert send(message.pk) == "done"
    assert outcome() == ("failed", 1, "SMTPRecipientsRefused 550")


def test_a_server_that_wants_to_be_asked_later_is_asked_later(message: Message, sink: Sink) -> None:
    sink.to_recipient = LATER
    assert send(message.pk) == "again in 30 s"
    assert outcome() == ("queued", 1, "SMTPRecipientsRefused 451")
    sink.to_recipient, sink.to_mail = TAKE, LATER
    assert send(message.pk) == "again in 60 s"
    assert outcome() == ("queued", 2, "SMTPDataError 451")
    sink.to_mail = TAKE
    assert send(message.pk) == "done"
    assert outcome() == ("sent", 3, "")


def test_a_server_that_is_away_is_tried_for_hours_then_given_up(message: Message, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # pytest-django's
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]  # nobody listens there
    told = [send(message.pk) for _ in range(MOST_ATTEMPTS)]
    assert told == [
        *(f"again in {seconds} s" for seconds in (30, 60, 120, 240, 480, 960, 1920, *[3600] * 6)), "done",
    ]  # fmt: skip
    assert outcome() == ("failed", 14, "ConnectionRefusedError")


def test_a_server_that_took_it_and_died_gets_it_again_under_the_same_name(message: Message, sink: Sink) -> None:
    sink.to_mail = TAKE_SILENTLY
    assert send(message.pk) == "again in 30 s"
    sink.to_mail = TAKE
    assert send(message.pk) == "done"
    assert sink.ids() == {f"<{message.pk}.0@127.0.0.1>": 2}


def test_a_message_left_behind_by_a_crash_is_sent(message: Message, sink: Sink) -> None:
    with db.as_owner():
        Message.objects.filter(pk=message.pk).update(state=State.SENDING, attempts=1)
    assert send(message.pk) == "done"
    assert outcome() == ("sent", 2, "")
    assert len(sink.taken) == 1


def test_a_message_that_workers_die_over_is_given_up(message: Message, sink: Sink) -> None:
    with db.as_owner():
        Message.objects.filter(pk=message.pk).update(state=State.SENDING, attempts=MOST_ATTEMPTS)
    assert send(message.pk) == "done"
    assert outcome() == ("failed", 15, "TriedTooOften")
    assert sink.taken == []


def test_while_one_worker_sends_another_waits(message: Message, sink: Sink) -> None:
    told: list[str] = []

    def another_comes() -> None:  # in a thread of the mail server's, on a connection of its own
        told.append(send(message.pk))
        connections.close_all()

    sink.on_taken = another_comes
    assert send(message.pk) == "done"
    assert told == ["again in 5 s"]
    assert sink.ids() == {f"<{message.pk}.0@127.0.0.1>": 1}


def test_control_one_whose_connection_is_gone_has_lost_its_claim(message: Message, sink: Sink) -> None:
    told: list[str] = []

    def cut_off_and_another_comes() -> None:
        sink.on_taken = lambda: None
        cut_connections()
        told.append(send(message.pk))
        connections.close_all()

    sink.on_taken = cut_off_and_another_comes
    with pytest.raises(DATABASE_AWAY):
        send(message.pk)
    assert told == ["done"]
    assert sink.ids() == {f"<{message.pk}.0@127.0.0.1>": 2}
    connections["service"].close()
    assert send(message.pk) == "done"  # the job comes back, and finds it sent
    assert sink.ids() == {f"<{message.pk}.0@127.0.0.1>": 2}


def test_nothing_goes_out_while_a_transaction_is_open(message: Message, sink: Sink) -> None:
    open_transactions = []
    sink.on_taken = lambda: open_transactions.append(_open_transactions_of_the_service())
    assert send(message.pk) == "done"
    assert open_transactions == [0]


def _open_transactions_of_the_service() -> int:
    with db.as_owner():
        count = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'clinic_service'"
        )
        found = int(db.value(f"{count} AND xact_start IS NOT NULL"))
    connections.close_all()
    return found


def test_a_visit_without_an_address_by_now_needs_no_mail(message: Message, sink: Sink) -> None:
    change("UPDATE appointments_appointment SET patient_email = ''")
    assert send(message.pk) == "done"
    assert outcome() == ("dropped", 1, "no address")


def test_a_visit_that_has_begun_by_now_needs_no_mail(message: Message, sink: Sink) -> None:
    change("UPDATE notifications_message SET starts_at = clock_timestamp()")
    assert send(message.pk) == "done"
    assert outcome() == ("dropped", 1, "visit has begun")


def test_an_address_that_is_none_fails_without_a_word_to_the_server(message: Message, sink: Sink) -> None:
    change("UPDATE appointments_appointment SET patient_email = E'ana@example.org\\nBcc: eve@example.org'")
    assert send(message.pk) == "done"
    assert outcome() == ("failed", 1, "ValidationError")
    assert sink.taken == []


def test_messages_of_one_visit_share_a_lock_that_keeps_their_order(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    transitions.cancel(cast.as_ana, visit.pk)
    assert [(lock, job["message_id"]) for _, lock, job in jobs()] == [
        (f"visit:{visit.pk}", str(message.pk)) for message in messages()
    ]


def test_a_message_that_lost_its_job_gets_it_back(message: Message) -> None:
    change("UPDATE procrastinate_jobs SET status = 'failed'")
    assert housekeeping.push_stuck() == 0  # that is not yet long ago
    change("UPDATE notifications_message SET created_at = created_at - interval '3 minutes'")
    assert housekeeping.push_stuck() == 1
    assert len(jobs()) == 1
    assert housekeeping.push_stuck() == 0


def test_a_message_that_is_being_sent_keeps_its_job(message: Message) -> None:
    change("UPDATE procrastinate_jobs SET status = 'doing'")
    change("UPDATE notifications_message SET created_at = created_at - interval '3 minutes'")
    with db.as_owner():
        db.value("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [str(message.pk)])
    assert housekeeping.push_stuck() == 0
    with db.as_owner():
        db.value("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [str(message.pk)])
    assert housekeeping.push_stuck() == 1


def test_old_messages_are_forgotten_once_they_are_done(cast: Cast, sink: Sink) -> None:
    for hour in (9, 10, 11):
        cast.booked(cast.nobody(), cast.at(hour), contact=cast.guest(f"Guest At{hour}"))
    old, recent, unsent = messages()
    assert [send(old.pk), send(recent.pk)] == ["done", "done"]
    change(
        "UPDATE notifications_message SET created_at = created_at - interval '91 days' WHERE id = ANY (%s)",
        [old.pk, unsent.pk],
    )
    housekeeping.forget_old()
    assert sorted(states()) == ["queued", "sent"]


def test_sending_again_is_another_mail(cast: Cast, message: Message, sink: Sink) -> None:
    assert send(message.pk) == "done"
    resend(cast.as_admin, message.pk)
    assert send(message.pk) == "done"
    assert sink.ids() == {f"<{message.pk}.0@127.0.0.1>": 1, f"<{message.pk}.1@127.0.0.1>": 1}


def test_the_service_alone_cannot_write_messages(message: Message) -> None:
    with pytest.raises(Exception, match="permission denied"), db.transaction(SERVICE):
        Message(appointment_id=message.appointment_id, kind="booked", status="confirmed",
                starts_at=message.starts_at, ends_at=message.ends_at).save(force_insert=True)  # fmt: skip
