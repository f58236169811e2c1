"""What account holders say of themselves: their name, and how and since when they are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import Malformed, NotAllowed, NotSignedIn
from clinic.patients import phones
from clinic.patients.models import Patient, Relation

BORN_AFTER = date(1900, 1, 1)


def own_account(actor: Actor) -> User:
    """The caller's account as it is stored. Raises `NotSignedIn`."""
    if actor.user_id is None:
        raise NotSignedIn()
    return User.objects.get(pk=actor.user_id)


def own_person(actor: Actor) -> Patient | None:
    """The caller as a patient, once there is such a person; call it inside a transaction."""
    if actor.user_id is None or actor.role == Role.BOT:
        return None
    return Patient.objects.filter(account_id=actor.user_id, relation=Relation.SELF).first()


def change_own(actor: Actor, changes: Mapping[str, Any]) -> None:
    """Changes the account's `name`, and `phone` and `birth_date` of the person who holds it, whichever are given.

    The person is made when there is something to keep. A dentist's name is led by the dentist's own row, which admins
    change. Raises `Malformed` with the field, and `NotAllowed`.
    """
    told = {name: changes[name] for name in ("phone", "birth_date") if name in changes}
    if told.get("phone"):
        told["phone"] = phones.parsed(told["phone"])
        if told["phone"] is None:
            raise Malformed(fields={"phone": [_("Please give a phone number with its area code.")]})
    if told.get("birth_date") is not None and not BORN_AFTER <= told["birth_date"] <= clock.today():
        raise Malformed(fields={"birth_date": [_("Please give a date of birth in the past.")]})
    with db.transaction(actor):
        account = own_account(actor)
        name = changes.get("name", account.name)
        if name != account.name:
            if actor.role in (Role.DENTIST, Role.BOT):
                raise NotAllowed().about("name")
            User.objects.filter(pk=account.pk).update(name=name)
        person = own_person(actor)
        if person is None:
            if not any(told.values()):
                return
            if actor.role == Role.BOT:
                raise NotAllowed().about(next(iter(told)))
            person = Patient(account_id=account.pk, relation=Relation.SELF, email=account.email)
        person.name = name
        for field, value in told.items():
            setattr(person, field, value)
        person.save()
