"""The ground that every API view stands on: the caller's identity, and one shape for errors."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.core import db
from clinic.core.actor import Actor, Source
from clinic.core.errors import ClinicError, Malformed, NotAllowed, NotFound, NotSignedIn, TooMany


class ClinicAPIView(APIView):
    """A view whose reading methods run in one read transaction under the caller's identity."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self.scope:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.actor: Actor = actor_of(request)
        if request.method in SAFE_METHODS:
            self.scope.enter_context(db.reading(self.actor))


def actor_of(request: Request) -> Actor:
    """The caller of an API request, as authentication found them."""
    from dataclasses import replace

    actor: Actor = request.auth if isinstance(request.auth, Actor) else request._request.actor  # type: ignore[attr-defined]  # the middleware puts it there
    return replace(actor, source=Source.API)


class _Unreadable(ClinicError):
    code, status, text = "malformed", 400, Malformed.text


class _TooLarge(ClinicError):
    code, status = "too_large", 413


class _WrongType(ClinicError):
    code, status = "unsupported_media_type", 415


class _WrongMethod(ClinicError):
    code, status = "method_not_allowed", 405


def _typed(error: Exception) -> ClinicError | None:
    match error:
        case ClinicError():
            return error
        case exceptions.ValidationError():
            return _Unreadable(fields=_flat(error.detail))
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return NotSignedIn(str(error.detail))
        case exceptions.PermissionDenied() | PermissionDenied():
            return NotAllowed()
        case Http404() | exceptions.NotFound():
            return NotFound()
        case exceptions.Throttled():
            return TooMany(retry_after=int(getattr(error, "wait", None) or 60))
        case exceptions.UnsupportedMediaType():
            return _WrongType(str(error.detail))
        case exceptions.MethodNotAllowed():
            return _WrongMethod(str(error.detail))
        case RequestDataTooBig():
            return _TooLarge()
        case exceptions.APIException():
            return _Unreadable(str(error.detail))
    return None


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """DRF's nested details as one level of `field` or `field.part`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, part in detail.items():
            found |= _flat(part, f"{name}.{key}" if name else str(key))
        return found
    return {name or "non_field_errors": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}


def error_body(error: ClinicError) -> dict[str, Any]:
    """`{"error": {"code", "message", "fields": {name: [texts]}, …details}}`"""
    fields = {name: [str(text) for text in texts] for name, texts in error.fields.items()}
    return {"error": {"code": error.code, "message": str(error.message), "fields": fields, **error.details}}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error in the one shape; what is not ours goes up and becomes a 500."""
    typed = _typed(error)
    if typed is None:
        return None
    response = Response(error_body(typed), status=typed.status)
    if (wait := getattr(typed, "retry_after", None)) is not None:
        response["Retry-After"] = str(wait)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response
