"""A change of a schedule together with the visits that it hits; tried first, with `dry_run`, or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from appointments.api.shapes import HitOut
from appointments.models import Appointment
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.pagination import Query

SHOWN = 100


class ChangeQuery(Query):
    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="Answer what it would hit, and change nothing."
    )


class ConsequencesOut(serializers.Serializer[Any]):
    """The visits that the change leaves outside: how many, and the first hundred. They stay booked."""

    dry_run = serializers.BooleanField()
    affected_count = serializers.IntegerField()
    affected = HitOut(many=True)


class _OnlyTried(Exception):
    """Takes back what was tried."""


def changed(
    actor: Actor, *, hit: Callable[[], list[Appointment]], verb: Callable[[], dict[str, Any]], dry_run: bool
) -> dict[str, Any]:
    """What the verb tells, with the visits that the change hits, seen in one transaction.

    With `dry_run` all of it is taken back, so that what would be refused is refused here too.
    """
    body: dict[str, Any] = {}
    try:
        with db.enclosing(actor):
            found = hit()
            body = verb() | {
                "dry_run": dry_run,
                "affected_count": len(found),
                "affected": HitOut(found[:SHOWN], many=True).data,
            }
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    return body
