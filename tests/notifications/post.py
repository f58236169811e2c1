"""What lies in the database's outbox, and sending it as the worker would."""

from __future__ import annotations

import json
from uuid import UUID

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connections

from appointments.models import Appointment
from clinic.core import db
from clinic.jobs.patience import TryAgain
from clinic.notifications import sending
from clinic.notifications.models import Message


def messages(visit: Appointment | None = None) -> list[Message]:
    """In the order in which they were written."""
    with db.as_owner():
        found = Message.objects.select_related("appointment").order_by("created_at", "id")
        return list(found if visit is None else found.filter(appointment=visit))


def kinds(visit: Appointment | None = None) -> list[str]:
    return [message.kind for message in messages(visit)]


def states() -> list[str]:
    return [message.state for message in messages()]


def the_message() -> Message:
    (message,) = messages()
    return message


def send(message_id: UUID) -> str:
    """One attempt; what the job was told: "done", or in how many seconds it is tried again."""
    try:
        sending.send(message_id)
    except TryAgain as again:
        return f"again in {again.after} s"
    return "done"


def sent() -> list[EmailMultiAlternatives]:
    """The mails that sending everything makes."""
    for message in messages():
        assert send(message.pk) == "done"
    return mail.outbox  # type: ignore[return-value]  # Django's own type is the base of what we send


def jobs() -> list[tuple[str, str, dict[str, str]]]:
    """Task, lock and arguments of each job that waits, in their order."""
    with db.as_owner():
        found = db.rows("SELECT task_name, lock, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    return [(task, lock, json.loads(args)) for task, lock, args in found]


def change(sql: str, *params: object) -> None:
    """Raw SQL, as the owner of the tables."""
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(sql, params)


def cut_connections() -> int:
    """Ends every connection of the service's login but this one; returns how many."""
    with connections["service"].cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = current_user"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
