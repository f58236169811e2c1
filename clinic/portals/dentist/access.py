"""Who enters the dentist portal, and under which identity its pages are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from clinic.accounts.requests import caller
from clinic.core.actor import Role
from clinic.core.errors import NotAllowed, NotSignedIn

View = Callable[..., HttpResponseBase]


def dentists_only(view: View) -> View:
    """Strangers are asked to sign in; whoever is signed in as somebody else may not enter."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = caller(request)
        if actor.is_anonymous:
            raise NotSignedIn()
        if actor.role != Role.DENTIST or actor.dentist_id is None:
            raise NotAllowed()
        return view(request, *args, **kwargs)

    return entered


def own_dentist(request: HttpRequest) -> UUID:
    """The dentist whose portal this is."""
    dentist_id = caller(request).dentist_id
    if dentist_id is None:
        raise NotAllowed()
    return dentist_id
