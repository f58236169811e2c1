"""Signing up with a password."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.errors import Malformed
from clinic.core.languages import spoken
from clinic.core.texts import is_name


def register(*, email: str, password: str, name: str) -> None:
    """Makes a patient's account whose email is not verified yet.

    When the email has an account already, nothing is changed and nobody is told: the caller learns the same, after the
    same time. Raises `Malformed` for a name that cannot be read and for a password that Django's validators refuse, and
    `Busy`.
    """
    if not is_name(name):
        raise Malformed(fields={"name": [_("Please give a name of up to 120 letters.")]})
    email = email.strip().lower()
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise Malformed(fields={"password": error.messages}) from error
    with hashing():
        hashed = make_password(password)
    try:
        with db.signing_in():
            if not User.objects.filter(email=email).exists():
                User(email=email, name=name, password=hashed, language=spoken()).save(force_insert=True)
    except IntegrityError:
        return  # somebody registered the same email in this moment
