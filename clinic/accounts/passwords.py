"""Links that prove an email address: to confirm it, and to choose a new password."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.core.exceptions import ValidationError

from clinic.accounts import second_factor
from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.accounts.unproven import is_unproven
from clinic.core import clock, db
from clinic.core.errors import Malformed, NotFound

CONFIRM_SECONDS = 7 * 24 * 3600
_CONFIRM = "confirm-email"
_resets = PasswordResetTokenGenerator()


def confirmation_token(user: User) -> str:
    """Proves that whoever has it reads the mail of this account's present address; good for a week."""
    return signing.dumps([str(user.pk), user.email], salt=_CONFIRM)


def _confirmed(token: str) -> tuple[UUID, str]:
    try:
        user_id, email = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_SECONDS)
        return UUID(user_id), email
    except (signing.BadSignature, ValueError) as error:
        raise NotFound() from error


def user_of_confirmation(token: str) -> UUID:
    """Whose address a link confirms. Raises `NotFound` for an old or foreign link."""
    return _confirmed(token)[0]


def confirm_email(token: str) -> UUID:
    """Marks the address as verified; harmless when repeated. Raises `NotFound` for an old or foreign link."""
    user_id, email = _confirmed(token)
    with db.signing_in():
        user = User.objects.filter(pk=user_id, email=email, is_active=True).first()
        if user is None:
            raise NotFound()
        if user.email_verified_at is None:
            user.email_verified_at = clock.now()
            user.save(update_fields=["email_verified_at"])
        return user.pk


def account_to_reset(email: str) -> User | None:
    """The active account of an address, to which alone its reset link is sent."""
    with db.signing_in():
        return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def reset_token(user: User) -> str:
    """Proves the right to choose a new password, once: it depends on the password that it replaces."""
    return f"{user.pk}.{_resets.make_token(user)}"


def user_of_reset(token: str) -> User:
    """The account of a reset link. Raises `NotFound` for an old, used or foreign one."""
    key, _dot, proof = token.partition(".")
    try:
        user_id = UUID(key)
    except ValueError as error:
        raise NotFound() from error
    with db.signing_in():
        user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not _resets.check_token(user, proof):
        raise NotFound()
    return user


def set_password(token: str, password: str) -> User:
    """Chooses a new password, which also proves the address that the link was sent to. A trigger ends every session of
    the account; of one whose address nobody had confirmed the second factor goes, too, since a stranger may have set it
    up. Raises `NotFound`, `Malformed`."""
    user = user_of_reset(token)
    _choose(user, password)
    unproven = is_unproven(user)
    user.email_verified_at = user.email_verified_at or clock.now()
    with db.signing_in():
        user.save(update_fields=["password", "email_verified_at"])
        if unproven:
            second_factor.switch_off(user.pk)
    return user


def replace_password(user_id: UUID, password: str) -> User:
    """A new password for somebody who has just shown the old one. A trigger ends every session and all tokens of the
    account. Raises `Malformed`, `NotFound`."""
    with db.signing_in():
        user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound()
    _choose(user, password)
    with db.signing_in():
        user.save(update_fields=["password"])
    return user


def _choose(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Malformed(fields={"password": error.messages}) from error
    with hashing():
        user.set_password(password)


def mail_wanted(kind: str, user: User) -> None:
    """Has the worker send an account its mail (see `notifications_account_mail`); enqueued in a transaction of its own."""
    with db.signing_in():
        db.value("SELECT notifications_account_mail(%s, %s)", [kind, user.pk])


def greet(email: str) -> None:
    """After a sign-up: the new account is asked to confirm its address, one that was there before is told."""
    user = account_to_reset(email)
    if user is not None:
        mail_wanted("confirm" if user.email_verified_at is None else "known", user)
