"""The second factor: codes of an authenticator app, and ten recovery codes for when the phone is gone."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from uuid import UUID

from django.conf import settings

from clinic.accounts import totp
from clinic.accounts.errors import WrongCode
from clinic.accounts.models import RecoveryCode, RefreshFamily, SecondFactor, Session, User
from clinic.core import clock, db
from clinic.core.actor import STAFF
from clinic.core.throttles import spend

HOW_MANY = 10


def is_required(user: User) -> bool:
    """Staff must have one in production."""
    return settings.PRODUCTION and user.role in STAFF


def has(user_id: UUID) -> bool:
    with db.signing_in():
        return SecondFactor.objects.filter(user_id=user_id).exists()


def codes_left(user_id: UUID) -> int:
    with db.signing_in():
        return RecoveryCode.objects.filter(user_id=user_id).count()


def switch_on(user: User, secret: str, code: str, *, keep: str = "") -> list[str]:
    """Stores the secret whose app shows `code`, ends every other session and all tokens of the account, and gives the
    recovery codes, which cannot be shown again. Raises `WrongCode`, also when there is a second factor already."""
    step = totp.matching_step(secret, _plain(code), totp.step_at(clock.now().timestamp()), after=-1)
    with db.signing_in():
        _locked(user.pk)
        if step is None or SecondFactor.objects.filter(user=user).exists():
            raise WrongCode()
        SecondFactor(user=user, secret=secret, last_step=step).save(force_insert=True)
        Session.objects.filter(user=user).exclude(session_key=keep).delete()
        RefreshFamily.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
        return _fresh_codes(user.pk)


def new_codes(user_id: UUID) -> list[str]:
    """New recovery codes instead of the old ones."""
    with db.signing_in():
        _locked(user_id)
        return _fresh_codes(user_id)


def switch_off(user_id: UUID) -> None:
    """Forgets secret and recovery codes; whoever calls has seen password and code."""
    with db.signing_in():
        RecoveryCode.objects.filter(user_id=user_id).delete()
        SecondFactor.objects.filter(user_id=user_id).delete()


def prove(user_id: UUID, code: str, *, address: str) -> None:
    """Uses up a code, counted for the account from one address and from everywhere. Raises `WrongCode`, `TooMany`."""
    spend(("second_factor", f"{user_id} {address}"), ("second_factor_account", str(user_id)))
    accept(user_id, code)


def accept(user_id: UUID, code: str) -> None:
    """Uses up a code of the app or a recovery code: none works twice, not even in the same moment. Raises `WrongCode`."""
    given = _plain(code)
    with db.signing_in():
        factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).first()
        if factor is not None and _accepted(factor, given):
            return
    raise WrongCode()


def _accepted(factor: SecondFactor, given: str) -> bool:
    if not re.fullmatch(rf"[0-9]{{{totp.DIGITS}}}", given):
        return bool(RecoveryCode.objects.filter(user_id=factor.pk, digest=_digest(factor.pk, given)).delete()[0])
    step = totp.matching_step(factor.secret, given, totp.step_at(clock.now().timestamp()), after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _locked(user_id: UUID) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user_id)


def _fresh_codes(user_id: UUID) -> list[str]:
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _digest(user_id: UUID, code: str) -> str:
    """A recovery code has 80 random bits: nobody finds it by trying, so that one fast hash is enough."""
    return hashlib.sha256(f"{user_id}:{code}".encode()).hexdigest()


def _plain(code: str) -> str:
    """As it was shown, without the spaces and dashes that people copy along."""
    return re.sub(r"[\s-]", "", code).lower()[:64]
