"""An account whose address nobody has confirmed: whoever signed up with it may be a stranger."""

from __future__ import annotations

from clinic.accounts import second_factor
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.actor import Role


def is_unproven(user: User) -> bool:
    """Whether anybody may have made this account. Staff's are made by the practice."""
    return user.role == Role.PATIENT and user.email_verified_at is None


def take_over(user: User) -> User:
    """For whoever has just shown a code from the account's mail, and not its password: a password and a second factor
    that somebody else may have chosen are forgotten, and a trigger ends all sessions and tokens with the password. An
    account whose address is confirmed stays as it is."""
    if not is_unproven(user):
        return user
    user.set_unusable_password()
    with db.signing_in():
        user.save(update_fields=["password"])
        second_factor.switch_off(user.pk)
    return user
