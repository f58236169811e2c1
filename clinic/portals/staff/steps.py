"""The steps of a visit's life as the practice's pages take them: through the verb, and with a word on what became of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from appointments import transitions
from appointments.models import Appointment
from appointments.queries import visit_for
from appointments.steps import STEPS, Step
from clinic.accounts.requests import caller
from clinic.core import db
from clinic.core.errors import ClinicError, NotFound
from clinic.portals.staff.forms import CancelForm


def take(request: HttpRequest, visit_id: UUID, name: str) -> None:
    """Takes a step by the name that paths use. What the visit's status or the hour forbids is told on the next page; raises
    `NotFound`, also for a step that is none, and `NotAllowed`. An undo takes back what its page showed (`was`), so that one
    pressed twice, or at two desks, takes back one step."""
    if name not in STEPS:
        raise NotFound()
    step, was = STEPS[name], request.POST.get("was") if name == "undo" else None
    try:
        taken = (
            step.verb(caller(request), visit_id)
            if was is None
            else transitions.undo(caller(request), visit_id, was=was)
        )
    except ClinicError as error:
        if error.status not in (409, 422):
            raise
        _tell_why(request, visit_id, step, was, error)
    else:
        messages.success(request, _("Saved: %(step)s.") % {"step": _standing(taken)})


def _tell_why(request: HttpRequest, visit_id: UUID, step: Step, was: str | None, error: ClinicError) -> None:
    """Whoever takes a step that somebody else has just taken, or taken back, has what they wanted."""
    with db.reading(caller(request)):
        found = visit_for(caller(request), visit_id)
    if found.status == step.to or (was is not None and transitions.is_undone(found, was)):
        messages.info(request, f"{_standing(found)}.")
    else:
        messages.error(request, str(error.message))


def _standing(visit: Appointment) -> str:
    return f"{visit.patient_name}, {visit.get_status_display()}"


def cancel(request: HttpRequest, visit_id: UUID) -> CancelForm | None:
    """Cancels with the reason that was sent. None when it is done, else the form that says why not; raises `NotFound`."""
    form = CancelForm(request.POST)
    if not form.is_valid():
        return form
    try:
        transitions.cancel(caller(request), visit_id, reason=form.cleaned_data["reason"])
    except ClinicError as error:
        if error.status == 404:
            raise
        form.tell(error)
        return form
    messages.success(request, _("The visit is cancelled, and its time is free."))
    return None
