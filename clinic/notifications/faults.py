"""What went wrong when a mail was sent, and what becomes of its message."""

from __future__ import annotations

import smtplib

from anymail.exceptions import AnymailInvalidAddress, AnymailRecipientsRefused
from django.core.exceptions import ValidationError

from clinic.notifications.models import State

_REFUSED_FOR_GOOD = range(500, 600)  # RFC 5321, 4.2.1: a permanent negative reply; 4xx asks to try again


class NoLongerNeeded(Exception):
    """The visit has begun, or has no address any more."""


class TriedTooOften(Exception):
    """Workers died over this message again and again."""


def outcome(error: Exception) -> State:
    """`QUEUED` when it is worth another try."""
    if isinstance(error, NoLongerNeeded):
        return State.DROPPED
    if isinstance(error, TriedTooOften | ValidationError | AnymailInvalidAddress | AnymailRecipientsRefused):
        return State.FAILED
    refused = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return State.FAILED if refused and _code(error) in _REFUSED_FOR_GOOD else State.QUEUED


def told(error: Exception) -> str:
    """The error's kind and the server's number, without any text that could name somebody."""
    if isinstance(error, NoLongerNeeded):
        return str(error)
    code = _code(error)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in error.recipients.values()), default=0)
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0
