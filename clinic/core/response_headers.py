"""What every answer tells a browser, whoever made the answer: a view, an error page, a file, or a refusal at the door."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.module_loading import import_string

from clinic import content_policy

# Nothing here asks for any of these, so nothing that gets into a page shall.
_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
    "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
FEATURES = ", ".join(f"{name}=()" for name in _OFF)
_DATA = build_policy(config=content_policy.DATA)  # once: most answers are no pages


class BrowserFeatures(MiddlewareMixin):
    """Powerful features off, and no other site embeds what is answered here (not even as an image or a script)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ContentPolicy(CSPMiddleware):
    """The site's policy for pages, and the one that allows nothing for whatever is not a page.

    A view with a policy of its own says so with django-csp's decorators.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _DATA)
        return response


def header_writers() -> list[Any]:
    """The middleware that does nothing but add headers, outermost last, by `settings.HEADER_MIDDLEWARE`."""
    return [import_string(name)(lambda _: None) for name in reversed(settings.HEADER_MIDDLEWARE)]


def with_headers(response: HttpResponseBase, scope: Mapping[str, Any], writers: list[Any]) -> HttpResponseBase:
    """The same headers for an answer that was made before there was a request, or without one."""
    # Neither path nor query: they may be what could not be read.
    request = ASGIRequest({**scope, "path": "/", "query_string": b""}, BytesIO())
    for writer in writers:
        response = writer.process_response(request, response)
    return response
