"""What programs send about appointments, and what it asks of the verbs."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from appointments import medical
from appointments.booking import Request
from appointments.contact import Contact
from appointments.models import MEDICAL_FIELDS, BookingSource, PaymentMethod, Status, TriageBand
from availability.placing import wall_start
from clinic.core import clock
from clinic.core.fields import WRITTEN_DAY, Day, Line, WallTime
from clinic.core.input import Input


def _medical_fields(**options: Any) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    return {
        name: serializers.CharField(max_length=medical.LONGEST, required=False, allow_blank=True, **options)
        for name in MEDICAL_FIELDS
    }


class _WhenInput(Input):
    """`appointment_date` with `appointment_time` on the clinic's clock, or `appointment_date` as one ISO instant."""

    appointment_date = serializers.CharField(max_length=40, required=False)
    appointment_time = WallTime(required=False)

    def validate_appointment_date(self, value: str) -> str:
        try:
            readable = _date(value) or (("T" in value.upper() or " " in value) and parse_datetime(value))
        except ValueError:
            readable = None
        if not readable:
            raise serializers.ValidationError(_("Give a date such as 2026-11-23 or an instant in ISO 8601."))
        return value


class BookingInput(_WhenInput):
    """With a reservation the slot is the held one; without a dentist the least busy one is taken. Whoever is signed in as
    a patient need not say who they are."""

    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    treatment = serializers.CharField(max_length=140, required=False)
    appointment_type = serializers.CharField(
        max_length=140, required=False, help_text="The treatment's name, for `treatment`."
    )
    reservation_id = serializers.UUIDField(required=False, allow_null=True)
    reservation_token = serializers.CharField(max_length=64, required=False, allow_blank=True)
    patient_id = serializers.UUIDField(required=False, allow_null=True)
    patient_name = serializers.CharField(max_length=120, required=False)
    patient_email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    patient_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    birth_date = Day(required=False, allow_null=True, earliest=1)
    payment_method = serializers.ChoiceField(PaymentMethod.choices, required=False, default=PaymentMethod.CASH)
    booking_source = serializers.ChoiceField(
        [BookingSource.MANUAL, BookingSource.CHATBOT], required=False, default=BookingSource.MANUAL
    )
    triage_band = serializers.ChoiceField(TriageBand.choices, required=False, allow_blank=True, default="")
    consent = serializers.BooleanField(required=False, default=False)
    outside_rules = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_medical_fields(default="")}

    @staticmethod
    def to_request(data: dict[str, Any], known: Contact | None) -> Request:
        """The booking that was asked for; `known` is who the caller is. Raises `NoSuchTime` for a wall time that the
        clock skips."""
        known = known or Contact(name="")
        contact = Contact(
            name=data.get("patient_name", known.name),
            email=data.get("patient_email", known.email),
            phone=data.get("patient_phone", known.phone),
            birth_date=data.get("birth_date"),
            patient_id=data.get("patient_id"),
        )
        return Request(
            contact=contact,
            treatment=data.get("treatment") or data.get("appointment_type"),
            dentist=data.get("dentist_id") or None,
            start=start_of(data.get("appointment_date"), data.get("appointment_time")),
            reservation_id=data.get("reservation_id"),
            medical={name: data[name] for name in MEDICAL_FIELDS},
            payment_method=data["payment_method"],
            source=data["booking_source"],
            triage_band=data["triage_band"],
            consent=data["consent"],
            outside_rules=data["outside_rules"],
        )


class MoveInput(_WhenInput):
    """Where to: date and time, and another dentist where that is wanted."""

    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    outside_rules = serializers.BooleanField(required=False, default=False)


class EditInput(_WhenInput):
    """What can be changed of a visit. Fields that cannot, such as the reference, may stand beside them and are passed
    over; `status` and `treatment` must then be what they are."""

    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    patient_name = Line(max_length=120)
    patient_email = serializers.CharField(max_length=254, allow_blank=True)
    patient_phone = serializers.CharField(max_length=40, allow_blank=True)
    birth_date = Day(required=False, allow_null=True, earliest=1)
    status = serializers.ChoiceField(Status.choices, required=False)
    treatment = serializers.CharField(max_length=140, required=False, allow_null=True)
    outside_rules = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_medical_fields()}


class CancelInput(Input):
    reason = Line(max_length=200, required=False, allow_blank=True, default="")


class FindInput(Input):
    """The reference of a visit, and the email given when it was booked."""

    reference = serializers.CharField(max_length=40)
    email = serializers.CharField(max_length=254)


def start_of(day: str | None, wall: time | None) -> datetime | None:
    """The instant that was asked for, None when nothing was. Raises `NoSuchTime` for a wall time that the clock skips."""
    if day is None:
        return None
    try:
        if (date := _date(day)) is not None:
            if wall is None:
                raise serializers.ValidationError({"appointment_time": [_("Give the time as well, such as 09:30.")]})
            return wall_start(date, wall)
        instant = parse_datetime(day)
        if instant is None:
            raise ValueError
        if instant.tzinfo is None:
            return wall_start(instant.date(), instant.time())
        return instant.astimezone(clock.zone())
    except (ValueError, OverflowError) as error:
        raise serializers.ValidationError({"appointment_date": [_("This is no date.")]}) from error


def _date(text: str) -> date | None:
    """A date of the calendar as it is written here; other spellings of ISO 8601 are slips of the finger more often."""
    return parse_date(text) if WRITTEN_DAY.fullmatch(text) else None
