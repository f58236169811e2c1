"""The ground that every API view stands on: the caller's identity, and one shape for errors."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.callers import actor_of
from clinic.core.errors import ClinicError, Malformed, NotAllowed, NotFound, NotSignedIn, TooMany
from clinic.core.violations import told_as


class ClinicAPIView(APIView):
    """A view whose reading methods run in one read transaction under the caller's identity."""

    # Without OPTIONS: what a path takes is told by the document, and by `Allow`.
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    # Where reading leaves a trace, so that it needs a transaction that may write.
    reading_is_recorded: ClassVar[bool] = False
    # Off where the answer is about the database itself: then a view that asks opens its own transaction.
    reading_asks_database: ClassVar[bool] = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self.scope:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.actor: Actor = self.caller(request)
        if request.method in SAFE_METHODS and self.reading_asks_database:
            begin = db.transaction if self.reading_is_recorded else db.reading
            self.scope.enter_context(begin(self.actor))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers are for this caller and this moment: no cache keeps them."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final

    def caller(self, request: Request) -> Actor:
        """Who asks, with what else they have shown in this request."""
        return actor_of(request)


class _Unreadable(ClinicError):
    code, status, text = "malformed", 400, Malformed.text


class _TooLarge(ClinicError):
    code, status, text = "too_large", 413, _("This is more than we take at once.")


class _WrongType(ClinicError):
    code, status, text = "unsupported_media_type", 415, _("Send JSON, as application/json.")


class _WrongMethod(ClinicError):
    code, status, text = "method_not_allowed", 405, _("This cannot be done here.")


def _typed(error: Exception) -> ClinicError | None:
    match error:
        case ClinicError():
            return error
        case exceptions.ValidationError():
            return _Unreadable(fields=_flat(error.detail))
        case exceptions.ParseError():
            return Malformed()  # what a parser says is not for people
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return NotSignedIn()
        case exceptions.PermissionDenied() | PermissionDenied():
            return NotAllowed()
        case Http404() | exceptions.NotFound():
            return NotFound()
        case exceptions.Throttled():
            return TooMany(retry_after=int(getattr(error, "wait", None) or 60))
        case exceptions.UnsupportedMediaType():
            return _WrongType()
        case exceptions.MethodNotAllowed():
            return _WrongMethod()
        case RequestDataTooBig():
            return _TooLarge()
        case DatabaseError():
            return told_as(error)
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
    if typed.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response
