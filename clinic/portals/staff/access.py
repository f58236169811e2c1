"""Who enters a portal of the practice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from clinic.accounts.requests import caller
from clinic.core.actor import Actor
from clinic.core.errors import NotAllowed, NotSignedIn

View = Callable[..., HttpResponseBase]


def only(belongs: Callable[[Actor], bool]) -> Callable[[View], View]:
    """A decorator of views. Strangers are asked to sign in; whoever is signed in and does not belong here may not enter."""

    def guarded(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = caller(request)
            if actor.is_anonymous:
                raise NotSignedIn()
            if not belongs(actor):
                raise NotAllowed()
            return view(request, *args, **kwargs)

        return entered

    return guarded
