"""Storing a demo clinic: once, into a database without dentists, as the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction

from clinic.accounts.models import AccountRole, User
from clinic.core import db
from clinic.demo.copying import Table, joined
from clinic.demo.people import Person
from clinic.demo.sign_ins import PASSWORD, SIGN_INS
from clinic.notifications.quiet import keep_quiet
from clinic.patients.models import Patient, Relation
from dentists.models import Dentist

# One number for this one thing, so that two that load at once do not meet.
_LOADING = 7_203_200


@contextmanager
def once() -> Iterator[bool]:
    """A transaction of the owner's; says whether the database still has no dentist, so that a clinic may be loaded.

    No demo patient gets a mail for what is loaded in it.
    """
    with db.as_owner(), transaction.atomic(using=db.OWNER):
        db.value("SELECT pg_advisory_xact_lock(%s)", [_LOADING])
        keep_quiet()
        yield not Dentist.objects.exists()


def store_people(people: Sequence[Person]) -> None:
    """Stores people under their accounts; those who sign in have the demo's password, the others none that works."""
    User.objects.bulk_create(
        User(id=one.account, email=one.email, name=one.name, role=AccountRole.PATIENT, password=secret)
        for one, secret in _holders(people)
    )
    Patient.objects.bulk_create(
        Patient(
            id=one.id,
            account_id=one.account,
            relation=one.relation,
            name=one.name,
            email=one.email,
            phone=one.phone,
            birth_date=one.born,
        )
        for one in people
    )


def copy_people(people: Sequence[Person]) -> None:
    """The same for very many, into bare tables."""
    Table(User, ("id", "email", "name", "role", "password")).load(
        joined(one.account, one.email, one.name, AccountRole.PATIENT.value, secret) for one, secret in _holders(people)
    )
    Table(Patient, ("id", "account_id", "relation", "name", "email", "phone", "birth_date")).load(
        joined(one.id, one.account, one.relation.value, one.name, one.email, one.phone, one.born) for one in people
    )


def _holders(people: Sequence[Person]) -> Iterator[tuple[Person, str]]:
    """The account holders, and the hash of each one's password."""
    secrets = dict.fromkeys((one.email for one in SIGN_INS), make_password(PASSWORD))
    for one in people:
        if one.relation == Relation.SELF:
            yield one, secrets.get(one.email) or UNUSABLE_PASSWORD_PREFIX + one.id.hex
