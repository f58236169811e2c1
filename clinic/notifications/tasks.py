"""What workers do for messages."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from clinic.jobs.patience import Patience
from clinic.jobs.rounds import every
from clinic.notifications import account_mails, housekeeping, sending

# A worker finds its tasks in modules of this name alone; who else imports the task's own module is nobody's promise.
account_mail = account_mails.account_mail


@app.task(name="notifications.send", queue="mail", retry=Patience())
def send(message_id: str) -> None:
    """Enqueued by the database, with the id of a message."""
    sending.send(UUID(message_id))


every(60, housekeeping.push_stuck)
every(3600, housekeeping.forget_old)
