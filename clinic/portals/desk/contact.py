"""Correcting how a person is reached: theirs, and of the visits to come, so that the next mail goes where it should."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appointments import contact as contacts
from appointments import editing
from appointments.contact import Contact
from appointments.models import Appointment, Status
from clinic.accounts.requests import caller
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.patients.correcting import correct as correct_person
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.forms import ContactForm
from clinic.portals.desk.people import person_page


@require_POST
@desk_only
def correct(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            _correct(caller(request), person_id, form.contact())
        except ClinicError as error:
            if error.status in (404, 429, 503):
                raise
            form.tell(error)
        else:
            messages.success(request, _("The contact is corrected, for the visits to come as well."))
            return redirect("desk:person", person_id)
    return person_page(request, person_id, form=form, status=422)


def _correct(actor: Actor, person_id: UUID, typed: Contact) -> None:
    """All of it or nothing."""
    clean = contacts.checked(actor, typed)
    with db.enclosing(actor):
        correct_person(
            actor, person_id, name=clean.name, email=clean.email, phone=clean.phone, birth_date=clean.birth_date
        )
        coming = Appointment.objects.filter(
            patient_id=person_id, starts_at__gte=clock.now(), status__in=(Status.PENDING, Status.CONFIRMED)
        )
        for visit_id in coming.order_by("starts_at", "id").values_list("pk", flat=True):
            told = {
                "patient_name": clean.name, "patient_email": clean.email, "patient_phone": clean.phone,
                "birth_date": clean.birth_date,
            }  # fmt: skip
            editing.edit(actor, visit_id, contact=told)
