"""Who a visit is for, as somebody typed it: checked once, for every way in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.errors import BadContact
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotFound
from clinic.core.texts import is_name
from clinic.patients import phones
from clinic.patients.models import Patient, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The person who comes. `patient_id` names one that the caller may see; else the caller's own or a guest is meant."""

    name: str
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    patient_id: UUID | None = None


def checked(actor: Actor, contact: Contact) -> Contact:
    """The contact in its stored form: trimmed, email in lower case, phone in E.164.

    Staff may leave email and phone out. Raises `BadContact` with a text for each field.
    """
    problems: dict[str, list[str | Promise]] = {}
    name = " ".join(contact.name.split())
    if not is_name(name):
        problems["patient_name"] = [_("Please give a name of up to 120 letters.")]
    email = contact.email.strip().lower()
    if email or not actor.is_staff:
        try:
            validate_email(email)
            if len(email) > 254:
                raise ValidationError("")
        except ValidationError:
            problems["patient_email"] = [_("Please give an email address such as name@example.org.")]
    phone = contact.phone.strip()
    if phone or not actor.is_staff:
        parsed = phones.parsed(phone)
        if parsed is None:
            problems["patient_phone"] = [_("Please give a phone number with its area code.")]
        else:
            phone = parsed
    if contact.birth_date is not None and not date(1900, 1, 1) <= contact.birth_date <= clock.today():
        problems["birth_date"] = [_("Please give a date of birth in the past.")]
    if problems:
        raise BadContact(fields=problems)
    return Contact(name=name, email=email, phone=phone, birth_date=contact.birth_date, patient_id=contact.patient_id)


def person_for(actor: Actor, contact: Contact) -> Patient:
    """The person of a checked contact, made when new; inside the booking's transaction.

    An account holder books for a person under the account: the one named, or the one of this name, or themselves when
    there is nobody yet. Staff and anonymous callers book for the guest of this name, email and birth date, or the
    person they name. Raises `NotFound` for somebody else's person.
    """
    if contact.patient_id is not None:
        # Without an account nobody sees people, so the database would refuse the very question.
        sees = actor.role not in (Role.ANONYMOUS, Role.BOT)
        found = Patient.objects.filter(pk=contact.patient_id).first() if sees else None
        if found is None:
            raise NotFound().about("patient_id")
        return found
    if actor.role == Role.PATIENT and actor.user_id is not None:
        return _under_account(actor.user_id, contact)
    guest = db.value(
        "SELECT patients_guest(%s, %s, %s, %s, %s)",
        [uuid.uuid4(), contact.name, contact.email, contact.phone, contact.birth_date],
    )
    return Patient(pk=guest, name=contact.name, email=contact.email, phone=contact.phone, birth_date=contact.birth_date)


def _under_account(account_id: UUID, contact: Contact) -> Patient:
    # Two bookings of one account at once would both make the person that they are for.
    db.value("SELECT availability_lock_person(%s)", [account_id])
    own = list(Patient.objects.filter(account_id=account_id).order_by("created_at", "id"))
    for person in own:
        if person.name.casefold() == contact.name.casefold() and (
            contact.birth_date is None or person.birth_date in (None, contact.birth_date)
        ):
            if person.birth_date is None and contact.birth_date is not None:
                person.birth_date = contact.birth_date
                person.save(update_fields=["birth_date"])
            return person
    relation = Relation.OTHER if any(person.relation == Relation.SELF for person in own) else Relation.SELF
    person = Patient(
        account_id=account_id,
        relation=relation,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        birth_date=contact.birth_date,
    )
    person.save(force_insert=True)
    return person
