"""What programs send to book: the fields of `POST /api/appointments`, and the request that they make."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from appointments.booking import Request
from appointments.contact import Contact
from appointments.models import MEDICAL_FIELDS, BookingSource, PaymentMethod, TriageBand
from availability.placing import wall_start
from clinic.core import clock


class BookingInput(serializers.Serializer[Any]):
    """`appointment_date` with `appointment_time` on the clinic's clock, or `appointment_date` as one ISO instant."""

    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    treatment = serializers.CharField(max_length=140, required=False)
    appointment_type = serializers.CharField(max_length=140, required=False)
    appointment_date = serializers.CharField(max_length=40, required=False)
    appointment_time = serializers.TimeField(required=False, input_formats=["%H:%M", "%H:%M:%S"])
    reservation_id = serializers.UUIDField(required=False, allow_null=True)
    reservation_token = serializers.CharField(max_length=64, required=False, allow_blank=True)
    patient_id = serializers.UUIDField(required=False, allow_null=True)
    patient_name = serializers.CharField(max_length=120)
    patient_email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    patient_phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    birth_date = serializers.DateField(required=False, allow_null=True, input_formats=["iso-8601"])
    payment_method = serializers.ChoiceField(PaymentMethod.choices, required=False, default=PaymentMethod.CASH)
    booking_source = serializers.ChoiceField(
        [BookingSource.MANUAL, BookingSource.CHATBOT], required=False, default=BookingSource.MANUAL
    )
    triage_band = serializers.ChoiceField(TriageBand.choices, required=False, allow_blank=True, default="")
    consent = serializers.BooleanField(required=False, default=False)
    outside_rules = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        medical = {
            name: serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
            for name in MEDICAL_FIELDS
        }
        return {**super().get_fields(), **medical}

    def validate_appointment_date(self, value: str) -> str:
        try:
            readable = parse_date(value) or parse_datetime(value)
        except ValueError:
            readable = None
        if readable is None:
            raise serializers.ValidationError(_("Give a date such as 2026-11-23 or an instant in ISO 8601."))
        return value

    def to_request(self) -> Request:
        """The booking that was asked for. Raises `NoSuchTime` for a wall time that the clock skips."""
        data = self.validated_data
        contact = Contact(
            name=data["patient_name"],
            email=data["patient_email"],
            phone=data["patient_phone"],
            birth_date=data.get("birth_date"),
            patient_id=data.get("patient_id"),
        )
        return Request(
            contact=contact,
            treatment=data.get("treatment") or data.get("appointment_type"),
            dentist=data.get("dentist_id") or None,
            start=self._start(data.get("appointment_date"), data.get("appointment_time")),
            reservation_id=data.get("reservation_id"),
            medical={name: data[name] for name in MEDICAL_FIELDS},
            payment_method=data["payment_method"],
            source=data["booking_source"],
            triage_band=data["triage_band"],
            consent=data["consent"],
            outside_rules=data["outside_rules"],
        )

    def _start(self, day: str | None, wall: time | None) -> datetime | None:
        if day is None:
            return None
        if (date := parse_date(day)) is not None:
            if wall is None:
                raise serializers.ValidationError({"appointment_time": [_("Give the time as well, such as 09:30.")]})
            return wall_start(date, wall)
        instant = parse_datetime(day)
        if instant is None:
            raise serializers.ValidationError({"appointment_date": [_("This is no date.")]})
        if instant.tzinfo is None:
            return wall_start(instant.date(), instant.time())
        return instant.astimezone(clock.zone())
