"""What the worker would mail: the jobs that wait are done, and what they sent is given."""

from __future__ import annotations

import re

from django.core import mail
from django.core.mail import EmailMessage

from clinic.core import db
from clinic.notifications.account_mails import account_mail


def delivered() -> list[EmailMessage]:
    """The mails that the waiting jobs about accounts make, in their order; each is done once."""
    with db.as_owner():
        jobs = db.rows(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'notifications.account_mail'"
            " RETURNING id, args->>'kind', args->>'user_id'"
        )
    mail.outbox.clear()
    for _id, kind, user_id in sorted(jobs):
        account_mail(kind, user_id)
    return list(mail.outbox)


def code_in(message: EmailMessage) -> str:
    (found,) = re.findall(r"^\d{6}$", str(message.body), re.MULTILINE)
    return str(found)


def path_in(message: EmailMessage) -> str:
    (found,) = re.findall(r"^https?://[^/]+(/\S+)$", str(message.body), re.MULTILINE)
    return str(found)
