"""What is to be placed: a dentist's treatment with its own duration, price and buffers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import LiteralString, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from availability.errors import NoSuchDentist, NoSuchTreatment, NotBookableOnline, WrongTreatment
from availability.slots import Visit
from clinic.core.actor import Actor
from clinic.core.instances import joined
from clinic.core.texts import is_storable
from dentists.models import Dentist, Offer, Treatment

Row = TypeVar("Row", bound=Model)
_PARTS = (("o", Offer), ("d", Dentist), ("t", Treatment))
_TABLES: LiteralString = (
    "dentists_offer o JOIN dentists_dentist d ON d.id = o.dentist_id JOIN dentists_treatment t ON t.id = o.treatment_id"
)
_WHERE: dict[tuple[str, str], LiteralString] = {
    ("id", "id"): _TABLES + " WHERE d.id = %s AND t.id = %s",
    ("id", "slug"): _TABLES + " WHERE d.id = %s AND t.slug = %s",
    ("slug", "id"): _TABLES + " WHERE d.slug = %s AND t.id = %s",
    ("slug", "slug"): _TABLES + " WHERE d.slug = %s AND t.slug = %s",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A treatment as one dentist offers it; `price` in the clinic's currency."""

    dentist: Dentist
    treatment: Treatment
    visit: Visit
    price: Decimal

    @property
    def duration(self) -> timedelta:
        return self.visit.duration


def dentist_of(key: UUID | str) -> Dentist:
    """The dentist with this id or slug, when they take bookings. Raises `NoSuchDentist`."""
    dentist = _by_key(Dentist.objects.all(), key)
    if dentist is None or not dentist.is_active:
        raise NoSuchDentist().about("dentist_id")
    return dentist


def treatment_of(key: UUID | str) -> Treatment:
    """The active treatment with this id, slug or name. Raises `NoSuchTreatment`."""
    treatment = _by_key(Treatment.objects.all(), key)
    if treatment is None and isinstance(key, str) and is_storable(key):
        treatment = Treatment.objects.filter(name__iexact=key.strip()).order_by("name").first()
    if treatment is None or not treatment.is_active:
        raise NoSuchTreatment().about("treatment")
    return treatment


def _by_key(rows: QuerySet[Row], key: UUID | str) -> Row | None:
    column = _key(key)
    return rows.filter(**dict([column])).first() if column else None


def offered(dentist: Dentist, treatment: Treatment, *, actor: Actor) -> Offered:
    """The treatment as this dentist offers it to this caller.

    Raises `WrongTreatment` when the dentist does not offer it, `NotBookableOnline` when only staff may book it.
    """
    offer = Offer.objects.filter(dentist=dentist, treatment=treatment).first()
    if offer is None:
        raise WrongTreatment().about("treatment")
    offer.dentist, offer.treatment = dentist, treatment
    if not treatment.bookable_online and not actor.is_staff:
        raise NotBookableOnline().about("treatment")
    return as_offered(offer)


def offered_by(dentist: UUID | str, treatment: UUID | str, *, actor: Actor) -> Offered:
    """`offered` for a dentist and a treatment given by id or slug (a treatment by its name as well): one statement.

    Raises what `dentist_of`, `treatment_of` and `offered` raise.
    """
    who, what = _key(dentist), _key(treatment)
    found = joined(_PARTS, _WHERE[who[0], what[0]], [who[1], what[1]]) if who and what else ()
    for offer, offer.dentist, offer.treatment in found:
        if offer.dentist.is_active and offer.treatment.is_active:
            if not offer.treatment.bookable_online and not actor.is_staff:
                break
            return as_offered(offer)
    # Step by step, to say what is wrong.
    return offered(dentist_of(dentist), treatment_of(treatment), actor=actor)


def _key(key: UUID | str) -> tuple[str, UUID | str] | None:
    """The column that a key belongs to, and its value there; None for what no row can have."""
    if isinstance(key, UUID):
        return "id", key
    if not is_storable(key) or len(key) > 140:
        return None
    try:
        return "id", UUID(key)
    except ValueError:
        return "slug", key.strip().lower()


def as_offered(offer: Offer) -> Offered:
    treatment = offer.treatment
    visit = Visit(
        offer.duration,
        timedelta(minutes=treatment.buffer_before_minutes),
        timedelta(minutes=treatment.buffer_after_minutes),
    )
    return Offered(offer.dentist, treatment, visit, offer.amount)


def offers_of(treatment: Treatment, *, actor: Actor, dentists: Collection[UUID] | None = None) -> list[Offered]:
    """Everybody active who offers the treatment, by name; of these dentists only, when given.

    Raises `NotBookableOnline` when only staff may book it.
    """
    if not treatment.bookable_online and not actor.is_staff:
        raise NotBookableOnline().about("treatment")
    found = Offer.objects.filter(treatment=treatment, dentist__is_active=True).select_related("dentist")
    if dentists is not None:
        found = found.filter(dentist__in=dentists)
    offers = list(found.order_by("dentist__name", "dentist_id"))
    for offer in offers:
        offer.treatment = treatment
    return [as_offered(offer) for offer in offers]
