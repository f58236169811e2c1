"""The practice corrects how a person is called and reached."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed, NotFound
from clinic.patients.models import Patient


def correct(actor: Actor, person_id: UUID, *, name: str, email: str, phone: str, birth_date: date | None) -> Patient:
    """Writes down a person's contact, as it was checked, by the front desk or an admin.

    Visits keep what they were booked with. Raises `NotAllowed`, `NotFound`, and `KnownGuest` when another guest has this
    name, email and date of birth.
    """
    if actor.role not in (Role.DESK, Role.ADMIN):
        raise NotAllowed()
    with db.transaction(actor):
        person = Patient.objects.select_for_update().filter(pk=person_id, erased_at=None).first()
        if person is None:
            raise NotFound()
        person.name, person.email, person.phone, person.birth_date = name, email, phone, birth_date
        person.save(update_fields=["name", "email", "phone", "birth_date"])
        return person
