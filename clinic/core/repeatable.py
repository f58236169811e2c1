"""Answers that may be asked for twice: the `Idempotency-Key` header of an API request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.actor import Actor
from clinic.core.idempotency import Answer, fingerprint, once


def answer_once(request: Request, actor: Actor, perform: Callable[[Actor], Answer], *, shown: Any = None) -> Response:
    """What `perform` answers; with an `Idempotency-Key` the answer that this caller's key was given before.

    `shown` is what else makes this request what it is, such as the private link that came with it.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        answer = perform(actor)
    else:
        body = request.data if shown is None else [request.data, shown]
        answer = once(actor, key, fingerprint(str(request.method), request.path.rstrip("/"), body), perform)
    response = Response(answer.body, status=answer.status)
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response
