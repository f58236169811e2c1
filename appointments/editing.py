"""Correcting a visit: how to reach the person, and before the visit what they told about their health."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from appointments import contact as contacts
from appointments import medical, policies
from appointments.contact import Contact
from appointments.errors import NotChangeable, TooLateToChange, TooYoung
from appointments.models import MEDICAL_FIELDS, Appointment, MedicalRecord, Status
from appointments.queries import visit_to_change
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import NotAllowed
from clinic.patients.models import age_on

CONTACT_FIELDS = ("patient_name", "patient_email", "patient_phone", "birth_date")


def edit(
    actor: Actor, visit_id: UUID, *, contact: Mapping[str, Any], texts: Mapping[str, str] | None = None
) -> Appointment:
    """Changes the `CONTACT_FIELDS` and medical texts that are given, on this visit alone.

    Staff correct the contact of any visit that is not cancelled. Whose visit it is corrects contact and texts while it is
    pending or confirmed and has not begun. Raises `NotFound`, `NotAllowed`, `NotChangeable`, `TooLateToChange`,
    `BadContact`, `TooYoung`.
    """
    with db.transaction(actor):
        visit = visit_to_change(actor, visit_id)
        as_staff = policies.runs(actor, visit)
        if not as_staff and not policies.owns(actor, visit):
            raise NotAllowed()
        _still_changeable(visit, as_staff=as_staff)
        if texts:
            _write(actor, visit, texts)
        if contact:
            _correct(actor, visit, contact, as_staff=as_staff)
        visit.refresh_from_db()
        return visit


def _still_changeable(visit: Appointment, *, as_staff: bool) -> None:
    open_to_owner = visit.status in (Status.PENDING, Status.CONFIRMED)
    if visit.status == Status.CANCELLED or not (as_staff or open_to_owner):
        raise NotChangeable(status=visit.status)
    if not as_staff and clock.now() >= visit.starts_at:
        raise TooLateToChange()


def _correct(actor: Actor, visit: Appointment, given: Mapping[str, Any], *, as_staff: bool) -> None:
    born: date | None = given.get("birth_date", visit.patient_birth_date)
    clean = contacts.checked(
        actor,
        Contact(
            name=given.get("patient_name", visit.patient_name),
            email=given.get("patient_email", visit.patient_email),
            phone=given.get("patient_phone", visit.patient_phone),
            birth_date=born,
        ),
    )
    age = age_on(born, clock.local(visit.starts_at).date())
    if not as_staff and visit.treatment is not None and age is not None and age < visit.treatment.minimum_age:
        raise TooYoung().about("birth_date")
    visit.patient_name, visit.patient_email, visit.patient_phone = clean.name, clean.email, clean.phone
    visit.patient_birth_date = born
    visit.save(update_fields=["patient_name", "patient_email", "patient_phone", "patient_birth_date"])


def _write(actor: Actor, visit: Appointment, texts: Mapping[str, str]) -> None:
    # The database lets staff add to what was told, not change it.
    if actor.is_staff:
        raise NotAllowed().about(next(iter(texts)))
    record = MedicalRecord.objects.filter(pk=visit.pk).first() or MedicalRecord(appointment=visit)
    told = {name: getattr(record, name) for name in MEDICAL_FIELDS} | dict(texts)
    for name, text in medical.checked(told).items():
        setattr(record, name, text)
    record.save()
