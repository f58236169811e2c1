"""Visits as the dialogue shows them."""

from __future__ import annotations

from datetime import datetime

from appointments.models import Appointment, Status
from appointments.moving import move_until
from appointments.transitions import cancel_until
from chatbot.dialogue import Visit
from clinic.core.models import ClinicSettings

CHANGEABLE = (Status.PENDING, Status.CONFIRMED)


def shown(visit: Appointment, clinic: ClinicSettings, now: datetime) -> Visit:
    """A visit, and whether its owner may still move and cancel it."""
    is_open = visit.status in CHANGEABLE
    return Visit(
        id=str(visit.pk),
        reference=visit.booking_reference,
        treatment=str(visit.treatment_id or ""),
        treatment_name=visit.treatment_name,
        dentist=str(visit.dentist_id or ""),
        dentist_name=visit.dentist_name,
        start=visit.starts_at,
        end=visit.ends_at,
        can_move=is_open and visit.dentist_id is not None and now <= move_until(visit, clinic),
        can_cancel=is_open and now <= cancel_until(visit, clinic),
    )
