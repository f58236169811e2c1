"""Pages for what went wrong before or outside a view."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clinic.accounts.requests import page
from clinic.core.errors import ClinicError, Malformed, NotAllowed, NotFound


def _answer(request: HttpRequest, error: ClinicError) -> HttpResponseBase:
    if request.path.startswith("/api/"):
        body = {"error": {"code": error.code, "message": str(error.message), "fields": {}}}
        return JsonResponse(body, status=error.status)
    template = f"errors/{error.status}.html"
    shown = {"is_error": True}  # so that its address, which may be a private link, is not repeated in it
    if not hasattr(request, "actor"):
        return render(request, template, shown, status=error.status)
    return page(request, template, shown, status=error.status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponseBase:
    return _answer(request, Malformed())


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponseBase:
    return _answer(request, NotAllowed())


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponseBase:
    return _answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Asks the database nothing: it may be what failed. Of the fault it tells the request's id alone."""
    request_id = getattr(request, "request_id", None)
    if request.path.startswith("/api/"):
        error = {"code": "server_error", "message": _("This was our fault. Nothing was changed."), "fields": {}}
        return JsonResponse({"error": {**error, "request_id": request_id}}, status=500)
    # Without the request: it would bring the name of whoever is signed in onto the page, and asks who that is.
    return HttpResponse(render_to_string("errors/500.html", {"request_id": request_id}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    if request.path.startswith("/api/"):
        return _answer(request, NotAllowed())
    return page(request, "errors/403_csrf.html", status=403)
