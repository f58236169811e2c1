"""How an API request says who it is from: a bearer token, or the session of a signed-in browser."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from clinic.accounts import tokens
from clinic.accounts.errors import CsrfFailed, InvalidToken
from clinic.accounts.models import User
from clinic.accounts.requests import CallerAuthentication, actor_for, caller
from clinic.core.actor import Actor, Source


def actor_of_token(text: str, *, address: str = "") -> Actor:
    """The caller whose access token this is. Raises `InvalidToken`."""
    return actor_for(tokens.user_of(text), address=address, source=Source.API)


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. Whoever sends one means it: a bad one is refused, not overlooked for a cookie."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        scheme, _space, text = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not text.strip():
            raise InvalidToken()
        user = tokens.user_of(text.strip())
        address = caller(request._request).address
        return user, actor_for(user, address=address, source=Source.API)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BrowserAuthentication(CallerAuthentication):
    """A signed-in browser, with CSRF protection."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise CsrfFailed() from error
