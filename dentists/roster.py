"""Who works here: adding, changing and removing dentists, and what each of them offers.

The login is the database's business: it comes, follows and goes with the row (see `sql/0001_policies.sql`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.errors import Malformed, NotAllowed, NotFound
from dentists.errors import AccountNotFree
from dentists.forms import page_address
from dentists.models import Dentist, Offer
from dentists.queries import treatment_for, with_offers

# What a dentist may say of themselves; the rest is the practice's business, and the database agrees.
OWN_FIELDS = ("title", "specializations", "languages", "bio", "practising_since")
FIELDS = ("name", "email", "slug", "tone", "is_active", *OWN_FIELDS)


@dataclass(frozen=True, slots=True)
class Offering:
    """A treatment that a dentist offers; minutes and price only where they differ from the treatment's own."""

    treatment: str
    duration_minutes: int | None = None
    price: Decimal | None = None


def add(actor: Actor, values: Mapping[str, Any], *, password: str = "", offers: Sequence[Offering] = ()) -> Dentist:
    """A new dentist, who can sign in at once: with this password, or with one that is set later.

    Without a `slug` the page's address follows from the name. Raises `NotAllowed`, `Malformed`, `DentistKnown`,
    `AddressTaken`, `AccountNotFree`.
    """
    _only_admins(actor)
    if password:
        try:
            validate_password(password, User(email=values["email"], name=values["name"]))
        except ValidationError as error:
            raise Malformed(fields={"password": error.messages}) from error
    with db.transaction(actor):
        dentist = Dentist(**{name: values[name] for name in FIELDS if name in values})
        dentist.email = dentist.email.strip().lower()
        dentist.slug = dentist.slug or _free_address(dentist.name)
        dentist.save(force_insert=True)
        if password:
            account = User.objects.get(dentist_id=dentist.pk)
            with hashing():
                account.set_password(password)
            account.save(update_fields=["password"])
        _set_offers(actor, dentist, offers)
        return with_offers().get(pk=dentist.pk)


def change(
    actor: Actor, dentist_id: UUID, values: Mapping[str, Any], *, offers: Sequence[Offering] | None = None
) -> Dentist:
    """Changes what is given, and replaces the offers when they are. Admins change everything, dentists `OWN_FIELDS` and
    the offers of themselves. Raises as `add` does, and `NotFound`."""
    own = actor.role == Role.DENTIST and actor.dentist_id == dentist_id
    if not own:
        _only_admins(actor)
    if own and (foreign := [name for name in values if name not in OWN_FIELDS]):
        raise NotAllowed().about(foreign[0])
    try:
        with db.transaction(actor):
            dentist = Dentist.objects.filter(pk=dentist_id).first()
            if dentist is None:
                raise NotFound()
            names = [name for name in FIELDS if name in values]
            for name in names:
                setattr(dentist, name, values[name])
            dentist.email = dentist.email.strip().lower()
            if names:
                dentist.save(update_fields=names)
            if offers is not None:
                _set_offers(actor, dentist, offers)
            return with_offers().get(pk=dentist_id)
    except IntegrityError as error:
        # The account follows the email, and another account has it.
        if isinstance(error.__cause__, psycopg.Error) and error.__cause__.diag.constraint_name == "user_email":
            raise AccountNotFree().about("email") from error
        raise


def remove(actor: Actor, dentist_id: UUID) -> None:
    """Takes a dentist away, and with them the login, hours, holds and offers; visits to come are cancelled, past ones
    stay. Raises `NotAllowed` and `NotFound`."""
    _only_admins(actor)
    with db.transaction(actor):
        # One statement, whose consequences are the database's, as in admin.
        if db.value("DELETE FROM dentists_dentist WHERE id = %s RETURNING id", [dentist_id]) is None:
            raise NotFound()


def _only_admins(actor: Actor) -> None:
    if actor.role != Role.ADMIN:
        raise NotAllowed()


def _free_address(name: str) -> str:
    address = page_address(name)
    if not address:
        raise Malformed().about("slug")
    taken = set(Dentist.objects.filter(slug__startswith=address).values_list("slug", flat=True))
    numbered = (f"{address[:130]}-{number}" for number in range(2, len(taken) + 3))
    return address if address not in taken else next(one for one in numbered if one not in taken)


def _set_offers(actor: Actor, dentist: Dentist, offers: Sequence[Offering]) -> None:
    wanted: dict[UUID, Offering] = {}
    for one in offers:
        try:
            wanted[treatment_for(actor, one.treatment).pk] = one
        except NotFound as unknown:
            raise Malformed(unknown.message).about("treatments") from unknown
    # Nobody can have named a treatment that is switched off, so that its offer waits for it.
    Offer.objects.filter(dentist=dentist, treatment__is_active=True).exclude(treatment__in=wanted).delete()
    for treatment_id, one in wanted.items():
        given = {"duration_minutes": one.duration_minutes, "price": one.price}
        Offer.objects.update_or_create(dentist=dentist, treatment_id=treatment_id, defaults=given)
