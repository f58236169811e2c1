"""Who sees messages: the worker and admins, nobody else; and who may send one again."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from appointments.models import Appointment
from clinic.core import db
from clinic.core.actor import AUTH, SERVICE, Actor
from clinic.core.errors import NotAllowed, NotFound
from clinic.notifications.errors import NoAddress, StillOnItsWay, VisitHasBegun
from clinic.notifications.models import Message
from clinic.notifications.resending import resend
from tests.factories import Cast
from tests.notifications.post import change, jobs, send, the_message


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return cast.booked(cast.as_ana, cast.at(9)).appointment


def everybody_else(cast: Cast) -> list[Actor]:
    return [cast.nobody(), cast.as_ana, cast.as_ben, cast.as_desk, cast.as_dentist(cast.weber), AUTH]


def test_nobody_but_worker_and_admin_reads_messages(cast: Cast, visit: Appointment) -> None:
    for actor in everybody_else(cast):
        with pytest.raises(ProgrammingError, match="permission denied"), db.reading(actor):
            Message.objects.count()
    for actor in (SERVICE, cast.as_admin):
        with db.reading(actor):
            assert Message.objects.count() == 1


def test_without_a_signed_context_the_roles_see_nothing(cast: Cast, visit: Appointment) -> None:
    for actor in (SERVICE, cast.as_admin):
        with db.reading(actor):
            db.value("SELECT set_config('clinic.context', '', true)")
            assert Message.objects.count() == 0


def test_an_admin_can_only_put_a_message_back_into_the_queue(cast: Cast, visit: Appointment) -> None:
    message = the_message()
    for harm in ("state = 'sent'", "starts_at = now()", "dentist_name = 'Dr. Who'"):
        with pytest.raises(ProgrammingError), db.transaction(cast.as_admin), db.connection().cursor() as cursor:
            cursor.execute(f"UPDATE notifications_message SET {harm} WHERE id = %s", [message.pk])
    with pytest.raises(ProgrammingError), db.transaction(cast.as_admin):
        Message.objects.filter(pk=message.pk).delete()


def test_no_caller_reaches_the_jobs(cast: Cast, visit: Appointment) -> None:
    for actor in [*everybody_else(cast), cast.as_admin]:
        for harm in (
            "SELECT count(*) FROM procrastinate_jobs",
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('mail', 'notifications.send')",
            "SELECT procrastinate_defer_jobs_v1('{}')",
            "SELECT notifications_enqueue()",
        ):
            with pytest.raises(ProgrammingError), db.transaction(actor), db.connection().cursor() as cursor:
                cursor.execute(harm)


def test_an_admin_sends_again_and_the_database_enqueues_it(cast: Cast, visit: Appointment) -> None:
    message = the_message()
    send(message.pk)
    change("DELETE FROM procrastinate_jobs")
    resend(cast.as_admin, message.pk)
    again = the_message()
    assert (again.state, again.round, again.attempts) == ("queued", 1, 0)
    assert jobs() == [("notifications.send", f"visit:{visit.pk}", {"message_id": str(message.pk)})]


def test_nobody_else_sends_again(cast: Cast, visit: Appointment) -> None:
    for actor in [*everybody_else(cast), SERVICE]:
        with pytest.raises(NotAllowed):
            resend(actor, the_message().pk)


def test_sending_again_needs_an_end_an_address_and_a_visit_to_come(cast: Cast, visit: Appointment) -> None:
    message = the_message()
    with pytest.raises(StillOnItsWay):
        resend(cast.as_admin, message.pk)
    send(message.pk)
    change("UPDATE appointments_appointment SET patient_email = ''")
    with pytest.raises(NoAddress):
        resend(cast.as_admin, message.pk)
    change("UPDATE appointments_appointment SET patient_email = 'ana@example.org'")
    change("UPDATE notifications_message SET starts_at = clock_timestamp()")
    with pytest.raises(VisitHasBegun):
        resend(cast.as_admin, message.pk)
    with pytest.raises(NotFound):
        resend(cast.as_admin, visit.pk)


def test_a_message_goes_with_its_visit(cast: Cast, visit: Appointment) -> None:
    change("DELETE FROM appointments_appointment WHERE id = %s", visit.pk)
    with db.as_owner():
        assert Message.objects.count() == 0
    for _, _, job in jobs():
        assert send(job["message_id"]) == "done"  # type: ignore[arg-type]  # as the job says it
