"""What a patient told about their health: written with the visit, read by few, and never without a trace."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from appointments.errors import BadContact
from appointments.models import MEDICAL_FIELDS, Appointment, BookingSource, MedicalRecord
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.crypto import decrypt
from clinic.core.texts import is_storable

LONGEST = 4000
# What is true of a person and not of one visit.
BACKGROUND = ("medical_conditions", "medications", "allergies", "medical_history")


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """The medical texts, trimmed; raises `BadContact` for one that is too long or holds what is no text."""
    problems, clean = {}, {}
    for name in MEDICAL_FIELDS:
        text = texts.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST or not is_storable(text):
            problems[name] = [f"≤ {LONGEST}"]
        clean[name] = text
    if problems:
        raise BadContact(fields=problems)
    return clean


def labels() -> list[tuple[str, str]]:
    """The medical fields with the names that people read, in the order of the record."""
    order = ("chief_complaint", *(name for name in MEDICAL_FIELDS if name != "chief_complaint"))
    return [(name, str(MedicalRecord._meta.get_field(name).verbose_name)) for name in order]  # type: ignore[union-attr]  # plain columns


def store(appointment_id: UUID, texts: Mapping[str, str]) -> None:
    """Keeps checked texts with a visit, inside the booking's transaction; nothing told, nothing kept."""
    if any(texts.values()):
        MedicalRecord(appointment_id=appointment_id, **texts).save(force_insert=True)


def read_for(actor: Actor, appointment_id: UUID) -> dict[str, str]:
    """The medical texts of a visit as this caller may read them; empty texts when there are none or none for them.

    For staff the history gets a line that they read it, so it needs a transaction that may write.
    """
    if actor.is_staff:
        rows = db.rows("SELECT * FROM appointments_read_medical(%s)", [appointment_id])
        found = [decrypt(text) if text else "" for text in rows[0]] if rows else []
        return dict(zip(MEDICAL_FIELDS, found, strict=True)) if found else dict.fromkeys(MEDICAL_FIELDS, "")
    record = MedicalRecord.objects.filter(pk=appointment_id).first()
    return {name: getattr(record, name, "") for name in MEDICAL_FIELDS}


def remembered(actor: Actor, person_id: UUID) -> dict[str, str]:
    """The background that an account holder told when they last booked for this person on the website, to be confirmed or
    changed with the next booking; what was left empty then is empty. Nothing for staff, whose reading would be noted.
    Call it while reading."""
    if actor.role != Role.PATIENT:
        return {}
    own = Appointment.objects.filter(
        account_id=actor.user_id, patient_id=person_id, booking_source=BookingSource.MANUAL
    )
    last = own.order_by("-created_at", "-id").values("pk")[:1]
    record = MedicalRecord.objects.filter(pk__in=last).first()
    return {name: text for name in BACKGROUND if (text := getattr(record, name, ""))}
