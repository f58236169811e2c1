"""People: found in a keystroke or two, and one person's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from appointments.models import Appointment, Status
from appointments.references import normalized
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.errors import NotFound
from clinic.patients.models import Patient
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.finding import found_by
from clinic.portals.desk.forms import ContactForm

PAST = 30


@require_safe
@desk_only
def people(request: HttpRequest) -> HttpResponseBase:
    """Whoever fits `?q=`; a booking reference leads to its visit."""
    q = _asked(request)
    if (visit := _visit_called(q)) is not None:
        return redirect("desk:visit", visit)
    found = list(found_by(q, now=clock.now())) if q else []
    return page(request, "desk/people.html", {"tab": "people", "q": q, "found": found, "today": clock.today()})


@require_safe
@desk_only
def people_json(request: HttpRequest) -> HttpResponseBase:
    """The same for scripts: `{"people": [{id, name, phone, email, detail, url}]}`, in words of the reader's language."""
    q = _asked(request)
    visit = _visit_called(q)
    found = [_told(person) for person in found_by(q, now=clock.now())] if q else []
    if visit is not None:
        found = [one | {"url": reverse("desk:visit", args=[visit])} for one in found]
    return JsonResponse({"people": found})


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").split())[:80]


def _visit_called(text: str) -> UUID | None:
    reference = normalized(text)
    if reference is None:
        return None
    return Appointment.objects.filter(booking_reference=reference).values_list("pk", flat=True).first()


def _told(person: Any) -> dict[str, str]:
    """`detail` tells people of one name apart: age, date of birth, phone, next visit."""
    parts = []
    if person.birth_date:
        age = person.age_on(clock.today())
        years = ngettext("%(age)s year", "%(age)s years", age) % {"age": age}
        parts.append(f"{years} ({date_format(person.birth_date, 'SHORT_DATE_FORMAT')})")
    if person.phone:
        parts.append(person.phone.as_international)
    if person.next_visit:
        start = clock.local(person.next_visit)
        when = f"{date_format(start, 'D')} {date_format(start, 'SHORT_DATE_FORMAT')}, {time_format(start.time(), 'TIME_FORMAT')}"
        parts.append(_("next %(when)s") % {"when": when})
    return {
        "id": str(person.pk),
        "name": person.name,
        "phone": str(person.phone or ""),
        "email": person.email,
        "detail": " · ".join(parts),
        "url": reverse("desk:person", args=[person.pk]),
    }


@require_safe
@desk_only
def person(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    """Contact, visits to come and past ones."""
    return person_page(request, person_id)


def person_page(
    request: HttpRequest, person_id: UUID, *, form: ContactForm | None = None, status: int = 200
) -> HttpResponseBase:
    """One person; three queries however many visits there are. Raises `NotFound`."""
    with db.reading(caller(request)):
        found = Patient.objects.filter(pk=person_id, erased_at=None).first()
        if found is None:
            raise NotFound()
        now = clock.now()
        visits = Appointment.objects.filter(patient_id=person_id)
        coming = visits.filter(starts_at__gte=now, status__in=(Status.PENDING, Status.CONFIRMED)).order_by(
            "starts_at", "id"
        )
        past = visits.exclude(pk__in=coming.values("pk")).order_by("-starts_at", "id")
        context = {
            "tab": "people",
            "person": found,
            "age": found.age_on(clock.today()),
            "coming": list(coming),
            "past": list(past[:PAST]),
            "form": form or ContactForm.of(found),
        }
        return page(request, "desk/person.html", context, status=status)
