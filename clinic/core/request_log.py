"""One line in the log for each request, and the id by which it is found there.

A line has the route and not the path, because paths hold private links, and no query, address or browser.
"""

from __future__ import annotations

import re
import uuid
from time import perf_counter
from typing import Any

import structlog
from django.conf import settings
from django.dispatch import receiver
from django.http import FileResponse, HttpRequest, HttpResponse
from django_structlog import signals
from django_structlog.middlewares import RequestMiddleware

from clinic.core.actor import Actor

HEADER = "X-Request-ID"
# As proxies make them: a UUID, or hexadecimal digits.
_WELL_FORMED = re.compile(r"[0-9A-Fa-f-]{16,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLog(RequestMiddleware):
    """First in line, so that no answer goes without an id.

    A proxy's id is taken over when `TRUSTED_PROXIES` says that there is one; a stranger could otherwise write into the log.
    """

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        request.request_id = _request_id(request)  # type: ignore[attr-defined]  # ours
        request.began = perf_counter()  # type: ignore[attr-defined]  # ours
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]  # as above

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers[HEADER] = request.request_id  # type: ignore[attr-defined]  # from `prepare`
        if isinstance(response, FileResponse):  # styles and scripts: nobody looks for them in a log
            structlog.contextvars.clear_contextvars()
            return
        super().handle_response(request, response)

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Who asks, as the API's authentication or the middleware found it; nothing is looked up for the log."""
        shown = getattr(request, "auth", None)
        actor = shown if isinstance(shown, Actor) else getattr(request, "actor", None)
        if isinstance(actor, Actor):
            user_id = str(actor.user_id) if actor.user_id else None
            structlog.contextvars.bind_contextvars(user_id=user_id, role=actor.role.value)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The route, never the path; empty when the path belongs to none."""
        found = request.resolver_match
        return str(found.route) if found else ""


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _WELL_FORMED.fullmatch(given) else str(uuid.uuid4())


@receiver(signals.bind_extra_request_finished_metadata)
@receiver(signals.bind_extra_request_failed_metadata)
def _tell(sender: Any, request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    """What was asked for and what came of it."""
    found = request.resolver_match
    log_kwargs |= {
        "method": request.method if request.method in _METHODS else "other",
        "route": log_kwargs.pop("request"),
        "view": found.view_name or found._func_path if found else None,
        "status": log_kwargs.pop("code"),
        "duration_ms": round((perf_counter() - request.began) * 1000, 1),  # type: ignore[attr-defined]  # from `prepare`
    }
