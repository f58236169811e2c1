"""The law of taken time, checked in plain Python over what is stored, with nothing of the database's own checking."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from appointments.models import ACTIVE, Appointment
from availability.models import Occupancy, Reservation
from clinic.core import db

Span = tuple[datetime, datetime]


def faults() -> list[str]:
    """What is stored against the law; empty when all is well."""
    with db.as_owner():
        visits = list(Appointment.objects.filter(status__in=ACTIVE, dentist__isnull=False))
        holds = list(Reservation.objects.all())
        taken = {row.source_id: row for row in Occupancy.objects.all()}
    found = _overlaps("dentist", [(visit.dentist_id, _with_buffers(visit), visit) for visit in visits])
    found += _overlaps("person", [(visit.patient_id, (visit.starts_at, visit.ends_at), visit) for visit in visits])
    found += _overlaps("hold", [(hold.dentist_id, (hold.busy_from, hold.busy_until), hold) for hold in holds])
    for visit in visits:
        for hold in holds:
            if visit.dentist_id == hold.dentist_id and _meet(_with_buffers(visit), (hold.busy_from, hold.busy_until)):
                found.append(f"visit {visit} stands in a hold")
    expected: dict[Any, tuple[Any, ...]] = {}
    for visit in visits:
        bare = (visit.starts_at, visit.ends_at)
        expected[visit.pk] = ("visit", visit.dentist_id, visit.patient_id, *_with_buffers(visit), *bare, "", None)
    for hold in holds:
        spans = (hold.busy_from, hold.busy_until, hold.starts_at, hold.ends_at)
        expected[hold.pk] = ("hold", hold.dentist_id, None, *spans, hold.holder, hold.expires_at)
    stored = {
        key: (row.kind, row.dentist_id, row.person_id, row.starts_at, row.ends_at,
              row.visit_starts_at, row.visit_ends_at, row.holder, row.expires_at)
        for key, row in taken.items()
    }  # fmt: skip
    found += [f"{key} takes no time" for key in expected.keys() - stored.keys()]
    found += [f"{stored[key][0]} {key} is stray" for key in stored.keys() - expected.keys()]
    found += [f"{key} takes {stored[key]} instead of {expected[key]}"
              for key in expected.keys() & stored.keys() if expected[key] != stored[key]]  # fmt: skip
    return found


def stored_visits() -> dict[Any, Appointment]:
    """Every visit that holds its time, by its id."""
    with db.as_owner():
        return {visit.pk: visit for visit in Appointment.objects.filter(status__in=ACTIVE)}


def _with_buffers(visit: Appointment) -> Span:
    before, after = timedelta(minutes=visit.buffer_before_minutes), timedelta(minutes=visit.buffer_after_minutes)
    return visit.starts_at - before, visit.ends_at + after


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _overlaps(of: str, taken: list[tuple[Any, Span, Any]]) -> list[str]:
    return [
        f"{of}: {one[2]} overlaps {other[2]}"
        for one, other in combinations(taken, 2)
        if one[0] == other[0] and _meet(one[1], other[1])
    ]
