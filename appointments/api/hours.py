"""When dentists work, and which booked visits a change of that hits.

These views know both schedules and visits, so they live here and not in `availability`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import impact
from appointments.api.consequences import ChangeQuery, ConsequencesOut, changed
from availability import schedule
from availability.api.shapes import DateInput, OverrideOut, WeekInput, WeeklyShape
from availability.models import DateOverride, WorkingHours
from clinic.core import clock, db
from clinic.core.api import ClinicAPIView
from clinic.core.fields import Day
from clinic.core.pagination import PageQuery, ordered, ordering, page_of, page_shape
from clinic.core.permissions import AnyoneReads, Staff
from dentists.models import Dentist
from dentists.queries import dentist_for


class WeekOut(serializers.Serializer[Any]):
    """A dentist's weekly hours, in order; the gap between two intervals of a day is the break."""

    dentist_id = serializers.UUIDField()
    time_zone = serializers.CharField()
    hours = WeeklyShape(many=True)


class WeekChangedOut(WeekOut, ConsequencesOut):
    pass


class DateChangedOut(ConsequencesOut):
    dentist_id = serializers.UUIDField()
    date = serializers.DateField()
    intervals = OverrideOut(many=True)


class ScheduleView(ClinicAPIView):
    """A view about one dentist, by id or slug; admins reach those too who take no bookings."""

    permission_classes: Sequence[Any] = (AnyoneReads | Staff,)

    def dentist(self, key: str) -> Dentist:
        with db.reading(self.actor):
            return dentist_for(self.actor, key)


class WeekView(ScheduleView):
    @extend_schema(operation_id="get_hours", responses={200: WeekOut})
    def get(self, request: Request, dentist_id: str) -> Response:
        """A dentist's weekly hours."""
        dentist = self.dentist(dentist_id)
        return Response(_week(dentist, WorkingHours.objects.filter(dentist=dentist)))

    @extend_schema(
        operation_id="set_hours", parameters=[ChangeQuery], request=WeekInput, responses={200: WeekChangedOut}
    )
    def put(self, request: Request, dentist_id: str) -> Response:
        """Replaces a dentist's whole week. The dentist, the front desk, admins."""
        asked = ChangeQuery.of(request)
        data = WeekInput.read(request.data)
        dentist, intervals = self.dentist(dentist_id), WeekInput.intervals(data)
        schedule.check_intervals(intervals)
        body = changed(
            self.actor,
            hit=lambda: impact.hit_by_weekly_hours(self.actor, dentist.pk, intervals),
            verb=lambda: _week(dentist, schedule.set_weekly_hours(self.actor, dentist.pk, intervals)),
            dry_run=asked["dry_run"],
        )
        return Response(body)


def _week(dentist: Dentist, rows: Any) -> dict[str, Any]:
    return {
        "dentist_id": str(dentist.pk),
        "time_zone": str(clock.zone()),
        "hours": WeeklyShape(rows, many=True).data,
    }


class OverridesQuery(PageQuery):
    """From today on, unless told otherwise; `from` and `to` are included."""

    ordering = ordering("date", default="date")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": Day(required=False), "to": Day(required=False)}


def between(rows: Any, asked: dict[str, Any]) -> Any:
    """The rows with a date from `from` (today, when nothing is said) to `to`."""
    rows = rows.filter(date__gte=asked.get("from") or clock.today())
    return rows.filter(date__lte=asked["to"]) if "to" in asked else rows


class OverridesView(ScheduleView):
    @extend_schema(operation_id="list_overrides", parameters=[OverridesQuery], responses={200: page_shape(OverrideOut)})
    def get(self, request: Request, dentist_id: str) -> Response:
        """The dates on which a dentist has other hours than in the week; one row for each interval."""
        asked = OverridesQuery.of(request)
        rows = between(DateOverride.objects.filter(dentist=self.dentist(dentist_id)), asked)
        rows = ordered(rows, asked["ordering"], {"date": "date"})
        return Response(page_of(request, rows, asked, lambda row: OverrideOut(row).data))


class OverrideView(ScheduleView):
    permission_classes = (Staff,)

    @extend_schema(
        operation_id="set_override", parameters=[ChangeQuery], request=DateInput, responses={200: DateChangedOut}
    )
    def put(self, request: Request, dentist_id: str, day: date) -> Response:
        """Gives one date other hours, or none. The dentist, the front desk, admins."""
        asked = ChangeQuery.of(request)
        data = DateInput.read(request.data)
        dentist, intervals = self.dentist(dentist_id), DateInput.to_intervals(data)
        schedule.check_intervals(intervals)

        def store() -> dict[str, Any]:
            rows = schedule.set_override(self.actor, dentist.pk, day, intervals)
            told = OverrideOut([row for row in rows if row.start_time is not None], many=True).data
            return {"dentist_id": str(dentist.pk), "date": day.isoformat(), "intervals": told}

        body = changed(
            self.actor,
            hit=lambda: impact.hit_by_override(self.actor, dentist.pk, day, intervals),
            verb=store,
            dry_run=asked["dry_run"],
        )
        return Response(body)

    @extend_schema(operation_id="clear_override", responses={204: OpenApiResponse(description="As every week.")})
    def delete(self, request: Request, dentist_id: str, day: date) -> Response:
        """Gives a date its weekly hours back."""
        schedule.clear_override(self.actor, self.dentist(dentist_id).pk, day)
        return Response(status=204)
