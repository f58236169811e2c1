"""Who could see a patient instead, at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from appointments.models import Appointment
from availability.schedules import schedules
from availability.slots import Busy
from clinic.core import clock
from clinic.portals.staff.free_time import is_free, place_of
from dentists.models import Dentist, Offer


def free_colleagues(visits: Sequence[Appointment]) -> dict[UUID, list[Dentist]]:
    """By visit, the dentists who offer its treatment, work at its time and are free, by name. Two queries, however many
    visits there are; call it while reading."""
    if not visits:
        return {}
    by_treatment: dict[UUID, list[Dentist]] = defaultdict(list)
    treatments = {visit.treatment_id for visit in visits}
    offers = Offer.objects.filter(treatment__in=treatments, dentist__is_active=True).select_related("dentist")
    for offer in offers.order_by("dentist__name", "dentist_id"):
        by_treatment[offer.treatment_id].append(offer.dentist)
    everybody = {one.pk for dentists in by_treatment.values() for one in dentists}
    days = [clock.local(visit.starts_at).date() for visit in visits]
    found = schedules(everybody, min(days), max(days))
    free: dict[UUID, list[Dentist]] = {}
    for visit, day in zip(visits, days, strict=True):
        where = place_of(visit)
        known = by_treatment[visit.treatment_id] if visit.treatment_id else []
        free[visit.pk] = [one for one in known if one.pk != visit.dentist_id and is_free(found[one.pk], day, where)]
    return free


def shared_out(visits: Sequence[Appointment], free: dict[UUID, list[Dentist]]) -> dict[UUID, UUID]:
    """By visit, a colleague for each that can have one, so that nobody gets two at once: whoever has the fewest so far."""
    given: dict[UUID, list[Busy]] = defaultdict(list)
    result: dict[UUID, UUID] = {}
    # Those with the least choice choose first.
    for visit in sorted(visits, key=lambda one: (len(free[one.pk]), one.starts_at)):
        where = place_of(visit)
        able = [
            one
            for one in free[visit.pk]
            if not any(row.start < where.busy_until and where.busy_from < row.end for row in given[one.pk])
        ]
        if able:
            chosen = min(able, key=lambda one: (len(given[one.pk]), one.name, str(one.pk)))
            given[chosen.pk].append(Busy(where.busy_from, where.busy_until))
            result[visit.pk] = chosen.pk
    return result
