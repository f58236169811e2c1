"""Mails that stay on this machine: for `make run`, never for production."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

log = logging.getLogger(__name__)

KEPT = 300  # mails


class LocalBackend(BaseEmailBackend):
    """Keeps each mail as a file named after its Message-ID, so that one sent twice is there once; and says so."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = re.sub(r"[^\w.-]+", "_", message["Message-ID"].strip("<>"))
            draft = folder / f"{name}.draft"
            draft.write_bytes(message.as_bytes())
            draft.replace(folder / f"{name}.eml")
            page = settings.SITE_URL + reverse("local-mails:mail", args=[name])
            log.info("mail to %s: %s %s", ", ".join(mail.to), mail.subject, page)
        for old in _newest_first(folder)[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def kept() -> list[tuple[str, Parsed]]:
    """Name and mail, the newest first."""
    return [(path.stem, _read(path)) for path in _newest_first(_folder())]


def find(name: str) -> Parsed | None:
    paths = {path.stem: path for path in _newest_first(_folder())}
    return _read(paths[name]) if name in paths else None


def instant(mail: Parsed) -> datetime:
    """When it was sent; "-0000" (RFC 5322, 3.3) is UTC that says nothing of the sender's zone."""
    written: datetime = mail["Date"].datetime
    return written if written.tzinfo else written.replace(tzinfo=UTC)


def _folder() -> Path:
    if settings.LOCAL_MAILS is None:
        raise ImproperlyConfigured("In production no mail stays on this machine.")
    return Path(settings.LOCAL_MAILS)


def _newest_first(folder: Path) -> list[Path]:
    aged = [(path.stat().st_mtime_ns, path) for path in folder.glob("*.eml")]
    return [path for _, path in sorted(aged, reverse=True)]


def _read(path: Path) -> Parsed:
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(parsed, Parsed)  # noqa: S101 - what this policy makes; says it to the type checker
    return parsed
