"""Typed errors: a stable code, an HTTP status, the fields concerned, and a text that can be translated.

Verbs raise them and change nothing; portals, API, admin and chatbot show them each in their own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ClinicError(Exception):
    """Something that the caller may know. `code` never changes once released; `text` may."""

    code = "error"
    status = 400
    text: str | Promise = _("That did not work.")

    def __init__(
        self,
        text: str | Promise | None = None,
        *,
        fields: Mapping[str, Sequence[str | Promise]] | None = None,
        **details: Any,
    ) -> None:
        self.message = text if text is not None else self.text
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}
        self.details = details
        super().__init__(f"{self.code}: {', '.join(self.fields)}" if self.fields else self.code)

    def about(self, field: str) -> ClinicError:
        """The same error, said of one field."""
        self.fields.setdefault(field, []).append(self.message)
        return self


class Malformed(ClinicError):
    code, status, text = "malformed", 400, _("Something in this request could not be read.")


class NotSignedIn(ClinicError):
    code, status, text = "not_signed_in", 401, _("Please sign in first.")


class NotAllowed(ClinicError):
    code, status, text = "not_allowed", 403, _("You may not do this.")


class NotFound(ClinicError):
    """Also the answer for what exists and belongs to somebody else."""

    code, status, text = "not_found", 404, _("There is nothing here.")


class Conflict(ClinicError):
    code, status, text = "conflict", 409, _("This no longer fits what is stored.")


class Impossible(ClinicError):
    code, status, text = "impossible", 422, _("This cannot be.")


class TooMany(ClinicError):
    """`retry_after` seconds from now it may be tried again."""

    code, status, text = "too_many", 429, _("That was too often. Please wait a little.")

    def __init__(self, *args: Any, retry_after: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.retry_after = retry_after


class Busy(ClinicError):
    """The database could not take this now (a lock waited for too long); nothing was changed."""

    code, status, text = "busy", 503, _("The system is busy. Please try again in a moment.")
    retry_after = 1
