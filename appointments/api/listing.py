"""The list of appointments: which of those that the caller may see, and in which order."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from appointments.models import Appointment, BookingSource, PaymentStatus, Status
from appointments.references import normalized
from clinic.core import clock
from clinic.core.errors import Malformed
from clinic.core.fields import Day
from clinic.core.pagination import PageQuery, ordered, ordering

ORDER = {"start": "starts_at", "created_at": "created_at", "status": "status"}


class AppointmentsQuery(PageQuery):
    """`from` and `to` are dates of the clinic's calendar, both included."""

    ordering = ordering(*ORDER, default="-start")
    status = serializers.MultipleChoiceField(choices=Status.choices, required=False)
    payment_status = serializers.ChoiceField(PaymentStatus.choices, required=False)
    booking_source = serializers.ChoiceField(BookingSource.choices, required=False)
    dentist_id = serializers.UUIDField(required=False)
    patient = serializers.UUIDField(required=False, help_text="The person's id.")
    reference = serializers.CharField(max_length=40, required=False, help_text="The whole booking reference.")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": Day(required=False), "to": Day(required=False)}


def listed(rows: QuerySet[Appointment], asked: dict[str, Any]) -> QuerySet[Appointment]:
    """The rows that were asked for, in order. Raises `Malformed` for what can be no reference."""
    if asked["status"]:
        rows = rows.filter(status__in=asked["status"])
    for name, column in (
        ("payment_status", "payment_status"), ("booking_source", "booking_source"), ("dentist_id", "dentist"),
        ("patient", "patient"),
    ):  # fmt: skip
        if name in asked:
            rows = rows.filter(**{column: asked[name]})
    if "reference" in asked:
        reference = normalized(asked["reference"])
        if reference is None:
            raise Malformed().about("reference")
        rows = rows.filter(booking_reference=reference)
    if "from" in asked:
        rows = rows.filter(starts_at__gte=clock.day_bounds(asked["from"])[0])
    if "to" in asked:
        rows = rows.filter(starts_at__lt=clock.day_bounds(asked["to"])[1])
    return ordered(rows, asked["ordering"], ORDER)
