"""A dentist's time off: from a day or a moment to another, and which visits it would hit."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments import impact
from availability import schedule
from availability.models import TimeOff
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.errors import ClinicError
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.forms import TimeOffForm

TIMES = ("first_day", "first_time", "last_day", "last_time")


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def time_off(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        # An address may say from when until when: so the calendar hands over what was chosen there.
        return _show(request, TimeOffForm(initial={name: request.GET.get(name, "")[:10] for name in TIMES}))
    form = TimeOffForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    data = form.cleaned_data
    start = clock.at(data["first_day"], data["first_time"] or time(0))
    # Without a time the last day is off as a whole.
    last = data["last_day"] if data["last_time"] else data["last_day"] + timedelta(days=1)
    end = clock.at(last, data["last_time"] or time(0))
    actor, dentist_id = caller(request), own_dentist(request)
    if "confirm" not in request.POST and end > start:
        with db.reading(actor):
            if hit := impact.hit_by_time_off(actor, dentist_id, start, end):
                return _show(request, form, hit=hit)
    try:
        schedule.add_time_off(actor, dentist_id, start, end, reason=data["reason"])
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    messages.success(request, _("Your time off is saved. Nobody can book it."))
    return redirect("dentist:time-off")


@require_POST
@dentists_only
def remove(request: HttpRequest, time_off_id: int) -> HttpResponseBase:
    schedule.remove_time_off(caller(request), time_off_id)
    messages.success(request, _("This time can be booked again."))
    return redirect("dentist:time-off")


def _show(request: HttpRequest, form: TimeOffForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
    with db.reading(caller(request)):
        own = TimeOff.objects.filter(dentist_id=own_dentist(request), ends_at__gt=clock.now())
        return page(
            request,
            "dentist/time_off.html",
            {"tab": "time-off", "form": form, "absences": list(own), **context},
            status=status,
        )
