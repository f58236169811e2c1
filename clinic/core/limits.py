"""What is refused before anybody reads it: bodies that are too large, and bytes that no text here may hold."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _


class RequestLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit():
            return _refused(request, 400, "malformed", _("Something in this request could not be read."))
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _refused(request, 413, "too_large", _("This is more than we take at once."))
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _refused(request, 400, "malformed", _("Something in this request could not be read."))
        return self.get_response(request)


def _refused(request: HttpRequest, status: int, code: str, text: str) -> HttpResponseBase:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": code, "message": text, "fields": {}}}, status=status)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
