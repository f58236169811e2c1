"""Signing a browser in: at once, or in two steps for an account with a second factor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from clinic.accounts import second_factor
from clinic.accounts.models import User
from clinic.core import clock, db

PROVEN = "second_factor_shown"
SINCE = "signed_in_at"
BROWSER = "browser"
SECOND_STEP_SECONDS = 600
FRESH_SECONDS = 600
_HALF = "half_signed_in"


def enter(request: HttpRequest, user: User, *, proven: bool = False) -> None:
    """Signs this browser in; `proven` says that the second factor was shown too."""
    request.session.pop(_HALF, None)
    with db.signing_in():
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.update(
        {
            PROVEN: proven,
            SINCE: int(clock.now().timestamp()),
            BROWSER: request.META.get("HTTP_USER_AGENT", "")[:300],
        }
    )


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in here has shown a password or a mailed code within the last ten minutes."""
    return clock.now().timestamp() - float(request.session.get(SINCE, 0)) < FRESH_SECONDS


def first_step(request: HttpRequest, user: User, *, target: str) -> bool:
    """What comes after a right password: signed in (true), or asked for the second factor first, and then led to
    `target`."""
    if not second_factor.has(user.pk):
        enter(request, user)
        return True
    request.session.flush()  # whoever was signed in here is not any more
    request.session[_HALF] = {
        "user": str(user.pk),
        "proof": user.get_session_auth_hash(),
        "until": int(clock.now().timestamp()) + SECOND_STEP_SECONDS,
        "target": target,
    }
    return False


def half_signed_in(request: HttpRequest) -> tuple[User, str] | None:
    """Who has shown a password in this browser in the last ten minutes, and where they want to go."""
    half: dict[str, Any] | None = request.session.get(_HALF)
    if half is None or half["until"] < clock.now().timestamp():
        return None
    with db.signing_in():
        user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), half["proof"]):
        return None
    return user, half["target"]


def without_second_factor(request: HttpRequest) -> UUID | None:
    """Who is signed in here and must show a second factor, but has not: staff in production."""
    user: Any = request.user
    if not user.is_authenticated or not second_factor.is_required(user) or request.session.get(PROVEN):
        return None
    user_id: UUID = user.pk
    return user_id
