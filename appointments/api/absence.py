"""Time off of a dentist, and dates on which the whole clinic is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import impact
from appointments.api.consequences import ChangeQuery, ConsequencesOut, changed
from appointments.api.hours import OverridesQuery, ScheduleView, between
from availability import schedule
from availability.api.shapes import ClosureInput, ClosureOut, TimeOffInput, TimeOffOut
from availability.models import Closure, TimeOff
from clinic.core import clock, db
from clinic.core.api import ClinicAPIView
from clinic.core.errors import NotFound
from clinic.core.pagination import PageQuery, ordered, ordering, page_of, page_shape
from clinic.core.permissions import AnyoneReads, Desk, Staff
from dentists.models import Dentist


class TimeOffQuery(PageQuery):
    ordering = ordering("starts_at", default="starts_at")
    past = serializers.BooleanField(required=False, default=False, help_text="With what is over.")


class TimeOffAddedOut(TimeOffOut, ConsequencesOut):
    id = serializers.IntegerField(allow_null=True)


class TimeOffListView(ScheduleView):
    """Why somebody is away is between them and the practice."""

    permission_classes = (Staff,)

    @extend_schema(operation_id="list_time_off", parameters=[TimeOffQuery], responses={200: page_shape(TimeOffOut)})
    def get(self, request: Request, dentist_id: str) -> Response:
        """When a dentist is away. The dentist, the front desk, admins."""
        asked = TimeOffQuery.of(request)
        rows = TimeOff.objects.filter(dentist=self._own(dentist_id))
        if not asked["past"]:
            rows = rows.filter(ends_at__gt=clock.now())
        rows = ordered(rows, asked["ordering"], {"starts_at": "starts_at"})
        return Response(page_of(request, rows, asked, lambda row: TimeOffOut(row).data))

    @extend_schema(
        operation_id="add_time_off", parameters=[ChangeQuery], request=TimeOffInput, responses={201: TimeOffAddedOut}
    )
    def post(self, request: Request, dentist_id: str) -> Response:
        """An absence between two instants. With `dry_run` its `id` is null."""
        asked = ChangeQuery.of(request)
        data = TimeOffInput.read(request.data)
        dentist = self._own(dentist_id)
        start, end = data["starts_at"], data["ends_at"]

        def store() -> dict[str, Any]:
            row = schedule.add_time_off(self.actor, dentist.pk, start, end, reason=data["reason"])
            return dict(TimeOffOut(row).data) | ({"id": None} if asked["dry_run"] else {})

        body = changed(
            self.actor,
            hit=lambda: impact.hit_by_time_off(self.actor, dentist.pk, start, end),
            verb=store,
            dry_run=asked["dry_run"],
        )
        return Response(body, status=201)

    def _own(self, key: str) -> Dentist:
        dentist = self.dentist(key)
        if not schedule.may_change(self.actor, dentist.pk):
            raise NotFound()
        return dentist


class TimeOffView(ScheduleView):
    permission_classes = (Staff,)

    @extend_schema(operation_id="remove_time_off", responses={204: OpenApiResponse(description="Back again.")})
    def delete(self, request: Request, dentist_id: str, time_off_id: int) -> Response:
        """Takes an absence back."""
        dentist = self.dentist(dentist_id)
        with db.reading(self.actor):
            if not TimeOff.objects.filter(pk=time_off_id, dentist=dentist).exists():
                raise NotFound()
        schedule.remove_time_off(self.actor, time_off_id)
        return Response(status=204)


class ClosureAddedOut(ClosureOut, ConsequencesOut):
    pass


class ClosuresView(ClinicAPIView):
    permission_classes = (AnyoneReads | Desk,)

    @extend_schema(operation_id="list_closures", parameters=[OverridesQuery], responses={200: page_shape(ClosureOut)})
    def get(self, request: Request) -> Response:
        """The dates on which the whole clinic is closed, from today on unless told otherwise."""
        asked = OverridesQuery.of(request)
        rows = ordered(between(Closure.objects.all(), asked), asked["ordering"], {"date": "date"})
        return Response(page_of(request, rows, asked, lambda row: ClosureOut(row).data))

    @extend_schema(
        operation_id="add_closure", parameters=[ChangeQuery], request=ClosureInput, responses={201: ClosureAddedOut}
    )
    def post(self, request: Request) -> Response:
        """Closes the clinic on a date. The front desk and admins."""
        asked = ChangeQuery.of(request)
        data = ClosureInput.read(request.data)
        day, name = data["date"], data["name"]
        body = changed(
            self.actor,
            hit=lambda: impact.hit_by_closure(self.actor, day),
            verb=lambda: dict(ClosureOut(schedule.add_closure(self.actor, day, name=name)).data),
            dry_run=asked["dry_run"],
        )
        return Response(body, status=201)


class ClosureView(ClinicAPIView):
    permission_classes = (Desk,)

    @extend_schema(operation_id="remove_closure", responses={204: OpenApiResponse(description="Open again.")})
    def delete(self, request: Request, day: date) -> Response:
        """Opens the clinic again on a date."""
        schedule.remove_closure(self.actor, day)
        return Response(status=204)
