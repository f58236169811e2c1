"""Who someone is, from what they show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from clinic.accounts import attacks
from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.core import db


class PasswordBackend(BaseBackend):
    """Email and password. An unknown email takes as long as a wrong password, so that neither can be told apart. Raises
    `Busy` when too many hashes are computed already."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        email = (username or credentials.get("email") or "").strip().lower()
        if not email or not password or len(password) > 256 or "\0" in email:
            return None
        with db.signing_in():
            user = User.objects.filter(email=email).first()
        # The hash is slow on purpose: no transaction stays open while it is computed.
        with hashing():
            if user is None:
                make_password(password)
            right = user is not None and check_password(password, user.password)
        if user is None or not right:
            attacks.wrong_password(email)
            return None
        return user if user.is_active else None

    def get_user(self, user_id: UUID | str) -> User | None:
        with db.signing_in():
            return User.objects.filter(pk=user_id, is_active=True).first()
