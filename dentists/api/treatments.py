"""What can be booked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api import ClinicAPIView
from clinic.core.pagination import PageQuery, ordered, ordering, page_of, page_shape
from clinic.core.permissions import Anyone
from dentists.api.shapes import TreatmentOut
from dentists.models import Specialization
from dentists.queries import dentist_for, treatment_for, treatments_for

_ORDER = {"name": "name", "price": "price", "duration": "duration_minutes"}


class TreatmentsQuery(PageQuery):
    ordering = ordering(*_ORDER, default="name")
    q = serializers.CharField(max_length=80, required=False, help_text="Part of the name.")
    specialization = serializers.ChoiceField(Specialization.choices, required=False)
    dentist = serializers.CharField(max_length=140, required=False, help_text="Offered by this dentist: id or slug.")
    bookable_online = serializers.BooleanField(required=False, allow_null=True, default=None)


class TreatmentsView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(
        operation_id="list_treatments", parameters=[TreatmentsQuery], responses={200: page_shape(TreatmentOut)}
    )
    def get(self, request: Request) -> Response:
        """The treatments of the clinic."""
        asked = TreatmentsQuery.of(request)
        rows = treatments_for(self.actor)
        if "q" in asked:
            rows = rows.filter(name__icontains=asked["q"])
        if "specialization" in asked:
            rows = rows.filter(specialization=asked["specialization"])
        if asked["bookable_online"] is not None:
            rows = rows.filter(bookable_online=asked["bookable_online"])
        if "dentist" in asked:
            rows = rows.filter(offers__dentist=dentist_for(self.actor, asked["dentist"]))
        context: dict[str, Any] = {}
        rows = ordered(rows, asked["ordering"], _ORDER)
        return Response(page_of(request, rows, asked, lambda row: TreatmentOut(row, context=context).data))


class TreatmentView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(operation_id="get_treatment", responses={200: TreatmentOut})
    def get(self, request: Request, treatment: str) -> Response:
        """One treatment, by id or slug."""
        return Response(TreatmentOut(treatment_for(self.actor, treatment), context={}).data)
