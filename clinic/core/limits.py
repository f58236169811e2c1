"""What is refused before anybody reads it: bodies that are too large or packed, and what no address here may hold."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

# In bytes as sent; the longest address that a page here makes has a few hundred.
LONGEST_QUERY = 8 * 1024


class RequestLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        query = request.META.get("QUERY_STRING", "")
        if not length.isdigit() or "\0" in request.path or "%00" in query or len(query) > LONGEST_QUERY:
            return refused(request.path, 400, "malformed", _("Something in this request could not be read."))
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request.path)
        # A few kilobytes that unfold to gigabytes: nothing here unpacks, and nobody shall wonder why it was not read.
        if request.headers.get("Content-Encoding", "identity") not in ("", "identity"):
            return refused(request.path, 415, "unsupported_media_type", _("Send this as it is, not compressed."))
        return self.get_response(request)


def too_large(path: str) -> HttpResponseBase:
    """413 for a body of more than `settings.DATA_UPLOAD_MAX_MEMORY_SIZE` bytes."""
    return refused(path, 413, "too_large", _("This is more than we take at once."))


def refused(path: str, status: int, code: str, text: str) -> HttpResponseBase:
    """In the form of the API's errors below `/api/`, elsewhere as a line of text."""
    if path.startswith("/api/"):
        return JsonResponse({"error": {"code": code, "message": text, "fields": {}}}, status=status)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
