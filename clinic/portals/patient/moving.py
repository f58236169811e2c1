"""Moving one's visit: other times of the same dentist, old and new side by side, then the move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import moving
from appointments.models import Appointment
from clinic.accounts.requests import caller, page
from clinic.core import db
from clinic.core.errors import ClinicError, Malformed
from clinic.portals.patient.finding import times
from clinic.portals.patient.shown import as_booked, closed, context_of, open_visit, options, owned_visit, url_of
from clinic.portals.patient.trail import instant_of


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str | None = None, visit_id: UUID | None = None) -> HttpResponseBase:
    found = open_visit(request, token=token, visit_id=visit_id)
    if request.method == "POST":
        return _move(request, found, token)
    with db.reading(caller(request)):
        visit = owned_visit(caller(request), found)
        if closed(visit):
            return redirect(url_of("", token=token, visit_id=visit.pk))
        if (wanted := request.GET.get("start", "")) and options(visit).may_move:
            start = instant_of(wanted)
            if start is None:
                raise Malformed().about("start")
            return _side_by_side(request, visit, start, token)
        return _choice(request, visit, token)


def _choice(request: HttpRequest, visit: Appointment, token: str | None) -> HttpResponseBase:
    """The free times, as for booking; the visit itself is not in its own way."""
    context = context_of(visit, token=token)
    if not context["options"].may_move:
        return page(request, "patient/move.html", context)
    here = url_of("move", token=token, visit_id=visit.pk)

    def url_for(day: date) -> str:
        return f"{here}?{urlencode({'day': day.isoformat()})}#times"

    day = request.GET.get("day", "")
    found = times(caller(request), as_booked(visit), day, url_for=url_for, moving=visit)
    return page(request, "patient/move.html", context | found | {"dentist": visit.dentist})


def _side_by_side(request: HttpRequest, visit: Appointment, start: datetime, token: str | None) -> HttpResponseBase:
    end = start + (visit.ends_at - visit.starts_at)
    context: dict[str, Any] = context_of(visit, token=token) | {"start": start, "end": end, "error": None}
    return page(request, "patient/move_confirm.html", context)


def _move(request: HttpRequest, visit_id: UUID, token: str | None) -> HttpResponseBase:
    start = instant_of(request.POST.get("start", ""))
    if start is None:
        raise Malformed().about("start")
    with db.reading(caller(request)):
        owned_visit(caller(request), visit_id)
    try:
        moving.reschedule(caller(request), visit_id, start=start)
    except ClinicError as error:
        if error.status in (404, 429, 503):
            raise
        return _refused(request, visit_id, start, error, token)
    messages.success(request, _("Your visit is moved. The reference stays the same."))
    return redirect(url_of("", token=token, visit_id=visit_id))


def _refused(
    request: HttpRequest, visit_id: UUID, start: datetime, error: ClinicError, token: str | None
) -> HttpResponseBase:
    here = url_of("move", token=token, visit_id=visit_id)
    nearest = [datetime.fromisoformat(one["start"]) for one in error.details.get("alternatives", [])]
    with db.reading(caller(request)):
        visit = owned_visit(caller(request), visit_id)
        context = context_of(visit, token=token) | {
            "start": start,
            "end": start + (visit.ends_at - visit.starts_at),
            "error": error.message,
            "alternatives": [
                {"start": one, "url": f"{here}?{urlencode({'start': one.isoformat()})}"} for one in nearest
            ],
        }
        return page(request, "patient/move_confirm.html", context, status=error.status)
