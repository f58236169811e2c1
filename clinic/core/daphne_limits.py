"""What Daphne itself takes in and says: it reads a request's whole body before anybody here is asked about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from clinic.core.response_headers import header_writers, with_headers

# How many bytes beyond the limit are read and thrown away, so that whoever sent them can read the refusal; then the
# connection is cut.
PATIENCE = 8 * 1024 * 1024


def bound_bodies() -> None:
    """Of a body that is too large Daphne keeps one byte more than is allowed, by which the refusal knows it."""
    from daphne.http_protocol import WebRequest  # type: ignore[import-untyped]  # Daphne has no types

    def handle_chunk(request: Any, data: bytes) -> None:
        taken = getattr(request, "_taken", 0)
        request._taken = taken + len(data)
        room = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1 - taken
        if room > 0:
            request.content.write(data[:room])
        elif taken > PATIENCE:
            request.channel.forceAbortClient()

    WebRequest.handleContentChunk = handle_chunk


def answer_in_our_words() -> None:
    """Daphne's own error pages, for what it cannot read and for what took too long, become a line with our headers."""
    from daphne.http_protocol import WebRequest

    writers = header_writers()

    def basic_error(request: Any, status: int, status_text: bytes, body: str) -> None:
        scheme = getattr(request, "client_scheme", "http")
        scope: dict[str, Any] = {"type": "http", "method": "GET", "headers": [], "scheme": scheme}
        plain = HttpResponse(f"{status_text.decode()}.", status=status, content_type="text/plain; charset=utf-8")
        response: Any = with_headers(plain, scope, writers)
        headers = [(name.encode(), value.encode()) for name, value in response.items()]
        request.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        request.handle_reply({"type": "http.response.body", "body": response.content})

    WebRequest.basic_error = basic_error
