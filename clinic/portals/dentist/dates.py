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
from availability.schedule import Interval
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.errors import ClinicError, Malformed
from clinic.portals.days import day_of
from clinic.portals.dentist import undo
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.asking import to_ask
from clinic.portals.dentist.forms import DateForm


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def dates(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _show(request, DateForm(initial={"date": day_of(request.GET.get("date", ""))}))
    form = DateForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    day = form.cleaned_data["date"]
    if asked := _to_ask(request, day, form.intervals()):
        return _show(request, form, **asked)
    try:
        _change(request, day, form.intervals())
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    messages.success(request, _("This date has its own hours now."))
    return redirect("dentist:dates")


@require_POST
@dentists_only
def undo_date(request: HttpRequest) -> HttpResponseBase:
    """Gives the date the hours back that it had before the last change: other ones, or those of the week."""
    change, day = undo.last(request), undo.last_date(request)
    with db.reading(caller(request)):
        now = undo.date_rows(own_dentist(request), day) if day else None
    if change is None or day is None or change["after"] != now:
        undo.forget(request)
        messages.error(request, _("There is nothing to undo: these hours were changed in the meantime."))
        return redirect("dentist:dates")
    former = None if change["before"] is None else undo.intervals(change["before"])
    if asked := _to_ask(request, day, former):
        return _show(request, DateForm(), again=request.path, **asked)
    _change(request, day, former)
    undo.forget(request)
    if former is None:
        messages.success(request, _("This date has your weekly hours again."))
    else:
        messages.success(request, _("This date has its former hours again."))
    return redirect("dentist:dates")


@require_POST
@dentists_only
def clear(request: HttpRequest, day: str) -> HttpResponseBase:
    """Back to the weekly hours."""
    wanted = day_of(day)
    if wanted is None:
        raise Malformed().about("day")
    if asked := _to_ask(request, wanted, None):
        return _show(request, DateForm(), again=request.path, **asked)
    _change(request, wanted, None)
    messages.success(request, _("This date has your weekly hours again."))
    return redirect("dentist:dates")


def _to_ask(request: HttpRequest, day: date, hours: list[Interval] | None) -> dict[str, Any]:
    """What is asked first about the visits that these hours (None: the weekly ones) leave outside."""
    actor, dentist_id = caller(request), own_dentist(request)
    with db.reading(actor):
        if hours is None:
            return to_ask(request, impact.hit_by_weekly_hours_again(actor, dentist_id, day))
        return to_ask(request, impact.hit_by_override(actor, dentist_id, day, hours))


def _change(request: HttpRequest, day: date, hours: list[Interval] | None) -> None:
    """Gives the date these hours, and remembers what it had."""
    actor, dentist_id = caller(request), own_dentist(request)
    with db.reading(actor):
        before = undo.date_rows(dentist_id, day)
    if hours is None:
        schedule.clear_override(actor, dentist_id, day)
    else:
        schedule.set_override(actor, dentist_id, day, hours)
    with db.reading(actor):
        undo.remember(request, day.isoformat(), before, undo.date_rows(dentist_id, day))


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
            **form.rows(),
            "changed_date": undo.last_date(request) if request.method != "POST" else None,
            "dates": grouped,
            "closures": list(Closure.objects.filter(date__gte=clock.today())[:20]),
        }
        return page(request, "dentist/dates.html", context, status=status)
