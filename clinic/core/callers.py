"""Who asks, of an API request. Apart from the views, because what Django REST framework's settings name asks here too."""

from __future__ import annotations

from dataclasses import replace

from rest_framework.request import Request

from clinic.core.actor import Actor, Source


def actor_of(request: Request) -> Actor:
    """The caller of an API request, as authentication found them."""
    actor: Actor = request.auth if isinstance(request.auth, Actor) else request._request.actor  # type: ignore[attr-defined]  # the middleware puts it there
    return replace(actor, source=Source.API)
