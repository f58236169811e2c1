"""Booking for a patient from the calendar: a time, a treatment, and one of the dentist's patients or somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appointments import booking
from appointments.contact import Contact
from appointments.models import Appointment
from availability.catalogue import offered_by
from availability.placing import wall_start
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError, Malformed
from clinic.core.texts import is_storable
from clinic.patients.models import Patient
from clinic.portals.days import day_of
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.forms import TellingForm
from clinic.portals.staff import by_hand
from clinic.portals.staff.forms import birth_date_field, date_field, line, outside_rules_field, time_field
from clinic.portals.staff.suggestions import instead, nearest
from dentists.models import Dentist, Offer

FOUND = 12  # people of a search that are shown


class StaffBookingForm(TellingForm):
    """A visit that the practice books. With a `person` chosen nobody's contact is asked for."""

    told_as = {"start": "time", "appointment_time": "time", "appointment_date": "date", "dentist_id": "treatment"}
    treatment = forms.ChoiceField(label=gettext_lazy("Treatment"))
    date = date_field(gettext_lazy("Day"))
    time = time_field(gettext_lazy("Time"))
    patient_name = line(gettext_lazy("Full name"), 120)
    birth_date = birth_date_field()
    patient_email = line(
        gettext_lazy("Email"), 254, "email", required=False, help_text=gettext_lazy("The confirmation goes there.")
    )
    patient_phone = line(gettext_lazy("Phone"), 40, "tel", required=False)
    outside_rules = outside_rules_field(gettext_lazy("Also outside my hours"))

    PERSON = ("patient_name", "birth_date", "patient_email", "patient_phone")

    def __init__(self, *args: Any, offers: Sequence[Offer], person: Patient | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        treatment = cast(forms.ChoiceField, self.fields["treatment"])
        treatment.choices = [(str(one.treatment_id), f"{one.treatment.name} ({one.minutes} min)") for one in offers]
        if person is not None:
            for name in self.PERSON:
                del self.fields[name]

    def contact(self) -> Contact:
        data = self.cleaned_data
        if self.person is not None:
            who = self.person
            return Contact(
                name=who.name, email=who.email, phone=str(who.phone or ""),
                birth_date=who.birth_date, patient_id=who.pk,
            )  # fmt: skip
        return Contact(
            name=data["patient_name"],
            email=data["patient_email"],
            phone=data["patient_phone"],
            birth_date=data["birth_date"],
        )


def time_of(text: str) -> time | None:
    """The wall time that a query names, None for none; raises `Malformed`."""
    if not text:
        return None
    try:
        found = parse_time(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Malformed().about("time")
    return found.replace(second=0, microsecond=0)


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def book(request: HttpRequest) -> HttpResponseBase:
    """The form for one time. `person` names one of the dentist's patients; `q` looks for one."""
    if request.method == "POST":
        return _book(request, request.POST.get("person", ""))
    asked = request.GET
    day, at = day_of(asked.get("date", "")), time_of(asked.get("time", ""))
    initial = {
        "date": day or clock.today(),
        "time": at,
        "treatment": asked.get("treatment", ""),
        "patient_name": asked.get("q", "")[:120],
    }
    with db.reading(caller(request)):
        form = StaffBookingForm(initial=initial, offers=_offers(request), person=_person(request, asked.get("person")))
        return _show(request, form, day or clock.today(), at)


def _book(request: HttpRequest, person: str) -> HttpResponseBase:
    actor, dentist_id = caller(request), own_dentist(request)
    with db.reading(actor):
        form = StaffBookingForm(instead(request.POST), offers=_offers(request), person=_person(request, person))
    status, alternatives = 422, []
    if form.is_valid():
        data = form.cleaned_data
        try:
            booked = _placed(actor, dentist_id, form)
        except ClinicError as error:
            if error.status in (404, 429, 503):
                raise
            form.tell(error)
            status = error.status
            alternatives = error.details.get("alternatives", [])
        else:
            messages.success(request, _("%(name)s is booked.") % {"name": booked.patient_name})
            return redirect(f"{reverse('dentist:calendar')}?date={data['date']:%Y-%m-%d}")
    with db.reading(actor):
        data = form.cleaned_data
        near = nearest(alternatives, Dentist.objects.filter(pk=dentist_id)) if alternatives else []
        return _show(request, form, data.get("date"), data.get("time"), status=status, alternatives=near)


def _placed(actor: Actor, dentist_id: UUID, form: StaffBookingForm) -> Appointment:
    data = form.cleaned_data
    treatment, start = UUID(data["treatment"]), wall_start(data["date"], data["time"])

    def attempt(outside: bool) -> Appointment:
        wish = booking.Request(
            contact=form.contact(), treatment=treatment, dentist=dentist_id, start=start, outside_rules=outside
        )
        return booking.book(actor, wish).appointment

    def why_not() -> ClinicError | None:
        with db.reading(actor):
            return by_hand.why_not(dentist_id, offered_by(dentist_id, treatment, actor=actor).visit, start)

    return attempt(True) if data["outside_rules"] else by_hand.placed(attempt, why_not)


def _offers(request: HttpRequest) -> list[Offer]:
    own = Offer.objects.filter(dentist_id=own_dentist(request), treatment__is_active=True)
    return list(own.select_related("treatment").order_by("treatment__name"))


def _patients(request: HttpRequest) -> Any:
    """Everybody who has or had a visit with this dentist and is not erased."""
    visits = Appointment.objects.filter(patient_id=OuterRef("pk"), dentist_id=own_dentist(request))
    return Patient.objects.filter(Exists(visits), erased_at__isnull=True).order_by("name", "id")


def _person(request: HttpRequest, key: str | None) -> Patient | None:
    """The patient of the dentist with this id; None for none, and for somebody else's."""
    try:
        wanted = UUID(key or "")
    except ValueError:
        return None
    found: Patient | None = _patients(request).filter(pk=wanted).first()
    return found


def _show(
    request: HttpRequest, form: StaffBookingForm, day: date | None, at: time | None, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    q = " ".join(request.GET.get("q", "").split())[:80]
    found = list(_patients(request).filter(name__icontains=q)[:FOUND]) if q and is_storable(q) else []
    context = {
        "tab": "calendar",
        "form": form,
        "day": day,
        "at": at,
        "q": q,
        "found": found,
        "treatment": form["treatment"].value() or "",
        **more,
    }
    return page(request, "dentist/book.html", context, status=status)
