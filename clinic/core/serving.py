"""HTTP under an ASGI server: each request from beginning to end in one thread of a small pool.

Views and middleware here are synchronous. Django's own handler would change threads for every middleware that knows both
ways, start a thread for every request, and let a rush of requests fight for the processor and for database connections;
here what cannot be served yet waits in line. Measured: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import logging
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted, RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import get_resolver, set_script_prefix

from clinic.core.limits import too_large
from clinic.core.response_headers import header_writers, with_headers

log = logging.getLogger(__name__)


class ThreadedHandler(ASGIHandler):
    """Django's ASGI handler for a site whose code is synchronous; `settings.HTTP_THREADS` requests at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")
        self._waiting = 0  # requests at work or in line; only the event loop counts
        self._headers = header_writers()

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"This serves HTTP, not {scope['type']}.")
        if self._waiting >= settings.HTTP_LINE:
            await self.send_response(with_headers(_come_again(), scope, self._headers), send)
            return
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        except RequestDataTooBig:
            await self.send_response(with_headers(too_large(scope["path"]), scope, self._headers), send)
            return
        self._waiting += 1
        try:
            # A copy, so that what a request sets (language, caller) ends with it.
            run = contextvars.copy_context().run
            response = await asyncio.get_running_loop().run_in_executor(self._threads, run, self._serve, scope, body)
        except Exception:
            log.exception("a request failed outside of the site's own handling")
            raise
        finally:
            self._waiting -= 1
        await self.send_response(response, send)

    async def read_body(self, receive: Any) -> IO[bytes]:
        """Reads no more than `settings.DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, whatever length was announced, or none.

        Raises `RequestDataTooBig`, and `RequestAborted` when the client has left.
        """
        body = BytesIO()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            body.write(message.get("body", b""))
            if body.tell() > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise RequestDataTooBig
            more = message.get("more_body", False)
        body.seek(0)
        return body

    def _serve(self, scope: Any, body: Any) -> HttpResponseBase:
        """The whole answer; when it is returned its connections are back in the pool. Closes the body, which a client
        that left must not do under a view that reads it."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=type(self), scope=scope)
            try:
                request, refusal = self.create_request(scope, body)
                response: Any = refusal if request is None else self.get_response(request)
                if request is None:
                    response = with_headers(response, scope, self._headers)
                response._handler_class = type(self)
            except BaseException:
                signals.request_finished.send(sender=type(self))
                raise
            try:
                return _whole(response)
            finally:
                response.close()  # sends request_finished


def _come_again() -> HttpResponse:
    return HttpResponse(
        "Many people are here at once. Please try again in a moment.",
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": "5", "Cache-Control": "no-store"},
    )


def warm_up() -> None:
    """Reads all that requests would have to wait for, once and before the first one; and takes what stays for good out of
    the garbage collector's rounds, which otherwise stop everybody for a tenth of a second now and then."""
    for pattern in get_resolver().url_patterns:
        getattr(pattern, "url_patterns", None)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def leave_bodies_to_django() -> None:
    """Under Daphne, Twisted would parse every form that is posted, and every content type with a general mail parser,
    for nobody: it took a quarter of the processor time of a booking."""
    from daphne.http_protocol import WebRequest  # type: ignore[import-untyped]  # Daphne has no types

    WebRequest._parsePOSTFormSubmission = property(lambda _: False, lambda _, __: None)


def keep_no_access_log() -> None:
    """Daphne writes a line with the path for each request, private links included; ours have the route."""
    from daphne.access import AccessLogGenerator  # type: ignore[import-untyped]  # as above

    AccessLogGenerator.write_entry = lambda *_, **__: None


def _whole(response: Any) -> HttpResponseBase:
    """The same response with its content read: a file, or pages that are made while they are sent."""
    if not isinstance(response, StreamingHttpResponse):
        return response  # type: ignore[no-any-return]  # what Django's handler returns
    whole = HttpResponse(b"".join(response), status=response.status_code, headers=response.headers)
    whole.cookies = response.cookies
    return whole
