"""From a free time to a confirmed visit: hold, details, confirmation. Every step is a plain form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from appointments import booking
from availability import reservations
from availability.catalogue import Offered, dentist_of, offered, offered_by, treatment_of
from availability.errors import HoldExpired, SlotTaken
from availability.models import Reservation
from clinic.accounts.requests import caller, holder_secret, page, remember_holder
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError, Impossible, Malformed, NotFound
from clinic.core.idempotency import Answer, fingerprint, once
from clinic.patients.models import Patient
from clinic.patients.people import people_of
from clinic.portals.patient.finding import day_url
from clinic.portals.patient.forms import BookingForm


@require_POST
def hold(request: HttpRequest) -> HttpResponseBase:
    """Holds the chosen slot and goes on to the details."""
    secret = holder_secret(request)
    actor = caller(request).with_secret(secret)
    dentist, treatment = request.POST.get("dentist", ""), request.POST.get("treatment", "")
    start = instant_of(request.POST.get("start", ""))
    if start is None or not dentist or not treatment:
        raise Malformed().about("start")
    try:
        held = reservations.reserve(actor, dentist=dentist, treatment=treatment, start=start)
    except (SlotTaken, Impossible) as refusal:
        return _refused(request, refusal, dentist, treatment, start)
    response = redirect("patient:book", held.id)
    remember_holder(response, secret)
    return response


def instant_of(text: str) -> datetime | None:
    """The instant that a form sent, None for what is none or has no offset."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not 1970 <= found.year <= 2200:
        return None
    return found


def _refused(
    request: HttpRequest, refusal: ClinicError, dentist: str, treatment: str, start: datetime
) -> HttpResponseBase:
    """The slot cannot be held: why, and what is free near it."""
    with db.reading(caller(request)):
        what = offered_by(dentist, treatment, actor=caller(request))
        nearest = refusal.details.get("alternatives") or reservations.alternatives(
            caller(request), dentist, treatment, start
        )
        message = "" if isinstance(refusal, SlotTaken) else refusal.message
        context = {"dentist": what.dentist, "alternatives": _choices(nearest, what), "message": message}
        return page(request, "patient/slot_taken.html", context, status=refusal.status)


def _choices(nearest: list[dict[str, str]], what: Offered) -> list[dict[str, Any]]:
    starts = [datetime.fromisoformat(one["start"]) for one in nearest]
    return [{"start": start, "url": day_url(what, clock.local(start).date())} for start in starts]


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    """The details of whoever comes, and the booking itself."""
    if request.method == "POST":
        return _confirm(request, reservation_id)
    with db.reading(caller(request)):
        try:
            held = reservations.hold_for(caller(request), reservation_id)
        except NotFound:
            return page(request, "patient/hold_gone.html", status=410)
        initial = {
            "dentist": str(held.dentist_id),
            "treatment": str(held.treatment_id),
            "start": held.starts_at.isoformat(),
            "payment_method": "cash",
        }
        people = people_of(caller(request))
        if request.user.is_authenticated:
            initial |= {"patient_email": request.user.email, "patient_phone": _phone_of(people)}
            if not people:
                initial["patient_name"] = request.user.name
        return _details(request, BookingForm(initial=initial, people=people), held, reservation_id)


def _booked(actor: Actor, wish: booking.Request) -> Answer:
    return Answer(201, {"link": booking.book(actor, wish).link})


def _phone_of(people: list[Patient]) -> str:
    return next((str(person.phone) for person in people if person.phone), "")


def _confirm(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    with db.reading(caller(request)):
        form = BookingForm(request.POST, people=people_of(caller(request)))
    # "instead" is an alternative that was offered after the slot was lost: booked directly, with what was typed.
    instead = instant_of(request.POST.get("instead", ""))
    status, conflict = 422, None
    if form.is_valid():
        start = instead or instant_of(form.cleaned_data["start"])
        wish = form.request(start=start, reservation_id=None if instead else reservation_id)
        try:
            # Twice the same button, or back and again: one visit, and the way to it.
            answer = once(
                caller(request), f"book:{reservation_id}", fingerprint("BOOK", str(reservation_id), None),
                lambda actor: _booked(actor, wish), keep_refusals=False,
            )  # fmt: skip
            return redirect("patient:visit", answer.body["link"])
        except (SlotTaken, HoldExpired) as lost:
            status, conflict = lost.status, lost
        except ClinicError as error:
            if error.status in (404, 429, 503):
                raise
            form.tell(error)
            status = error.status
    else:
        form.tell_contact(caller(request))
    with db.reading(caller(request)):
        held = Reservation.objects.select_related("dentist", "treatment").filter(
            pk=reservation_id, holder__in=caller(request).holders
        ).first()  # fmt: skip
        held = held or _as_it_was(form)
        if held is None:
            return page(request, "patient/hold_gone.html", status=410)
        return _details(request, form, held, reservation_id, conflict=conflict, status=status)


def _as_it_was(form: BookingForm) -> Reservation | None:
    """A hold that is gone, from what the form still knows of it; never stored."""
    start = instant_of(form.data.get("start", ""))
    dentist, treatment = form.data.get("dentist", ""), form.data.get("treatment", "")
    if start is None or not dentist or not treatment:
        return None
    who, what = dentist_of(dentist), treatment_of(treatment)
    return Reservation(dentist=who, treatment=what, starts_at=start)


def _details(
    request: HttpRequest,
    form: BookingForm,
    held: Reservation,
    reservation_id: UUID,
    *,
    conflict: ClinicError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    what = offered(held.dentist, held.treatment, actor=caller(request))
    left = int((held.expires_at - clock.now()).total_seconds() // 60) if held.expires_at else 0
    told = None
    if conflict is not None:
        nearest = _choices(conflict.details.get("alternatives", []), what)
        told = {"code": conflict.code, "message": conflict.message, "alternatives": nearest}
    context = {
        "form": form,
        "dentist": held.dentist,
        "treatment": {
            "name": held.treatment.name,
            "duration_minutes": int(what.duration.total_seconds() // 60),
            "price": what.price,
        },
        "reservation": held,
        "minutes_left": max(left, 0),
        "conflict": told,
        "times_url": day_url(what, clock.local(held.starts_at).date()),
        "release_url": reverse("patient:release", args=[reservation_id]),
    }
    return page(request, "patient/book.html", context, status=status)


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
            target = day_url(what, clock.local(held.starts_at).date())
    reservations.release(actor, reservation_id)
    return redirect(target or "patient:dentists")
