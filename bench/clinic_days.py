"""Where a large clinic has something to book: its dentists, treatments, working days, free slots."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connections

from availability.catalogue import Offered, as_offered
from availability.queries import search
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from dentists.models import Offer

CHANCE = 20_261_121  # every run draws the same


def shortest_offers() -> list[Offered]:
    """Each dentist's shortest treatment that anybody may book online, by the dentist's name."""
    with db.reading(ANONYMOUS):
        rows = Offer.objects.filter(
            dentist__is_active=True, treatment__is_active=True, treatment__bookable_online=True,
            treatment__admits="everyone", treatment__minimum_age=0,
        ).select_related("dentist", "treatment")  # fmt: skip
        shortest: dict[str, Offer] = {}
        for offer in rows.order_by("dentist__name", "dentist_id", "treatment__name"):
            key = str(offer.dentist_id)
            if key not in shortest or offer.minutes < shortest[key].minutes:
                shortest[key] = offer
    return [as_offered(offer) for offer in shortest.values()]


def dentists_and_days(offers: list[Offered], count: int, *, within: int = 60) -> list[tuple[Offered, date]]:
    """So many pairs of an offer and a coming weekday, drawn at random."""
    chance, today = random.Random(CHANCE), clock.today()
    days = [day for n in range(1, within) if (day := today + timedelta(days=n)).weekday() < 5]
    return [(chance.choice(offers), chance.choice(days)) for _ in range(count)]


def apart(offers: list[Offered], first: date, days: int) -> Iterator[tuple[Offered, str]]:
    """Free slots that do not take each other's time: the offer, and the start in ISO 8601; day by day over all dentists."""
    for day in range(days):
        with db.reading(ANONYMOUS):
            found = list(search(ANONYMOUS, offers, first + timedelta(days=day), 1))
        connections.close_all()  # whatever thread asks for the next day, it keeps none
        until: dict[object, object] = {}
        for one in found:
            visit, key = one.offered.visit, one.offered.dentist.pk
            begin, end = one.start - visit.buffer_before, one.slot.end + visit.buffer_after
            if key not in until or begin >= until[key]:  # type: ignore[operator]  # both are instants
                until[key] = end
                yield one.offered, one.start.isoformat()
