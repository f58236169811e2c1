"""Reading dentists and treatments."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from clinic.core.actor import Actor, Role
from clinic.core.errors import NotFound
from dentists.models import Dentist, Offer, Treatment


def with_offers() -> QuerySet[Dentist]:
    """Dentists, each with `offered`: the active treatments that they offer, by name."""
    offers = Offer.objects.filter(treatment__is_active=True).select_related("treatment")
    return Dentist.objects.prefetch_related(
        Prefetch("offers", offers.order_by("treatment__name", "id"), to_attr="offered")
    )


def dentists_for(actor: Actor) -> QuerySet[Dentist]:
    """The dentists that this caller may find, `with_offers`: admins all, everybody else those who take bookings."""
    return with_offers() if actor.role == Role.ADMIN else with_offers().filter(is_active=True)


def dentist_for(actor: Actor, key: UUID | str) -> Dentist:
    """One of them, by id or by the address of the page. Raises `NotFound`."""
    found = dentists_for(actor).filter(**_by(key)).first()
    if found is None:
        raise NotFound()
    return found


def treatments_for(actor: Actor) -> QuerySet[Treatment]:
    """The treatments of the clinic that are on offer."""
    return Treatment.objects.filter(is_active=True)


def treatment_for(actor: Actor, key: UUID | str) -> Treatment:
    """One of them, by id or short name. Raises `NotFound`."""
    found = treatments_for(actor).filter(**_by(key)).first()
    if found is None:
        raise NotFound()
    return found


def _by(key: UUID | str) -> dict[str, UUID | str]:
    try:
        return {"pk": key if isinstance(key, UUID) else UUID(key)}
    except ValueError:
        return {"slug": str(key).lower()}
