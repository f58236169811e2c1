"""The same key and body twice: one effect, one answer.

The answer is stored in the transaction of what it tells of, so there is never one without the other. Refusals are kept
like successes; "too often" and "busy" are not, because trying again is the point of them.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.api import error_body
from clinic.core.crypto import decrypt, encrypt
from clinic.core.errors import ClinicError, Impossible, Malformed

LONGEST_KEY = 200
_NOT_KEPT = {429, 503}


class KeyReused(Impossible):
    code, text = (
        "idempotency_key_reused",
        _("This key came with another request before. Send a new one with a new request."),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a JSON body; `replayed` when they were given before."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


def fingerprint(method: str, path: str, body: Any) -> str:
    """What makes two requests the same: method, path and the parsed body, whatever its spacing and order."""
    text = json.dumps([method, path, body], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(
    actor: Actor, key: str, print_of_request: str, perform: Callable[[Actor], Answer], *, keep_refusals: bool = True
) -> Answer:
    """The answer of `perform`, or the one that this caller's key was given before.

    Whoever comes second while the first is still at work waits for it. Raises `KeyReused` when the key came with another
    request, and what `perform` raises with status 429 or 503; without `keep_refusals` all that it raises.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise Malformed().about("Idempotency-Key")
    if not actor.holders:
        actor = actor.with_secret(key)  # an anonymous caller is whoever knows the key
    scope = actor.holders[0]
    with db.enclosing(actor):
        claimed = db.value(
            "INSERT INTO core_idempotencykey (id, scope, key, fingerprint, body) VALUES (%s, %s, %s, %s, '')"
            " ON CONFLICT DO NOTHING RETURNING id",
            [uuid.uuid4(), scope, key, print_of_request],
        )
        if claimed is None:
            return _answered(scope, key, print_of_request)
        try:
            answer = perform(actor)
        except ClinicError as error:
            if error.status in _NOT_KEPT or not keep_refusals:
                raise
            answer = Answer(error.status, json.loads(json.dumps(error_body(error), default=str)))
        db.value(
            "UPDATE core_idempotencykey SET status = %s, body = %s, about = %s WHERE id = %s RETURNING id",
            [answer.status, encrypt(json.dumps(answer.body)), _told_of(answer.body), claimed],
        )
        return answer


def given_before(actor: Actor, key: str, print_of_request: str) -> Answer | None:
    """The answer that this caller's key was given for this request, None when there is none; call it while reading."""
    stored = db.rows(
        "SELECT status, body FROM core_idempotencykey WHERE scope = ANY(%s) AND key = %s AND fingerprint = %s",
        [list(actor.holders), key, print_of_request],
    )
    return Answer(stored[0][0], json.loads(decrypt(stored[0][1])), replayed=True) if stored else None


def _told_of(body: dict[str, Any]) -> uuid.UUID | None:
    """The row that an answer tells of, where it names one."""
    try:
        return uuid.UUID(str(body.get("id")))
    except ValueError:
        return None


def _answered(scope: str, key: str, print_of_request: str) -> Answer:
    stored = db.rows(
        "SELECT fingerprint, status, body FROM core_idempotencykey WHERE scope = %s AND key = %s", [scope, key]
    )
    if not stored or stored[0][0] != print_of_request:
        raise KeyReused().about("Idempotency-Key")
    return Answer(stored[0][1], json.loads(decrypt(stored[0][2])), replayed=True)
