"""Who may do what to a visit that they can see."""

from __future__ import annotations

from uuid import UUID

from appointments.models import Appointment
from clinic.core.actor import Actor, Role


def runs(actor: Actor, appointment: Appointment) -> bool:
    """Whether the caller runs this visit as staff: the front desk, an admin, or the dentist whose schedule it is on.

    A dentist who is somebody's patient is a patient there.
    """
    return runs_schedule(actor, appointment.dentist_id)


def runs_schedule(actor: Actor, dentist_id: UUID | None) -> bool:
    """Whether the caller is staff to this dentist's schedule; to a colleague's, a dentist is a patient."""
    if actor.role == Role.DENTIST:
        return dentist_id is not None and dentist_id == actor.dentist_id
    return actor.role in (Role.DESK, Role.ADMIN)


def owns(actor: Actor, appointment: Appointment) -> bool:
    """Whether it is the caller's own visit, or one whose private link they have shown."""
    by_account = actor.user_id is not None and appointment.account_id == actor.user_id
    return by_account or (actor.visit_id is not None and actor.visit_id == appointment.pk)


def reads_medical(actor: Actor, appointment: Appointment) -> bool:
    """Whether the caller may read what the patient told: the treating dentist, an admin, and whose visit it is."""
    return (
        actor.role == Role.ADMIN
        or (actor.role == Role.DENTIST and runs(actor, appointment))
        or owns(actor, appointment)
    )
