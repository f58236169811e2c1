"""The people under an account: oneself, children, whoever one books for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed, NotFound, NotSignedIn
from clinic.core.texts import is_name
from clinic.patients.errors import AlreadyListed, BadPerson, HasVisits, TooManyPeople
from clinic.patients.models import Patient, Relation

MANY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the account holder says of a person."""

    name: str
    birth_date: date | None = None
    relation: str = Relation.CHILD


def people_of(actor: Actor) -> list[Patient]:
    """Everybody under the caller's account, oneself first; call it while reading."""
    own = Patient.objects.filter(account_id=actor.user_id) if _may_have_people(actor) else Patient.objects.none()
    return sorted(own, key=lambda person: (person.relation != Relation.SELF, person.name.casefold()))


def person_of(actor: Actor, person_id: UUID) -> Patient:
    """One of them; raises `NotFound`, also for somebody else's."""
    own = Patient.objects.filter(pk=person_id, account_id=actor.user_id) if _may_have_people(actor) else None
    found = own.first() if own is not None else None
    if found is None:
        raise NotFound()
    return found


def _may_have_people(actor: Actor) -> bool:
    """Everybody with an account but a program's: the database would refuse the very question."""
    return actor.user_id is not None and actor.role != Role.BOT


def add_person(actor: Actor, details: Details) -> Patient:
    """Puts a person under the caller's account. Raises `BadPerson`, `AlreadyListed`, `TooManyPeople`, `NotAllowed`."""
    if actor.user_id is None:
        raise NotSignedIn()
    if not _may_have_people(actor):
        raise NotAllowed()
    clean = _checked(details)
    with db.transaction(actor):
        # One after the other, so that neither the limit nor a name is passed by two at once.
        db.value("SELECT pg_advisory_xact_lock(72036, hashtext(%s))", [str(actor.user_id)])
        known = list(Patient.objects.filter(account_id=actor.user_id))
        if len(known) >= MANY:
            raise TooManyPeople()
        if any(_same(person, clean) for person in known):
            raise AlreadyListed().about("name")
        person = Patient(
            account_id=actor.user_id, name=clean.name, birth_date=clean.birth_date, relation=clean.relation
        )
        person.save(force_insert=True)
        return person


def change_person(actor: Actor, person_id: UUID, details: Details) -> Patient:
    """Corrects a person's name, birth date or relation; visits keep the name they were booked under."""
    clean = _checked(details)
    with db.transaction(actor):
        person = person_of(actor, person_id)
        person.name, person.birth_date, person.relation = clean.name, clean.birth_date, clean.relation
        person.save(update_fields=["name", "birth_date", "relation"])
        return person


def remove_person(actor: Actor, person_id: UUID) -> None:
    """Takes a person off the account. Raises `HasVisits` for one who was or will be here, and `NotFound`."""
    with db.transaction(actor):
        person_of(actor, person_id)
        try:
            db.value("DELETE FROM patients_patient WHERE id = %s RETURNING id", [person_id])
            # Now, not at the commit: there the same refusal would mean that the account itself has just been erased.
            db.connection().check_constraints()
        except IntegrityError as error:
            raise HasVisits() from error


def _same(person: Patient, details: Details) -> bool:
    return person.name.casefold() == details.name.casefold() and person.birth_date == details.birth_date


def _checked(details: Details) -> Details:
    problems: dict[str, list[str | Promise]] = {}
    name = " ".join(details.name.split())
    if not is_name(name):
        problems["name"] = [_("Please give a name of up to 120 letters.")]
    if details.birth_date is not None and not date(1900, 1, 1) <= details.birth_date <= clock.today():
        problems["birth_date"] = [_("Please give a date of birth in the past.")]
    if details.relation not in Relation.values or details.relation == Relation.GUEST:
        problems["relation"] = [_("Please choose one of these.")]
    if problems:
        raise BadPerson(fields=problems)
    return Details(name=name, birth_date=details.birth_date, relation=details.relation)
