"""One request that may both correct and move a visit: all of it happens, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from appointments import editing, moving
from appointments.api.asking import start_of
from appointments.errors import StatusBySteps, TreatmentStays
from appointments.models import MEDICAL_FIELDS, Appointment
from appointments.queries import visit_for
from clinic.core import clock, db
from clinic.core.actor import Actor


def change(actor: Actor, visit_id: UUID, *, given: Mapping[str, Any]) -> Appointment:
    """What `EditInput` holds, done by the verbs. Raises what `editing.edit` and `moving.reschedule` raise, and
    `StatusBySteps`, `TreatmentStays`."""
    with db.enclosing(actor) if db.acting() is None else db.savepoint():
        visit = visit_for(actor, visit_id)
        if given.get("status", visit.status) != visit.status:
            raise StatusBySteps().about("status")
        _same_treatment(visit, given.get("treatment"))
        contact = {name: given[name] for name in editing.CONTACT_FIELDS if name in given}
        texts = {name: given[name] for name in MEDICAL_FIELDS if name in given}
        if contact or texts:
            visit = editing.edit(actor, visit_id, contact=contact, texts=texts)
        start, dentist = _start(visit, given), given.get("dentist_id") or None
        if start is not None or dentist is not None:
            visit = moving.reschedule(
                actor,
                visit_id,
                start=start or visit.starts_at,
                dentist=dentist,
                outside_rules=given.get("outside_rules", False),
            )
        return visit


def _same_treatment(visit: Appointment, wanted: str | None) -> None:
    if wanted is None:
        return
    names = {str(visit.treatment_id), visit.treatment_name.casefold()}
    if visit.treatment is not None:
        names |= {visit.treatment.slug, visit.treatment.name.casefold()}
    if wanted.strip().casefold() not in names:
        raise TreatmentStays().about("treatment")


def _start(visit: Appointment, given: Mapping[str, Any]) -> datetime | None:
    """When the visit is to be, None when that stays: of date and time what is not given stays."""
    day, wall = given.get("appointment_date"), given.get("appointment_time")
    if day is None and wall is None:
        return None
    here = clock.local(visit.starts_at)
    start = start_of(day or here.date().isoformat(), wall or here.time())
    return None if start == visit.starts_at else start
