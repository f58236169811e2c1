"""What a socket brings when it comes: where from, and what it shows of who it is."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils.http import is_same_domain

from clinic.accounts.requests import HOLDER_COOKIE, address_key
from clinic.realtime.limits import MESSAGE_BYTES

PROTOCOL = "clinic.v1"
_BEARER = "bearer."


class Arrival:
    """The handshake, read. `bearer` is the token that came as a subprotocol, "" without one."""

    def __init__(self, scope: dict[str, Any]) -> None:
        offered = scope.get("subprotocols", [])
        self.protocol = PROTOCOL if PROTOCOL in offered else None
        self.bearer = next((one[len(_BEARER) :] for one in offered if one.startswith(_BEARER)), "")[:MESSAGE_BYTES]
        # As a request, so that hosts, proxies and cookies are read by the rules of pages.
        scheme = "https" if scope.get("scheme") == "wss" else "http"
        self.request = ASGIRequest({**scope, "type": "http", "method": "GET", "scheme": scheme}, BytesIO())
        self.session_key = "" if self.bearer else self.request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:64]

    @property
    def secret(self) -> str:
        """Under which this browser holds slots without an account; believed of the site's own pages alone."""
        return self.request.COOKIES.get(HOLDER_COOKIE, "")[:64] if self._origin else ""

    @property
    def address(self) -> str:
        """The network address as it is counted."""
        return address_key(self.request)

    @property
    def _origin(self) -> str:
        return str(self.request.META.get("HTTP_ORIGIN", ""))

    def comes_from_here(self) -> bool:
        """Whether the page that opens this socket is one of the site's. A program need not say, unless it shows a
        browser's session."""
        try:
            host = self.request.get_host()
        except DisallowedHost:
            return False
        if not self._origin:
            return not self.session_key
        own = f"{self.request.scheme}://{host}"
        return self._origin == own or any(_matches(self._origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _matches(origin: str, trusted: str) -> bool:
    """By the rule of Django's CSRF check: exactly, or by a pattern such as `https://*.clinic.example`."""
    if "*" not in trusted:
        return origin == trusted
    given, wanted = urlsplit(origin), urlsplit(trusted)
    return given.scheme == wanted.scheme and is_same_domain(given.netloc, wanted.netloc.lstrip("*"))
