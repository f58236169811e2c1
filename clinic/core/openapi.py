"""What the OpenAPI document says of every operation alike: its errors, and how a caller says who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from clinic.core.actor import ANONYMOUS, Actor

# One parameter each, wherever it is taken.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 200, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="The same key and body give the same answer and one effect, for 24 hours. Make it random: "
    "without an account, whoever knows the key is the caller.",
)
VISIT_LINK = OpenApiParameter(
    "X-Visit-Link",
    {"type": "string", "maxLength": 200, "pattern": "^[A-Za-z0-9_/-]+$"},
    OpenApiParameter.HEADER,
    description="The visit's private link, whole or its last part: opens that one visit without an account.",
)
RESERVATION_TOKEN = OpenApiParameter(
    "Reservation-Token",
    {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"},
    OpenApiParameter.HEADER,
    description="The token that an anonymous holder was given with the hold.",
)
_ERRORS = {
    400: ("Malformed", "Something could not be read; `fields` says what."),
    401: ("NotSignedIn", "Nobody is signed in, or the token is no longer good."),
    403: ("NotAllowed", "The caller may not do this."),
    404: ("NotFound", "There is nothing here, or it belongs to somebody else."),
    405: ("MethodNotAllowed", "This path does not take this method."),
    409: ("Conflict", "It no longer fits what is stored; a slot that was lost comes with `alternatives`."),
    413: ("TooLarge", "The body is larger than 256 KB."),
    415: ("UnsupportedMediaType", "The body is not JSON."),
    422: ("Impossible", "It was understood and cannot be: the past, outside hours, the wrong dentist."),
    429: ("TooMany", "Too often; `Retry-After` says how many seconds to wait."),
    503: ("Busy", "The database could not take it now; nothing was changed."),
}
_NOT_WHEN_READING = {409, 413, 415}
_ERROR = {
    "type": "object",
    "description": "Every error has this shape. `code` is stable; `message` is for people and may be translated.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string", "example": "slot_taken"},
                "message": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
                "alternatives": {
                    "type": "array",
                    "description": "With `slot_taken` and `hold_expired`: the nearest free slots.",
                    "items": {
                        "type": "object",
                        "required": ["dentist_id", "start", "end"],
                        "properties": {
                            "dentist_id": {"type": "string", "format": "uuid"},
                            "start": {"type": "string", "format": "date-time"},
                            "end": {"type": "string", "format": "date-time"},
                        },
                    },
                },
                "status": {"type": "string", "description": "With `invalid_transition`: what the visit is now."},
            },
        }
    },
}


@dataclass(frozen=True)
class _Stranger:
    """A request of somebody without an account, as permissions look at it."""

    method: str
    auth: Actor = ANONYMOUS
    headers: Mapping[str, str] = field(default_factory=dict)


class OperationSchema(AutoSchema):
    """Says of an operation that needs no account that it needs none."""

    def get_auth(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_auth()
        stranger: Any = _Stranger(self.method)
        for_all = all(one.has_permission(stranger, self.view) for one in self.view.get_permissions())
        return [*found, {}] if for_all and found else found


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "clinic.accounts.bearer.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "clinic.accounts.bearer.BrowserAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "A signed-in browser; writing needs the X-CSRFToken header as well.",
        }


def once_without_slash(endpoints: list[Any]) -> list[Any]:
    """Drops the second form of each path, the one with a slash at its end."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def with_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Gives every operation the errors that it may answer, each written down once."""
    components = result["components"]
    components.setdefault("schemas", {})["Error"] = _ERROR
    components["responses"] = {
        name: {
            "description": text,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for name, text in _ERRORS.values()
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            for status, (name, _text) in _ERRORS.items():
                if method != "get" or status not in _NOT_WHEN_READING:
                    operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
    return result
