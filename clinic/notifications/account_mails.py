"""Mails about an account: confirm the address, choose a new password, somebody tried to sign up with this address."""

from __future__ import annotations

import logging
from email.utils import formataddr
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from clinic.accounts import addresses, mailed_codes
from clinic.accounts.models import User
from clinic.accounts.passwords import confirmation_token, reset_token
from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.core.languages import written
from clinic.core.models import ClinicSettings
from clinic.jobs.patience import DATABASE_AWAY, Patience
from clinic.notifications import faults
from clinic.notifications.mails import one_line
from clinic.notifications.models import State

log = logging.getLogger(__name__)


@app.task(name="notifications.account_mail", queue="mail", retry=Patience())
def account_mail(kind: str, user_id: str) -> None:
    """Enqueued by the database, with an account's id. An account that is gone or switched off gets nothing, and what the mail
    server refuses for good is not tried again."""
    with db.signing_in():
        user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is None:
        return
    with db.reading(SERVICE):
        clinic = ClinicSettings.current()
    try:
        _mail(kind, user, clinic)
    except DATABASE_AWAY:
        raise  # says nothing about the mail
    except Exception as error:
        # The text of the error stays out of the log: mail servers like to repeat whom they refuse.
        log.warning("mail to account %s (%s) not sent: %s", user.pk, kind, faults.told(error))
        if faults.outcome(error) != State.FAILED:
            raise


def _mail(kind: str, user: User, clinic: ClinicSettings) -> None:
    if kind == "code":
        _mail_code(user, clinic)
    elif kind == "new_email":
        _mail_new_address(user, clinic)
    else:
        mail_to(user, kind, clinic).send()


def _mail_code(user: User, clinic: ClinicSettings) -> None:
    """Sends first and stores afterwards: what fails to be sent is tried again with another code."""
    key = mailed_codes.due(user.pk)
    if key is None:
        return
    code = mailed_codes.new_code()
    mail_to(user, "code", clinic, code=code).send()
    mailed_codes.mailed(key, code)


def _mail_new_address(user: User, clinic: ClinicSettings) -> None:
    address = addresses.wanted(user.pk)
    if address:
        mail_to(user, "new_email", clinic, address=address).send()


def mail_to(
    user: User, kind: str, clinic: ClinicSettings, *, code: str = "", address: str = ""
) -> EmailMultiAlternatives:
    """The mail of a kind (`confirm`, `reset`, `known`, `code`, `new_email`, `email_asked`), in the account's language or
    the site's, with its link or `code`; to the account's address, or to another one."""
    with translation.override(written(user.language)):
        context = _wording(user, kind, code, address) | {"clinic": clinic}
        mail = EmailMultiAlternatives(
            subject=one_line(str(context["subject"])),
            body=render_to_string("emails/account.txt", context),
            from_email=formataddr((one_line(clinic.name), settings.MAIL_FROM)),
            to=[address or user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("emails/account.html", context), "text/html")
    return mail


def _wording(user: User, kind: str, code: str, address: str) -> dict[str, object]:
    def link(name: str, *args: str) -> str:
        return urljoin(settings.SITE_URL, reverse(name, args=args))

    if kind == "confirm":
        return {
            "subject": _("Please confirm your email address"),
            "lead": _(
                "With one click we know that this address is yours, and visits booked under it come to your account."
            ),
            "action": _("Confirm my address"),
            "link": link("accounts:confirm", confirmation_token(user)),
            "note": _("The link is good for a week. If you did not sign up, do nothing."),
        }
    if kind == "reset":
        return {
            "subject": _("Choose a new password"),
            "lead": _("Somebody, probably you, asked for a new password for your account."),
            "action": _("Choose a password"),
            "link": link("accounts:reset", reset_token(user)),
            "note": _(
                "The link works once and not for long. If it was not you, do nothing: your password stays as it is."
            ),
        }
    if kind == "code":
        return {
            "subject": _("%(code)s is your code") % {"code": code},
            "lead": _("Enter this code on the page where you asked for it. It is good for ten minutes, and once."),
            "code": code,
            "note": _("If it was not you, do nothing. Give the code to nobody: we never ask for it."),
        }
    if kind == "new_email":
        return {
            "subject": _("Please confirm your new email address"),
            "lead": _("You asked to sign in with this address from now on. One click, and it is so."),
            "action": _("Use this address"),
            "link": link("accounts:confirm-email", addresses.token(user, address)),
            "note": _("The link is good for a day. If it was not you, do nothing: then nothing changes."),
        }
    if kind == "email_asked":
        return {
            "subject": _("Your account is to get another address"),
            "lead": _("Somebody, probably you, asked to sign in with another email address from now on."),
            "action": _("Choose a new password"),
            "link": link("accounts:ask-reset"),
            "note": _("If it was not you, choose a new password now: that also ends what was asked."),
        }
    return {
        "subject": _("You have an account already"),
        "lead": _("Somebody, probably you, tried to sign up with this address. It has an account already."),
        "action": _("Sign in"),
        "link": link("accounts:sign-in"),
        "note": _("If you forgot your password, you can choose a new one there. If it was not you, do nothing."),
    }
