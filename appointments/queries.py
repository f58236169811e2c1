"""Reading visits. Row-level security decides what a caller sees; these say what is asked for."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from appointments.models import Appointment
from appointments.references import normalized
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.errors import NotFound
from clinic.core.texts import is_storable


def visits_for(actor: Actor) -> QuerySet[Appointment]:
    """The visits that this caller may see, newest first."""
    return Appointment.objects.all()


def visit_for(actor: Actor, visit_id: UUID) -> Appointment:
    """One visit; raises `NotFound` for what is not there and for what is somebody else's."""
    found = Appointment.objects.select_related("dentist", "treatment").filter(pk=visit_id).first()
    if found is None:
        raise NotFound()
    return found


def visit_to_change(actor: Actor, visit_id: UUID) -> Appointment:
    """One visit, locked for the verb that changes it; raises `NotFound`."""
    found = Appointment.objects.select_for_update().filter(pk=visit_id).first()
    if found is None:
        raise NotFound()
    return found


def visit_by_reference(actor: Actor, reference: str, email: str) -> UUID:
    """The visit of a reference and the email given with it; raises `NotFound`. How often is for the caller to limit."""
    wanted = normalized(reference)
    if wanted is None or "@" not in email or not is_storable(email):
        raise NotFound()
    with db.reading(actor):
        found: UUID | None = db.value("SELECT appointments_by_reference(%s, %s)", [wanted, email.strip()])
    if found is None:
        raise NotFound()
    return found
