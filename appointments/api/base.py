"""The ground of the views about one visit: its owner, staff, or whoever shows its private link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import links
from appointments.api.shapes import appointment_out
from appointments.models import Appointment
from clinic.core.actor import Actor
from clinic.core.api import ClinicAPIView
from clinic.core.callers import actor_of
from clinic.core.idempotency import Answer
from clinic.core.repeatable import answer_once


def link_of(request: Request) -> str:
    """The private link that came with the request, its last part; empty without one."""
    return request.headers.get("X-Visit-Link", "").strip().rstrip("/").rpartition("/")[2][:100]


class SignedInOrLink(BasePermission):
    """Which visits those are is for the database to say."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return not actor_of(request).is_anonymous or links.visit_of(link_of(request)) is not None


class AnyoneBooks(BasePermission):
    """Booking needs no account."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return str(request.method) == "POST"


class VisitAPIView(ClinicAPIView):
    permission_classes: Sequence[Any] = (SignedInOrLink,)

    def caller(self, request: Request) -> Actor:
        opened: UUID | None = links.visit_of(link_of(request))
        actor = super().caller(request)
        return actor if opened is None else actor.with_visit(opened)

    def changed(self, request: Request, verb: Any, visit_id: UUID, **given: Any) -> Response:
        """What a verb makes of a visit; the same again for a repeated `Idempotency-Key`."""

        def perform(caller: Actor) -> Answer:
            visit: Appointment = verb(caller, visit_id, **given)
            return Answer(200, appointment_out(visit))

        return answer_once(request, self.actor, perform, shown=link_of(request))
