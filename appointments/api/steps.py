"""The steps of a visit's life, each a path of its own."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import moving, transitions
from appointments.api.asking import CancelInput, MoveInput, start_of
from appointments.api.base import VisitAPIView
from appointments.api.shapes import AppointmentOut
from appointments.steps import STEPS
from clinic.core.errors import Malformed
from clinic.core.openapi import IDEMPOTENCY_KEY, VISIT_LINK
from clinic.core.permissions import Staff


class StepView(VisitAPIView):
    """A step of the staff's. Each path has a subclass, made by `step_view`."""

    permission_classes = (Staff,)
    step: ClassVar[str]

    def post(self, request: Request, appointment_id: UUID) -> Response:
        return self.changed(request, STEPS[self.step].verb, appointment_id)


def step_view(step: str) -> type[StepView]:
    """The view of one step by the name that paths use."""
    described = extend_schema(
        operation_id=step.replace("-", "_"),
        description=(STEPS[step].verb.__doc__ or "").split(" Raises")[0],
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: AppointmentOut},
    )
    view = type(f"{step.title().replace('-', '')}View", (StepView,), {"step": step})
    return extend_schema_view(post=described)(view)


class CancelView(VisitAPIView):
    @extend_schema(
        operation_id="cancel",
        parameters=[IDEMPOTENCY_KEY, VISIT_LINK],
        request=CancelInput,
        responses={200: AppointmentOut},
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        """Cancels a visit, with a reason where there is one. Patients until the practice's cut-off, staff always."""
        data = CancelInput.read(request.data)
        return self.changed(request, transitions.cancel, appointment_id, reason=data["reason"])


class RescheduleView(VisitAPIView):
    @extend_schema(
        operation_id="reschedule",
        parameters=[IDEMPOTENCY_KEY, VISIT_LINK],
        request=MoveInput,
        responses={200: AppointmentOut},
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        """Moves a visit: the new time is won before the old one is given up, and the reference stays."""
        data = MoveInput.read(request.data)
        start = start_of(data.get("appointment_date"), data.get("appointment_time"))
        if start is None:
            raise Malformed().about("appointment_date")
        return self.changed(
            request, moving.reschedule, appointment_id,
            start=start, dentist=data.get("dentist_id") or None, outside_rules=data["outside_rules"],
        )  # fmt: skip
