"""From a held time to a confirmed visit in two steps: who is coming, then what for. Every step is a plain form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from appointments import admission, booking, medical, policies
from availability import reservations
from availability.catalogue import dentist_of, offered, treatment_of
from availability.errors import HoldExpired, SlotTaken
from availability.models import Reservation
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError, NotFound
from clinic.core.idempotency import Answer, fingerprint, given_before, once
from clinic.patients.models import Patient, age_on
from clinic.patients.people import people_of
from clinic.portals.patient.again import forget, told_before
from clinic.portals.patient.forms import BookingForm
from clinic.portals.patient.holding import choices, gone, times_url
from clinic.portals.patient.trail import instant_of


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    """The details of whoever comes, and the booking itself.

    What is sent says in `step` what it is for: `who` and `visit` show that step, `check` answers with what is wrong so far,
    as JSON by field; without it the visit is booked.
    """
    if request.method == "POST":
        match request.POST.get("step", ""):
            case "check":
                return _check(request)
            case "who" | "visit" as step:
                return _go_to(request, reservation_id, step)
        return _confirm(request, reservation_id)
    with db.reading(caller(request)):
        try:
            held = reservations.hold_for(caller(request), reservation_id)
        except NotFound:
            return _booked_before(request, reservation_id) or gone(request)
        if not reservations.is_live(held.pk):
            return gone(request)
        form = _fresh(request, held)
        return _details(request, form, held, reservation_id, "who")


def _fresh(request: HttpRequest, held: Reservation) -> BookingForm:
    """The form as it is first shown: what is known of an account holder stands in it, and of whoever books again by a link."""
    initial: dict[str, Any] = {
        "dentist": str(held.dentist_id),
        "treatment": str(held.treatment_id),
        "start": held.starts_at.isoformat(),
        "payment_method": "cash",
    }
    people = people_of(caller(request))
    initial |= told_before(request, held)
    if request.user.is_authenticated:
        initial |= {"patient_email": request.user.email, "patient_phone": _phone_of(people)}
        if not people:
            initial["patient_name"] = request.user.name
    wanted = request.GET.get("for", "")
    if wanted in {str(person.pk) for person in people}:
        initial["person"] = wanted
    return BookingForm(initial=initial, people=people)


def _phone_of(people: list[Patient]) -> str:
    return next((str(person.phone) for person in people if person.phone), "")


def _sent(request: HttpRequest) -> BookingForm:
    with db.reading(caller(request)):
        return BookingForm(request.POST, people=people_of(caller(request)))


def _check(request: HttpRequest) -> HttpResponseBase:
    """What is wrong with the fields so far, in the same words as when the form is sent."""
    form = _sent(request)
    form.full_clean()
    form.tell_contact(caller(request))
    return JsonResponse({"errors": {name: list(texts) for name, texts in form.errors.items()}})


def _go_to(request: HttpRequest, reservation_id: UUID, step: str) -> HttpResponseBase:
    """Shows a step with what was typed. On to the visit goes only whoever has said right who is coming."""
    form, status = _sent(request), 200
    form.full_clean()
    if step == "visit":
        form.tell_contact(caller(request))
        form.only("who")
        if not form.errors:
            _tell_admission(request, form)
        if form.errors:
            return _again(request, form, reservation_id, "who", status=422)
        with db.reading(caller(request)):
            chosen = form.person
            form.remember(medical.remembered(caller(request), chosen.pk) if chosen else {})
    form.errors.clear()
    return _again(request, form, reservation_id, step, status=status)


def _tell_admission(request: HttpRequest, form: BookingForm) -> None:
    """Says whom the treatment is for before anybody tells more about themselves. Who runs the schedule may book anybody."""
    if not {"start", "treatment", "dentist"} <= form.cleaned_data.keys():
        return  # what is booked is no field that people fill in; it is refused when it is booked
    start = instant_of(form.cleaned_data["start"])
    with db.reading(caller(request)):
        try:
            treatment, dentist = treatment_of(form.cleaned_data["treatment"]), dentist_of(form.cleaned_data["dentist"])
            if start is None or policies.runs_schedule(caller(request), dentist.pk):
                return
            person_id = form.person.pk if form.person else None
            age = age_on(form.cleaned_data["birth_date"], clock.local(start).date())
            admission.check(treatment, person_id, age)
        except NotFound:
            return  # It is said when there is nothing to book.
        except ClinicError as refusal:
            form.tell(refusal)


def _once_of(reservation_id: UUID) -> tuple[str, str]:
    """Key and fingerprint under which a hold is booked once, whatever was typed."""
    return f"book:{reservation_id}", fingerprint("BOOK", str(reservation_id), None)


def _booked_before(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase | None:
    """To the visit that this caller made of the hold: whoever goes back after booking is not told that the time is gone."""
    answer = given_before(caller(request), *_once_of(reservation_id))
    return redirect("patient:visit", answer.body["link"]) if answer else None


def _book_once(actor: Actor, wish: booking.Request, reservation_id: UUID, asked: str) -> Answer:
    """Twice the same button, or back and again: one visit, and the way to it. `asked` is the start that the form is for: a hold
    moves when another tab holds another time, and a form of each of the two is no repetition."""

    def perform(allowed: Actor) -> Answer:
        return Answer(201, {"link": booking.book(allowed, wish).link, "asked": asked})

    key, told = _once_of(reservation_id)
    answer = once(actor, key, told, perform, keep_refusals=False)
    if answer.replayed and answer.body.get("asked", asked) != asked:
        answer = once(actor, f"{key}:{asked}", told, perform, keep_refusals=False)
    return answer


def _confirm(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    form = _sent(request)
    # "instead" is an alternative that was offered after the slot was lost: booked directly, with what was typed.
    instead = instant_of(request.POST.get("instead", ""))
    status, conflict = 422, None
    if form.is_valid():
        asked = instant_of(form.cleaned_data["start"])
        start = instead or asked
        wish = form.request(start=start, reservation_id=None if instead else reservation_id)
        try:
            answer = _book_once(caller(request), wish, reservation_id, clock.local(asked).isoformat() if asked else "")
            return forget(redirect("patient:visit", answer.body["link"]))
        except (SlotTaken, HoldExpired) as lost:
            status, conflict = lost.status, lost
        except ClinicError as error:
            if error.status in (404, 429, 503):
                raise
            form.tell(error)
            status = error.status
    else:
        form.tell_contact(caller(request))
    step = form.step_of_errors()
    form.only(step)
    return _again(request, form, reservation_id, step, conflict=conflict, status=status)


def _again(
    request: HttpRequest,
    form: BookingForm,
    reservation_id: UUID,
    step: str,
    *,
    conflict: ClinicError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """The form with what was typed, over the hold or over what the form still knows of it."""
    with db.reading(caller(request)):
        held = Reservation.objects.select_related("dentist", "treatment").filter(
            pk=reservation_id, holder__in=caller(request).holders
        ).first()  # fmt: skip
        if held is None and (elsewhere := _booked_before(request, reservation_id)) is not None:
            return elsewhere
        if held is not None:
            form.follow(held)
        held = held or _as_it_was(form)
        if held is None:
            return gone(request)
        return _details(request, form, held, reservation_id, step, conflict=conflict, status=status)


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
    step: str,
    *,
    conflict: ClinicError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    what = offered(held.dentist, held.treatment, actor=caller(request))
    is_anybody = bool(request.GET.get("any"))
    left = (held.expires_at - clock.now()).total_seconds() if held.expires_at else 0
    told = None
    if conflict is not None:
        nearest = choices(conflict.details.get("alternatives", []), what)
        told = {"code": conflict.code, "message": conflict.message, "alternatives": nearest}
    context = {
        "form": form,
        "step": step,
        "carried": form.carried(step),
        "dentist": held.dentist,
        "treatment": {
            "name": held.treatment.name,
            "duration_minutes": int(what.duration.total_seconds() // 60),
            "price": what.price,
        },
        "reservation": held,
        "minutes_left": max(int(left // 60), 0),
        "ran_out": left <= 0,
        "conflict": told,
        "is_anybody": is_anybody,
        "times_url": times_url(what, held.starts_at, is_anybody=is_anybody),
        "release_url": reverse("patient:release", args=[reservation_id]),
    }
    return page(request, "patient/book.html", context, status=status)
