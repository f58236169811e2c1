"""From a request to its caller."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from clinic.accounts import browsers, second_factor
from clinic.accounts.errors import OtpRequired
from clinic.core import db
from clinic.core.actor import Actor, Role, Source, holder_of
from clinic.core.context import FRAGMENT_HEADER
from clinic.core.errors import ClinicError, NotSignedIn
from clinic.realtime.events import recent_position

HOLDER_COOKIE = f"{settings.COOKIE_PREFIX}holder"
View = Callable[..., HttpResponseBase]
_SAFE = ("GET", "HEAD", "OPTIONS")
# What staff may reach in production before they have shown a second factor; the API refuses them by itself.
_OPEN_TO_ALL = ("/api/", "/health", "/metrics")
_WITHOUT_SECOND_FACTOR = ("/accounts/second-factor", "/accounts/sign-")


def client_address(request: HttpRequest) -> str:
    """The caller's network address; of X-Forwarded-For only what our own proxies wrote is believed."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return str(hops[-settings.TRUSTED_PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def address_key(request: HttpRequest) -> str:
    """The address as it is stored for counting: keyed, so that the table tells nobody where people live."""
    return hmac.new(settings.IDENTITY_KEY, _network(client_address(request)).encode(), "sha256").hexdigest()[:32]


def _network(address: str) -> str:
    """The address, or the /64 that a household has of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network(f"{parsed}/64", strict=False))


def actor_for(user: Any, *, secret: str = "", address: str = "", source: Source = Source.PORTAL) -> Actor:
    """The caller that this account (or nobody) is."""
    if user is None or not user.is_authenticated:
        return Actor(Role.ANONYMOUS, holder=holder_of(secret), address=address, source=source)
    return Actor(
        Role(user.role),
        user.id,
        dentist_id=user.dentist_id,
        holder=holder_of(secret),
        address=address,
        source=source,
    )


def reads_medical(view: View) -> View:
    """Marks a page that shows medical text to staff: its transaction may write, because who read it is written down."""
    view.reads_medical = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def _records(request: HttpRequest) -> bool:
    try:
        return bool(getattr(resolve(request.path_info).func, "reads_medical", False))
    except Resolver404:
        return False


def _second_factor_first(request: HttpRequest) -> HttpResponseBase | None:
    """Where somebody is sent who must show a second factor before anything else: to set one up, or to sign in anew."""
    if request.path.startswith(_OPEN_TO_ALL):
        return None
    user_id = browsers.without_second_factor(request)
    if user_id is None:
        return None
    if second_factor.has(user_id):  # signed in before it was switched on
        logout(request)
        return redirect("accounts:sign-in")
    if request.path.startswith(_WITHOUT_SECOND_FACTOR):
        return None
    return redirect("accounts:second-factor")


def _source(path: str) -> Source:
    """Through what a browser came; the API says so itself."""
    return Source.ADMIN if path.startswith("/admin/") else Source.PORTAL


def _page_of(request: HttpRequest) -> str:
    """Where a browser can come back to: the page that was asked for, or the one on which the form stood that was sent."""
    if request.method in _SAFE:
        return request.get_full_path()
    try:
        stood_on = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return "/"
    if stood_on.netloc != request.get_host() or stood_on.path.startswith("//"):
        return "/"
    return stood_on._replace(scheme="", netloc="", fragment="").geturl()


class ActorMiddleware:
    """Puts the caller on the request, and opens the one read transaction that a page is read and rendered in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        secret = request.COOKIES.get(HOLDER_COOKIE, "")[:64]
        request.actor = actor_for(  # type: ignore[attr-defined]  # ours
            request.user, secret=secret, address=address_key(request), source=_source(request.path)
        )
        if (elsewhere := _second_factor_first(request)) is not None:
            return elsewhere
        reads = request.method in _SAFE and not request.path.startswith(("/api/", "/health", "/metrics"))
        if not reads:
            return self.get_response(request)
        with db.reading(caller(request), records=_records(request)):
            if not request.path.startswith("/admin/"):
                # Before anything else is read: all that the page shows is at least as new.
                request.realtime_position = recent_position()  # type: ignore[attr-defined]  # ours
            response = self.get_response(request)
        if request.user.is_authenticated or secret or request.path.startswith(("/visit/", "/book/")):
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie", FRAGMENT_HEADER])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A typed error that no view had a better page for."""
        if not isinstance(error, ClinicError) or request.path.startswith("/api/"):
            return None
        if isinstance(error, NotSignedIn):
            from django.contrib.auth.views import redirect_to_login

            return redirect_to_login(_page_of(request))
        return page(request, f"errors/{error.status if error.status in (400, 403, 404, 429) else 400}.html",
                    {"error": error, "is_error": True}, status=error.status)  # fmt: skip


def caller(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponseBase:
    """A page, rendered where its rows can be read: in the transaction that is open, or in one of its own."""
    with db.reading(caller(request)):
        return render(request, template, context, status=status)


def holder_secret(request: HttpRequest) -> str:
    """The secret under which this browser holds slots without an account; a new one when it has none."""
    return request.COOKIES.get(HOLDER_COOKIE, "")[:64] or secrets.token_urlsafe(24)


def remember_holder(response: HttpResponseBase, secret: str) -> None:
    response.set_cookie(
        HOLDER_COOKIE,
        secret,
        max_age=24 * 3600,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


class CallerAuthentication(SessionAuthentication):
    """A signed-in browser, with CSRF protection; an anonymous caller needs none."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None and browsers.without_second_factor(request._request):
            raise OtpRequired()
        return None if found is None else (found[0], caller(request._request))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
