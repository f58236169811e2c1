"""An appointment as programs read it."""

from __future__ import annotations

from typing import Any

from appointments.models import Appointment
from clinic.core import clock


def appointment_out(appointment: Appointment, *, link: str | None = None) -> dict[str, Any]:
    """The fields of `GET /api/appointments/{id}`: dates and times by the clinic's clock, instants with their offset."""
    start, end = clock.local(appointment.starts_at), clock.local(appointment.ends_at)

    def instant(name: str) -> str | None:
        value = getattr(appointment, name)
        return clock.local(value).isoformat() if value else None

    body: dict[str, Any] = {
        "id": str(appointment.pk),
        "booking_reference": appointment.booking_reference,
        "patient_id": str(appointment.patient_id),
        "dentist_id": str(appointment.dentist_id) if appointment.dentist_id else None,
        "dentist_name": appointment.dentist_name,
        "dentist_email": appointment.dentist_email,
        "treatment": str(appointment.treatment_id) if appointment.treatment_id else None,
        "appointment_type": appointment.treatment_name,
        "appointment_date": start.date().isoformat(),
        "appointment_time": start.strftime("%H:%M"),
        "time_zone": str(clock.zone()),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "duration_minutes": appointment.duration_minutes,
        "status": appointment.status,
        "booking_source": appointment.booking_source,
        "patient_name": appointment.patient_name,
        "patient_email": appointment.patient_email,
        "patient_phone": appointment.patient_phone,
        "patient_birth_date": appointment.patient_birth_date.isoformat() if appointment.patient_birth_date else None,
        "patient_age": appointment.patient_age,
        "payment_method": appointment.payment_method,
        "payment_status": appointment.payment_status,
        "payment_amount": str(appointment.payment_amount),
        "currency": appointment.currency,
        "triage_band": appointment.triage_band,
        "cancellation_reason": appointment.cancellation_reason,
        "cancelled_by": appointment.cancelled_by,
    }
    for name in (
        "created_at",
        "updated_at",
        "confirmed_at",
        "checked_in_at",
        "completed_at",
        "no_show_at",
        "cancelled_at",
    ):
        body[name] = instant(name)
    if link is not None:
        body["link"] = link
    return body
