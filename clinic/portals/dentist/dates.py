"""Dates with other hours than the weekly ones, or closed."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments import impact
from availability import schedule
from availability.models import Closure, DateOverride
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.errors import ClinicError, Malformed
from clinic.portals.dentist import undo
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.forms import DateForm
from clinic.portals.dentist.today import day_of


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def dates(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _show(request, DateForm())
    form = DateForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    actor, dentist_id, day = caller(request), own_dentist(request), form.cleaned_data["date"]
    with db.reading(actor):
        if "confirm" not in request.POST and (hit := impact.hit_by_override(actor, dentist_id, day, form.intervals())):
            return _show(request, form, hit=hit)
        before = undo.date_rows(dentist_id, day)
    try:
        schedule.set_override(actor, dentist_id, day, form.intervals())
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    with db.reading(actor):
        undo.remember(request, day.isoformat(), before, undo.date_rows(dentist_id, day))
    messages.success(request, _("This date has its own hours now."))
    return redirect("dentist:dates")


@require_POST
@dentists_only
def undo_date(request: HttpRequest) -> HttpResponseBase:
    """Gives the date the hours back that it had before the last change: other ones, or those of the week."""
    actor, dentist_id, change = caller(request), own_dentist(request), undo.last(request)
    day = _changed_date(change)
    with db.reading(actor):
        now = undo.date_rows(dentist_id, day) if day else None
    undo.forget(request)
    if change is None or day is None or change["after"] != now:
        messages.error(request, _("There is nothing to undo: these hours were changed in the meantime."))
    elif change["before"] is None:
        schedule.clear_override(actor, dentist_id, day)
        messages.success(request, _("This date has your weekly hours again."))
    else:
        schedule.set_override(actor, dentist_id, day, undo.intervals(change["before"]))
        messages.success(request, _("This date has its former hours again."))
    return redirect("dentist:dates")


def _changed_date(change: dict[str, Any] | None) -> date | None:
    """The date of the change that can be undone, None when it was the week's."""
    return None if change is None or change["what"] == "week" else date.fromisoformat(change["what"])


@require_POST
@dentists_only
def clear(request: HttpRequest, day: str) -> HttpResponseBase:
    """Back to the weekly hours."""
    wanted = day_of(day)
    if wanted is None:
        raise Malformed().about("day")
    schedule.clear_override(caller(request), own_dentist(request), wanted)
    messages.success(request, _("This date has your weekly hours again."))
    return redirect("dentist:dates")


def _show(request: HttpRequest, form: DateForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
    with db.reading(caller(request)):
        coming = DateOverride.objects.filter(dentist_id=own_dentist(request), date__gte=clock.today())
        grouped = [
            {"date": day, "intervals": [row for row in rows if row.start_time]}
            for day, rows in groupby(coming.order_by("date", "start_time"), key=lambda row: row.date)
        ]
        context |= {
            "tab": "dates",
            "form": form,
            "rows": form.rows(),
            "changed_date": _changed_date(undo.last(request)) if request.method != "POST" else None,
            "dates": grouped,
            "closures": list(Closure.objects.filter(date__gte=clock.today())[:20]),
        }
        return page(request, "dentist/dates.html", context, status=status)
