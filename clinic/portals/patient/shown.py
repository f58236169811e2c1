"""One visit on a page: who may see it, what may be done with it now, and where that is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from appointments import links, moving, policies, transitions
from appointments.models import Appointment, Status
from appointments.queries import visit_for
from availability.catalogue import Offered
from availability.slots import Visit
from clinic.accounts.requests import caller
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.errors import NotFound, NotSignedIn
from clinic.core.models import ClinicSettings


def open_visit(request: HttpRequest, *, token: str | None, visit_id: UUID | None) -> UUID:
    """The visit of a path, by its private link or under the caller's account; notes a shown link on the caller.

    Raises `NotFound` for a link that we did not make, `NotSignedIn` for a path that needs an account.
    """
    if token is not None:
        found = links.visit_of(token)
        if found is None:
            raise NotFound()
        request.actor = caller(request).with_visit(found)  # type: ignore[attr-defined]  # ours
        return found
    if caller(request).is_anonymous:
        raise NotSignedIn()
    if visit_id is None:
        raise NotFound()
    return visit_id


def owned_visit(actor: Actor, visit_id: UUID) -> Appointment:
    """The caller's own visit; one that they only run as staff belongs to another portal."""
    visit = visit_for(actor, visit_id)
    if not policies.owns(actor, visit):
        raise NotFound()
    return visit


def url_of(name: str, *, token: str | None, visit_id: UUID) -> str:
    """The address of a visit's page, `move`, `cancel` or `calendar`, by the way on which the visit was opened; with a private
    link also `again`."""
    if token is not None:
        return reverse(f"patient:visit-{name}" if name else "patient:visit", args=[token])
    return reverse(f"patient:own-visit-{name}" if name else "patient:own-visit", args=[visit_id])


@dataclass(frozen=True, slots=True)
class Options:
    """What can be done with a visit now; `until` are the last instants for patients."""

    may_move: bool
    may_cancel: bool
    move_until: datetime
    cancel_until: datetime
    is_over: bool


def closed(visit: Appointment) -> bool:
    """Whether nothing is left to be moved or cancelled: its own page says what became of it."""
    return visit.status not in (Status.PENDING, Status.CONFIRMED)


def _is_still_offered(visit: Appointment) -> bool:
    """Whether the dentist still takes visits, and the practice knows what was booked."""
    return visit.dentist is not None and visit.dentist.is_active and visit.treatment_id is not None


def options(visit: Appointment) -> Options:
    settings, now = ClinicSettings.current(), clock.now()
    open_still = not closed(visit) and visit.starts_at > now
    move_until, cancel_until = moving.move_until(visit, settings), transitions.cancel_until(visit, settings)
    return Options(
        may_move=open_still and now <= move_until and _is_still_offered(visit),
        may_cancel=open_still and now <= cancel_until,
        move_until=move_until,
        cancel_until=cancel_until,
        is_over=visit.ends_at <= now,
    )


def as_booked(visit: Appointment) -> Offered:
    """The visit as something to place again: its own length, buffers and price. Raises `NotFound` without a dentist."""
    if visit.dentist is None or visit.treatment is None:
        raise NotFound()
    length = Visit(
        visit.ends_at - visit.starts_at,
        timedelta(minutes=visit.buffer_before_minutes),
        timedelta(minutes=visit.buffer_after_minutes),
    )
    return Offered(visit.dentist, visit.treatment, length, visit.payment_amount)


def again_url(visit: Appointment, *, by_account: bool = False) -> str | None:
    """Where the same is booked once more, None where that cannot be. For the same person where the visit was opened under
    its account."""
    if visit.dentist is None or not visit.dentist.is_active or visit.treatment is None:
        return None
    if not (visit.treatment.is_active and visit.treatment.bookable_online):
        return None
    query = {"treatment": visit.treatment.slug} | ({"for": str(visit.patient_id)} if by_account else {})
    return f"{reverse('patient:dentist', args=[visit.dentist.slug])}?{urlencode(query)}#times"


def context_of(visit: Appointment, *, token: str | None) -> dict[str, Any]:
    """What the page of a visit needs beside the visit."""

    def url(name: str) -> str:
        return url_of(name, token=token, visit_id=visit.pk)

    again = again_url(visit, by_account=token is None)
    return {
        "appointment": visit,
        "options": options(visit),
        "visit_url": url(""),
        "move_url": url("move"),
        "cancel_url": url("cancel"),
        "calendar_url": url("calendar"),
        "again_url": again if token is None or again is None else url("again"),
        "token": token,
    }
