"""Who enters the front desk's portal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from clinic.accounts.requests import caller
from clinic.core.actor import Role
from clinic.core.errors import NotAllowed, NotSignedIn

View = Callable[..., HttpResponseBase]


def desk_only(view: View) -> View:
    """For the front desk and admins. Strangers are asked to sign in; whoever is signed in as somebody else may not enter."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = caller(request)
        if actor.is_anonymous:
            raise NotSignedIn()
        if actor.role not in (Role.DESK, Role.ADMIN):
            raise NotAllowed()
        return view(request, *args, **kwargs)

    return entered
