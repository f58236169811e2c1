"""Visits as the dialogue shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from appointments.models import Appointment, Status
from appointments.moving import move_until
from appointments.queries import visits_for
from appointments.transitions import cancel_until
from chatbot.dialogue import Visit
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings

CHANGEABLE = (Status.PENDING, Status.CONFIRMED)


def as_they_are(actor: Actor, visits: tuple[Visit, ...], now: datetime) -> tuple[Visit, ...]:
    """These visits as they are now: the practice may have moved them, or their owner on a page. Those that are over or
    cancelled are left out. Who asks was shown them before."""
    if not visits:
        return ()
    with db.reading(actor):
        own = {one.pk: one for one in visits_for(actor).filter(pk__in=[one.id for one in visits])}
        stored = [own.get(UUID(one.id)) or _opened(actor, UUID(one.id)) for one in visits]
        clinic = ClinicSettings.current()
        return tuple(
            shown(one, clinic, now) for one in stored if one and one.status in CHANGEABLE and one.starts_at > now
        )


def _opened(actor: Actor, visit_id: UUID) -> Appointment | None:
    """A visit that is not under the caller's own account."""
    with db.reading(actor.with_visit(visit_id)):
        return visits_for(actor).filter(pk=visit_id).first()


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
        person=visit.patient_name,
    )
