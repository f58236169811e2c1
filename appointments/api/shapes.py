"""An appointment as programs read it: dates and times by the clinic's clock, instants with their offset."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rest_framework import serializers

from appointments.models import (
    MEDICAL_FIELDS,
    Appointment,
    BookingSource,
    PaymentMethod,
    PaymentStatus,
    Status,
    TriageBand,
)  # fmt: skip
from clinic.core import clock
from clinic.core.fields import Instant, WallTime


class AppointmentOut(serializers.Serializer[Any]):
    """Without what the patient told about their health."""

    id = serializers.UUIDField()
    booking_reference = serializers.CharField()
    patient_id = serializers.UUIDField()
    dentist_id = serializers.UUIDField(allow_null=True)
    dentist_name = serializers.CharField(allow_blank=True)
    dentist_email = serializers.CharField(allow_blank=True)
    treatment = serializers.UUIDField(source="treatment_id", allow_null=True)
    appointment_type = serializers.CharField(source="treatment_name")
    appointment_date = serializers.DateField()
    appointment_time = WallTime()
    time_zone = serializers.SerializerMethodField()
    start = Instant(source="starts_at")
    end = Instant(source="ends_at")
    duration_minutes = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    booking_source = serializers.ChoiceField(BookingSource.choices)
    patient_name = serializers.CharField()
    patient_email = serializers.CharField(allow_blank=True)
    patient_phone = serializers.CharField(allow_blank=True)
    patient_birth_date = serializers.DateField(allow_null=True)
    patient_age = serializers.IntegerField(allow_null=True)
    payment_method = serializers.ChoiceField(PaymentMethod.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    payment_amount = serializers.DecimalField(max_digits=9, decimal_places=2)
    currency = serializers.CharField()
    triage_band = serializers.ChoiceField(TriageBand.choices, allow_blank=True)
    outside_rules = serializers.BooleanField()
    consent_version = serializers.CharField(allow_blank=True)
    cancellation_reason = serializers.CharField(allow_blank=True)
    cancelled_by = serializers.CharField(allow_blank=True)
    created_at = Instant()
    updated_at = Instant()
    confirmed_at = Instant(allow_null=True)
    checked_in_at = Instant(allow_null=True)
    completed_at = Instant(allow_null=True)
    no_show_at = Instant(allow_null=True)
    cancelled_at = Instant(allow_null=True)

    def get_time_zone(self, appointment: Appointment) -> str:
        return str(clock.zone())


class BookedOut(AppointmentOut):
    """`link` is the private way to this visit without an account: its last part goes into `X-Visit-Link`."""

    link = serializers.CharField()


class AppointmentDetailOut(AppointmentOut):
    """With what the patient told, for those who may read it. That staff read it is written down."""

    def get_fields(self) -> dict[str, Any]:
        medical = {name: serializers.CharField(required=False, allow_blank=True) for name in MEDICAL_FIELDS}
        return {**super().get_fields(), **medical}


class HitOut(serializers.Serializer[Any]):
    """A booked visit that a change of the schedule leaves outside."""

    id = serializers.UUIDField()
    booking_reference = serializers.CharField()
    dentist_id = serializers.UUIDField(allow_null=True)
    patient_name = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    start = Instant(source="starts_at")
    end = Instant(source="ends_at")


@lru_cache(maxsize=1)
def _shape() -> AppointmentOut:
    """One for all: making the fields anew for each visit costs more than reading it."""
    return AppointmentOut()


def appointment_out(appointment: Appointment, *, link: str | None = None) -> dict[str, Any]:
    """The fields of a visit; with the private link when the caller has just booked it."""
    body = dict(_shape().to_representation(appointment))
    return body if link is None else {**body, "link": link}
