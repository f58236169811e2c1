"""Mails about an account that a mail server refuses, and what waits for what."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMultiAlternatives

from clinic.accounts.passwords import mail_wanted
from clinic.core import db
from clinic.notifications.account_mails import account_mail
from tests.factories import Cast


def _refused_with(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(mail: EmailMultiAlternatives) -> int:
        raise SMTPRecipientsRefused({mail.to[0]: (code, f"{mail.to[0]} unknown".encode())})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)


def test_what_is_refused_for_good_is_said_and_given_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _refused_with(550, monkeypatch)
    account_mail("reset", str(cast.ana.pk))
    assert caplog.messages == [f"mail to account {cast.ana.pk} (reset) not sent: SMTPRecipientsRefused 550"]


def test_what_is_refused_for_now_is_said_and_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _refused_with(450, monkeypatch)
    with pytest.raises(SMTPRecipientsRefused):
        account_mail("reset", str(cast.ana.pk))
    assert caplog.messages == [f"mail to account {cast.ana.pk} (reset) not sent: SMTPRecipientsRefused 450"]


def test_one_kind_does_not_wait_for_another(cast: Cast) -> None:
    for kind in ("confirm", "reset", "reset"):
        mail_wanted(kind, cast.ana)
    with db.as_owner():
        locks = [lock for (lock,) in db.rows("SELECT lock FROM procrastinate_jobs ORDER BY id")]
    assert locks == [f"account:{cast.ana.pk}:{kind}" for kind in ("confirm", "reset", "reset")]
