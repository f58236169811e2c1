"""Whom a treatment is for."""

from __future__ import annotations

from uuid import UUID

from appointments.errors import BirthDateNeeded, KnownPatientsOnly, NewPatientsOnly, TooYoung
from clinic.core import db
from dentists.models import Admits, Treatment


def check(treatment: Treatment, person_id: UUID | None, age: int | None) -> None:
    """Whether somebody of this age (whole years, None when not known) may book the treatment; call it while reading.

    Whether they have been here before is not asked of somebody who is not known yet (`person_id` None): the booking itself
    finds out. Raises `BirthDateNeeded`, `TooYoung`, `NewPatientsOnly`, `KnownPatientsOnly`.
    """
    if treatment.minimum_age and age is None:
        raise BirthDateNeeded().about("birth_date")
    if treatment.minimum_age and age is not None and age < treatment.minimum_age:
        raise TooYoung().about("birth_date")
    if treatment.admits != Admits.EVERYONE and person_id is not None:
        known = bool(db.value("SELECT appointments_is_known(%s)", [person_id]))
        if treatment.admits == Admits.NEW and known:
            raise NewPatientsOnly().about("treatment")
        if treatment.admits == Admits.KNOWN and not known:
            raise KnownPatientsOnly().about("treatment")
