"""Sending one message: it is claimed, handed to the transport, and marked, each by itself.

A worker that is killed before the transport took the mail leaves it unsent, and it is sent when the worker is back. One
that is killed in the moment between the transport's yes and the mark sends it once more, under the same Message-ID, by
which a mail server can tell that it has it already. No other moment sends twice (docs/messages.md).
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import F
from django.db.models.expressions import RawSQL

from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.core.models import ClinicSettings
from clinic.jobs.patience import DATABASE_AWAY, MOST_ATTEMPTS, TryAgain, pause_after
from clinic.notifications import faults
from clinic.notifications.mails import mail_for
from clinic.notifications.models import Message, State

log = logging.getLogger(__name__)

_ANOTHER_SENDS = 5  # seconds until it is looked again whether they did
_NOW = RawSQL("clock_timestamp()", [])


def send(message_id: UUID) -> None:
    """Sends a message unless that is done or no longer needed. Raises `TryAgain` when it did not work out this time."""
    message = _claim(message_id)
    if message is None:
        return
    try:
        with db.reading(SERVICE):
            mail = _mail(message)
        mail.send()
    except DATABASE_AWAY:
        raise  # says nothing about the mail; the job comes back, and finds it on its way
    except Exception as error:
        _not_sent(message, error)
    else:
        _sent(message)


def _claim(message_id: UUID) -> Message | None:
    """The message, marked as on its way; None when there is nothing to send.

    The lock belongs to the connection, not to the transaction: it lasts while the mail is handed over and ends with its
    holder, so that a worker taken for dead and the one that took over its jobs cannot both send.
    """
    with db.transaction(SERVICE):
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None or message.is_final:
            return None
        if not db.value("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [str(message_id)]):
            raise TryAgain(_ANOTHER_SENDS)
        Message.objects.filter(pk=message_id).update(
            state=State.SENDING, attempts=F("attempts") + 1, tried_at=_NOW, last_error=""
        )
        message.attempts += 1
        return message


def _mail(message: Message) -> EmailMessage:
    """Raises what `faults.outcome` knows when there is nothing to be sent."""
    visit = message.appointment
    if message.attempts > MOST_ATTEMPTS:
        raise faults.TriedTooOften
    if not visit.patient_email:
        raise faults.NoLongerNeeded("no address")
    if db.value("SELECT %s <= clock_timestamp()", [message.starts_at]):
        raise faults.NoLongerNeeded("visit has begun")
    return mail_for(message, visit, ClinicSettings.current())


def _sent(message: Message) -> None:
    with db.transaction(SERVICE):
        Message.objects.filter(pk=message.pk).update(state=State.SENT, sent_at=_NOW, last_error="")
        _let_go(message)
    log.info("message %s (%s) sent", message.pk, message.kind)


def _not_sent(message: Message, error: Exception) -> None:
    state = faults.outcome(error)
    if state == State.QUEUED and message.attempts >= MOST_ATTEMPTS:
        state = State.FAILED
    with db.transaction(SERVICE):
        Message.objects.filter(pk=message.pk).update(state=state, last_error=faults.told(error))
        _let_go(message)
    # The text of the error stays out of the log: mail servers like to repeat whom they refuse.
    log.warning("message %s (%s) not sent: %s; it is %s", message.pk, message.kind, faults.told(error), state)
    if state == State.QUEUED:
        raise TryAgain(pause_after(message.attempts)) from error


def _let_go(message: Message) -> None:
    db.value("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [str(message.pk)])
