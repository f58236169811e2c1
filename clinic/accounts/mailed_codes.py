"""Signing in by six digits that are mailed. Only the browser that asked can use them, five times at most, once rightly.

The row is made when somebody asks; the digits are made when the mail is, so that they wait nowhere in clear text.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.accounts.errors import WrongCode
from clinic.accounts.models import MailedCode, User
from clinic.accounts.passwords import mail_wanted
from clinic.core import clock, db

LASTS = timedelta(minutes=10)
# Codes for one account; who asks more often is told the same, and gets no mail. More for those who have shown the password,
# so that a stranger who uses up the few does not keep the owner out.
MOST_AN_HOUR = 6
MOST_AFTER_PASSWORD = 20


def ask(email: str, *, most: int = MOST_AN_HOUR) -> UUID:
    """The name under which this browser can use the code that is mailed now; it has the same form and is worth nothing
    where the address has no account, or got `most` codes in this hour."""
    key, now = uuid4(), clock.now()
    with db.signing_in():
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            return key
        own = MailedCode.objects.filter(user=user)
        own.filter(asked_at__lt=now - timedelta(hours=1)).delete()
        if own.count() >= most:
            return key
        MailedCode(id=key, user=user, asked_at=now, expires_at=now + LASTS).save(force_insert=True)
    mail_wanted("code", user)
    return key


def due(user_id: UUID) -> UUID | None:
    """The oldest request of this account whose code was not mailed yet."""
    with db.signing_in():
        waiting = MailedCode.objects.filter(user_id=user_id, digest="", expires_at__gt=clock.now())
        return waiting.order_by("asked_at", "id").values_list("id", flat=True).first()


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def mailed(key: UUID, code: str) -> None:
    """From now on, for ten minutes, the request takes this code, which has just been sent."""
    with db.signing_in():
        MailedCode.objects.filter(pk=key).update(digest=_digest(key, code), expires_at=clock.now() + LASTS)


def accept(key: UUID, code: str) -> User:
    """Whose code it is; it is used up. Raises `WrongCode`, also for one that is too old or was tried too often."""
    given = "".join(code.split())[:20]
    with db.signing_in():
        row = (
            MailedCode.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(pk=key, expires_at__gt=clock.now(), tries_left__gt=0, user__is_active=True)
            .exclude(digest="")
            .first()
        )
        right = row is not None and constant_time_compare(row.digest, _digest(key, given))
        if row is not None and right:
            # Those that were asked for besides are over, too.
            MailedCode.objects.filter(user_id=row.user_id).update(tries_left=0)
        elif row is not None:
            row.tries_left -= 1
            row.save(update_fields=["tries_left"])
    if row is None or not right:
        raise WrongCode()
    return row.user


def _digest(key: UUID, code: str) -> str:
    """Keyed: six digits would be found by trying, if their hash could be computed by others."""
    return salted_hmac("clinic.mailed-code", f"{key}:{code}", algorithm="sha256").hexdigest()
