"""A visit in a calendar, and found again by its reference."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import links, policies
from appointments.api.asking import FindInput
from appointments.api.base import VisitAPIView
from appointments.calendar import visit_calendar
from appointments.queries import visit_by_reference, visit_for
from clinic.core.actor import ANONYMOUS
from clinic.core.api import ClinicAPIView
from clinic.core.models import ClinicSettings
from clinic.core.openapi import VISIT_LINK
from clinic.core.permissions import Anyone
from clinic.core.throttles import References


class VisitFoundOut(serializers.Serializer[Any]):
    """`link` opens the visit: its last part goes into `X-Visit-Link`."""

    id = serializers.UUIDField()
    link = serializers.CharField()


class FindView(ClinicAPIView):
    permission_classes = (Anyone,)
    throttle_classes = (References,)

    @extend_schema(operation_id="find_appointment", request=FindInput, responses={200: VisitFoundOut})
    def post(self, request: Request) -> Response:
        """The private link of a visit, for its reference and the email that was given with it."""
        data = FindInput.read(request.data)
        # Whoever asks, it is the two together that open the visit.
        found = visit_by_reference(ANONYMOUS, data["reference"], data["email"])
        return Response({"id": str(found), "link": f"/visit/{links.token_for(found)}"})


class CalendarView(VisitAPIView):
    @extend_schema(
        operation_id="get_calendar", parameters=[VISIT_LINK], responses={(200, "text/calendar"): OpenApiTypes.STR}
    )
    def get(self, request: Request, appointment_id: UUID) -> HttpResponse:
        """The visit as a calendar file, which takes the place of the one before when the visit has moved."""
        visit = visit_for(self.actor, appointment_id)
        # The private link is for whose visit it is; staff have ways of their own.
        own = policies.owns(self.actor, visit)
        url = request.build_absolute_uri(f"/visit/{links.token_for(visit.pk)}") if own else ""
        return HttpResponse(
            visit_calendar(visit, ClinicSettings.current(), url=url),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{visit.booking_reference}.ics"'},
        )
