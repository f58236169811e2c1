"""Booking for a caller: one form, one Enter."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import booking
from appointments.contact import Contact
from appointments.models import Appointment
from availability.catalogue import offered_by
from availability.placing import wall_start
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError, NotFound
from clinic.core.idempotency import Answer, fingerprint, once
from clinic.patients.models import Patient
from clinic.portals.days import day_of
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.choices import Choices
from clinic.portals.desk.forms import BookForm
from clinic.portals.desk.suggesting import first_free
from clinic.portals.staff import by_hand
from clinic.portals.staff.suggestions import Suggestion, nearest

# What makes a booking of one page the same one.
_WISHED = ("person_id", "name", "treatment", "dentist", "date", "time")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def book(request: HttpRequest) -> HttpResponseBase:
    """The form, with what the address already says: `dentist`, `date`, `time`, `treatment`, `person`, `name`. Without a
    time it suggests the first free one. POST books; with `look` it only suggests."""
    if request.method == "POST" and "look" not in request.POST:
        return _book(request)
    with db.reading(caller(request)):
        typed = request.POST if request.method == "POST" else request.GET
        choices = Choices.read()
        said = {name: typed.get(name, "") for name in ("treatment", "name", "phone", "email", "birth_date", "once")}
        initial: dict[str, Any] = {name: value for name, value in said.items() if value}
        person = _person(typed.get("person_id") or typed.get("person", ""))
        if person is not None:
            initial |= {
                "person_id": person.pk, "name": person.name, "phone": person.phone, "email": person.email,
                "birth_date": person.birth_date,
            }  # fmt: skip
        dentist, treatment = choices.dentist(typed.get("dentist", "")), choices.treatment(typed.get("treatment", ""))
        treatment = treatment or choices.usual(dentist)
        initial |= {"treatment": treatment and str(treatment.pk), "dentist": dentist and str(dentist.pk)}
        day, wanted = day_of(typed.get("date", "")), "" if "look" in typed else typed.get("time", "")
        found: list[Suggestion] = []
        if treatment is not None and not wanted:
            first = max(day or clock.today(), clock.today())
            # Whoever does not offer it is free for it never: somebody else is.
            able = dentist if dentist and choices.offers(dentist, treatment) else None
            found = first_free(caller(request), treatment, dentist_id=able.pk if able else None, first=first)
        initial |= found[0].fields if found else {"date": day or clock.today(), "time": wanted[:5]}
        form = choices.booking_form(initial=initial)
        return _show(request, form, person=person, suggestions=found, fixed=bool(wanted))


def _person(key: str) -> Patient | None:
    try:
        return Patient.objects.filter(pk=UUID(key), erased_at=None).first() if key else None
    except ValueError:
        return None


def _book(request: HttpRequest) -> HttpResponseBase:
    actor = caller(request)
    with db.reading(actor):
        choices = Choices.read()
        form = choices.booking_form(request.POST)
        person = _person(request.POST.get("person_id", "")) if form.is_valid() else None
    status, alternatives = 422, []
    if form.is_valid():
        try:
            answer = _once(actor, form, person)
        except ClinicError as error:
            if error.status in (429, 503):
                raise
            form.tell(error)
            status, alternatives = error.status, error.details.get("alternatives", [])
        else:
            return _booked(request, UUID(answer.body["id"]))
    with db.reading(actor):
        person = _person(request.POST.get("person_id", ""))
        found = nearest(alternatives, choices.dentists)
        return _show(request, form, person=person, suggestions=found, status=status, fixed=True, taken=bool(found))


def _once(actor: Actor, form: BookForm, person: Patient | None) -> Answer:
    """Twice the same button is one visit; the same page for somebody else, or for another time, is another."""
    data = form.cleaned_data
    if data["once"] is None:
        return Answer(201, {"id": str(_placed(actor, form, person).pk)})
    wished = fingerprint("BOOK", str(data["once"]), {name: data[name] for name in _WISHED})
    return once(
        actor, f"desk:{wished}", wished,
        lambda who: Answer(201, {"id": str(_placed(who, form, person).pk)}), keep_refusals=False,
    )  # fmt: skip


def _placed(actor: Actor, form: BookForm, person: Patient | None) -> Appointment:
    data = form.cleaned_data
    if data["person_id"] and person is None:
        raise NotFound(_("This person is no longer here.")).about("patient_id")
    start = wall_start(data["date"], data["time"])
    with db.reading(actor):
        what = offered_by(data["dentist"], data["treatment"], actor=actor)
    wish: dict[str, Any] = {
        "contact": _contact(data, person), "treatment": what.treatment.pk, "dentist": what.dentist.pk, "start": start,
    }  # fmt: skip
    if data["outside_rules"]:
        return booking.book(actor, booking.Request(**wish, outside_rules=True)).appointment

    def why_not() -> ClinicError | None:
        with db.reading(actor):
            return by_hand.why_not(what.dentist.pk, what.visit, start)

    return by_hand.placed(
        lambda outside: booking.book(actor, booking.Request(**wish, outside_rules=outside)).appointment, why_not
    )


def _contact(data: dict[str, Any], person: Patient | None) -> Contact:
    if person is None:
        return Contact(name=data["name"], email=data["email"], phone=data["phone"], birth_date=data["birth_date"])
    return Contact(
        name=person.name,
        email=data["email"] or person.email,
        phone=data["phone"] or str(person.phone or ""),
        birth_date=person.birth_date or data["birth_date"],
        patient_id=person.pk,
    )


def _booked(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Back to the day, with what is to be said to the caller."""
    with db.reading(caller(request)):
        visit = Appointment.objects.get(pk=visit_id)
    start = clock.local(visit.starts_at)
    said = {
        "name": visit.patient_name, "dentist": visit.dentist_name, "reference": visit.booking_reference,
        "day": f"{date_format(start, 'l')}, {date_format(start, 'MONTH_DAY_FORMAT')}",
        "time": time_format(start.time(), "TIME_FORMAT"),
    }  # fmt: skip
    messages.success(request, _("Booked: %(name)s, %(day)s, %(time)s, %(dentist)s. Reference %(reference)s.") % said)
    return redirect(day_url(start.date(), visit_id, told=True))


def day_url(day: date, visit_id: UUID, *, told: bool = False) -> str:
    """The day sheet, at a visit. With `told` something is to be read above it: only the script goes to the visit, and a
    browser without one stays at the top."""
    return f"{reverse('desk:day')}?date={day.isoformat()}#{'visit' if told else 'v'}-{visit_id}"


def _show(
    request: HttpRequest, form: BookForm, *, person: Patient | None, suggestions: list[Suggestion], status: int = 200,
    fixed: bool = False, taken: bool = False,
) -> HttpResponseBase:  # fmt: skip
    typed = form.data if form.is_bound else form.initial
    keep = {"person": str(person.pk) if person else "", "treatment": str(typed.get("treatment") or "")}
    chips = [{"suggestion": one, "url": f"?{one.query(**keep)}"} for one in suggestions]
    context = {"tab": "day", "form": form, "person": person, "chips": chips, "fixed": fixed, "taken": taken}
    return page(request, "desk/book.html", context, status=status)
