"""A dentist who cannot come: who is booked, and for each a colleague who is free, a later time, or a cancellation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from appointments import handing_over, impact
from appointments.models import Appointment
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.staff import absences
from clinic.portals.staff.forms import AbsenceForm


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def ill(request: HttpRequest) -> HttpResponseBase:
    """The visits of today (or `?date=` to `until=`) with what can become of each. POST does what was chosen: `to-<visit>` is
    a colleague, a later time, `cancel` or nothing; the button `all` cancels every one that nothing was chosen for."""
    asked = request.POST if request.method == "POST" else request.GET.copy()
    if request.method != "POST" and not asked.get("date"):
        asked["date"] = clock.today().isoformat()
    form = AbsenceForm(asked)
    if not form.is_valid():
        return page(request, "dentist/ill.html", {"tab": "time-off", "form": form}, status=422)
    actor = caller(request)
    if request.method != "POST":
        with db.reading(actor):
            return _show(request, form)
    try:
        if "off" in request.POST:
            # First of all, so that nobody is booked there while the others are moved.
            absences.note(actor, own_dentist(request), *form.span(), form.cleaned_data["reason"])
    except ClinicError as error:
        form.tell(error)
        with db.reading(actor):
            return _show(request, form, status=error.status)
    with db.reading(actor):
        hit = _hit(request, form)
    otherwise = absences.CANCEL if request.POST.get("all") == absences.CANCEL else ""
    if absences.carry_out(request, hit, hand_over=_hand_over, otherwise=otherwise):
        return redirect(f"{request.path}?{form.query()}")
    return redirect("dentist:today")


def _hand_over(actor: Actor, visit: Appointment, to: UUID) -> None:
    handing_over.hand_over(actor, visit.pk, to)


def _hit(request: HttpRequest, form: AbsenceForm) -> list[Appointment]:
    return impact.hit_by_time_off(caller(request), own_dentist(request), *form.span())


def _show(request: HttpRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponseBase:
    start, end = form.span()
    prefer = request.GET.get("all", "")
    context: dict[str, Any] = {
        "tab": "time-off",
        "form": form,
        "asked": form.cleaned_data,
        "prefer": prefer,
        "query": form.query(),
        "hits": absences.hits(_hit(request, form), until=form.cleaned_data["until"], prefer=prefer),
        "is_noted": absences.is_noted(own_dentist(request), start, end),
    }
    return page(request, "dentist/ill.html", context, status=status)
