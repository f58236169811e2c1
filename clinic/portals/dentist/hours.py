"""A dentist's weekly hours: shown as a form, copied from day to day, and saved once it is clear what they hit."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import impact
from availability import schedule
from availability.models import Weekday, WorkingHours
from clinic.accounts.requests import caller, page
from clinic.core import db
from clinic.core.errors import ClinicError
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.forms import WeekForm

WORKDAYS = range(5)


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def hours(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        rows: dict[str, list[WorkingHours]] = defaultdict(list)
        for row in WorkingHours.objects.filter(dentist_id=own_dentist(request), is_available=True):
            rows[f"day{row.day_of_week}"].append(row)
        return _show(request, WeekForm(rows=rows))
    if (source := request.POST.get("copy", "")) in {str(day) for day in Weekday.values}:
        return _show(request, WeekForm(_copied(request.POST, int(source))), copied=True)
    form = WeekForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    return _save(request, form)


def _copied(data: QueryDict, source: int) -> QueryDict:
    """The same form, with one day's rows in every workday; nothing is saved yet."""
    copied = data.copy()
    for name in list(data):
        if name.startswith(f"day{source}-"):
            for day in WORKDAYS:
                copied[name.replace(f"day{source}-", f"day{day}-", 1)] = str(data[name])
    return copied


def _save(request: HttpRequest, form: WeekForm) -> HttpResponseBase:
    actor, dentist_id, intervals = caller(request), own_dentist(request), form.intervals()
    if "confirm" not in request.POST:
        with db.reading(actor):
            if hit := impact.hit_by_weekly_hours(actor, dentist_id, intervals):
                return _show(request, form, hit=hit)
    try:
        schedule.set_weekly_hours(actor, dentist_id, intervals)
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    messages.success(request, _("Your hours are saved. Patients see them now."))
    return redirect("dentist:hours")


def _show(request: HttpRequest, form: WeekForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
    return page(
        request, "dentist/hours.html", {"tab": "hours", "form": form, "days": form.days(), **context}, status=status
    )
