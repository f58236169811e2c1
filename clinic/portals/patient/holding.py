"""Holding a time, giving it back, and what there is instead when it is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from availability import reservations
from availability.catalogue import Offered, offered, offered_by
from availability.errors import SlotTaken
from availability.models import Reservation
from availability.queries import slots_on
from clinic.accounts.requests import caller, holder_secret, page, remember_holder
from clinic.core import clock, db
from clinic.core.errors import ClinicError, Impossible, Malformed, NotFound
from clinic.portals.patient.anybody import anybody_url
from clinic.portals.patient.finding import day_url
from clinic.portals.patient.trail import Trail, instant_of


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponseBase:
    """Holds the chosen slot and goes on to the details. A refusal stands at this address, so whoever comes to it anew is
    led to the beginning."""
    if request.method != "POST":
        return redirect("patient:dentists")
    secret = holder_secret(request)
    actor = caller(request).with_secret(secret)
    trail = Trail.of(request.POST)
    if trail is None:
        raise Malformed().about("start")
    try:
        held = reservations.reserve(actor, dentist=trail.dentist, treatment=trail.treatment, start=trail.start)
    except (SlotTaken, Impossible) as refusal:
        return _refused(request, refusal, trail)
    response = redirect(trail.book_url(held.id))
    remember_holder(response, secret)
    return response


def _refused(request: HttpRequest, refusal: ClinicError, trail: Trail) -> HttpResponseBase:
    """The slot cannot be held: why, and what is free near it."""
    with db.reading(caller(request)):
        message = "" if isinstance(refusal, SlotTaken) else refusal.message
        context = _instead(request, trail, refusal.details.get("alternatives")) | {"message": message}
        return page(request, "patient/slot_taken.html", context, status=refusal.status)


def _instead(request: HttpRequest, trail: Trail, at_dentist: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """What is free near a time that is gone: at its dentist (`at_dentist`, when that is known), or at anybody's where any
    dentist was meant."""
    actor = caller(request)
    what = offered_by(trail.dentist, trail.treatment, actor=actor)
    whose = None if trail.is_anybody else trail.dentist
    nearest = None if trail.is_anybody else at_dentist
    nearest = nearest or reservations.alternatives(actor, whose, trail.treatment, trail.start)
    return {
        "dentist": None if trail.is_anybody else what.dentist,
        "alternatives": choices(nearest, what, is_anybody=trail.is_anybody),
        "times_url": times_url(what, trail.start, is_anybody=trail.is_anybody),
    }


def times_url(what: Offered, start: datetime, *, is_anybody: bool) -> str:
    """The page from which a time was chosen, on its day."""
    day = clock.local(start).date()
    return anybody_url(what.treatment, day) if is_anybody else day_url(what, day)


def choices(nearest: list[dict[str, str]], what: Offered, *, is_anybody: bool = False) -> list[dict[str, Any]]:
    """Other times as a page lists them, each once, with where they are chosen."""
    starts = dict.fromkeys(datetime.fromisoformat(one["start"]) for one in nearest)
    return [{"start": start, "url": times_url(what, start, is_anybody=is_anybody)} for start in starts]


def gone(request: HttpRequest) -> HttpResponseBase:
    """The page of a hold that is not there any more: whether its time is still free, and one press that holds it again.

    Call it while reading."""
    trail = Trail.of(request.GET)
    context: dict[str, Any] = {}
    if trail is not None:
        try:
            what = offered_by(trail.dentist, trail.treatment, actor=caller(request))
            day = clock.local(trail.start).date()
            is_free = any(slot.start == trail.start for slot in slots_on(caller(request), what, day))
            context = {"start": trail.start, "fields": trail.fields, "what": what} if is_free else {}
            context |= _instead(request, trail) | {"is_free": is_free}
        except (NotFound, Impossible):
            context = {}
    return page(request, "patient/hold_gone.html", context, status=410)


@require_POST
def release(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    """Gives the slot back and returns to the times; what a page says as it is left gives it back in a few seconds."""
    actor = caller(request)
    if (expires_at := instant_of(request.POST.get("leaving", ""))) is not None:
        reservations.leave(actor, reservation_id, expires_at=expires_at)
        return HttpResponse(status=204)
    target = None
    with db.reading(actor):
        held = Reservation.objects.select_related("dentist", "treatment").filter(
            pk=reservation_id, holder__in=actor.holders
        ).first()  # fmt: skip
        if held is not None:
            what = offered(held.dentist, held.treatment, actor=actor)
            target = times_url(what, held.starts_at, is_anybody=bool(request.POST.get("any")))
    reservations.release(actor, reservation_id)
    return redirect(target or "patient:dentists")
