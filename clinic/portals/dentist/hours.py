"""A dentist's weekly hours: shown as a form, copied from day to day, and saved once it is clear what they hit."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments import impact
from availability import schedule
from availability.models import Weekday, WorkingHours
from availability.schedule import WeeklyInterval
from clinic.accounts.requests import caller, page
from clinic.core import db
from clinic.core.errors import ClinicError
from clinic.portals.dentist import undo
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.asking import to_ask
from clinic.portals.dentist.forms import WeekForm

WORKDAYS = range(5)
_ROW = re.compile(r"day(?P<day>[0-6])-\d{1,2}-start")


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def hours(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        rows: dict[str, list[WorkingHours]] = defaultdict(list)
        for row in WorkingHours.objects.filter(dentist_id=own_dentist(request), is_available=True):
            rows[f"day{row.day_of_week}"].append(row)
        change = undo.last(request)
        can_undo = change is not None and change["what"] == undo.WEEK
        return _show(request, WeekForm(rows=rows), can_undo=can_undo)
    if (copied := _copy_asked(request.POST)) is not None:
        source, targets = copied
        names = [str(Weekday(day).label) for day in targets if day != source]
        return _show(request, WeekForm(_copied(request.POST, source, targets)), copied=names)
    if taken := _ROW.fullmatch(request.POST.get("remove", "")):
        return _show(request, WeekForm(_without(request.POST, taken[0])), removed=int(taken["day"]))
    form = WeekForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    return _save(request, form, form.intervals())


def _without(data: QueryDict, start: str) -> QueryDict:
    """The same form without the row that begins with this field; nothing is saved yet."""
    left = data.copy()
    for name in (start, f"{start.removesuffix('start')}end"):
        left[name] = ""
    return left


def _copy_asked(data: QueryDict) -> tuple[int, list[int]] | None:
    """Which day is copied to which: by a day's own button to every workday, or to those that were ticked."""
    days = {str(day): day for day in Weekday.values}
    button = data.get("copy", "")
    if button in days:
        return days[button], list(WORKDAYS)
    if button == "chosen" and data.get("copy-from") in days:
        return days[str(data["copy-from"])], [days[one] for one in data.getlist("copy-to") if one in days]
    return None


def _copied(data: QueryDict, source: int, targets: list[int]) -> QueryDict:
    """The same form, with one day's rows in other days instead of theirs; nothing is saved yet."""
    copied = data.copy()
    for day in targets:
        if day == source:
            continue
        for name in [one for one in data if one.startswith(f"day{day}-")]:
            del copied[name]
        for name in [one for one in data if one.startswith(f"day{source}-")]:
            copied[name.replace(f"day{source}-", f"day{day}-", 1)] = str(data[name])
    return copied


@require_POST
@dentists_only
def undo_hours(request: HttpRequest) -> HttpResponseBase:
    """Gives the week the hours back that it had before the last change, by the same verb and with the same warning."""
    change = undo.last(request)
    with db.reading(caller(request)):
        now = undo.weekly_rows(own_dentist(request))
    if change is None or change["what"] != undo.WEEK or change["after"] != now:
        undo.forget(request)
        messages.error(request, _("There is nothing to undo: these hours were changed in the meantime."))
        return redirect("dentist:hours")
    former = undo.weekly_intervals(change["before"])
    form = WeekForm(_as_sent(former))
    form.is_valid()
    return _save(request, form, former)


def _as_sent(intervals: list[WeeklyInterval]) -> dict[str, str]:
    """What a browser would send of these hours."""
    sent: dict[str, str] = {}
    numbers: dict[int, int] = defaultdict(int)
    for one in intervals:
        if one.is_available:
            name = f"day{one.day_of_week}-{numbers[one.day_of_week]}"
            numbers[one.day_of_week] += 1
            sent |= {f"{name}-start": f"{one.start:%H:%M}", f"{name}-end": f"{one.end:%H:%M}"}
            sent[f"{name}-access"] = one.access
    return sent


def _save(request: HttpRequest, form: WeekForm, intervals: list[WeeklyInterval]) -> HttpResponseBase:
    actor, dentist_id = caller(request), own_dentist(request)
    with db.reading(actor):
        asked = to_ask(request, impact.hit_by_weekly_hours(actor, dentist_id, intervals))
        before = undo.weekly_rows(dentist_id)
    if asked:
        return _show(request, form, **asked)
    try:
        schedule.set_weekly_hours(actor, dentist_id, intervals)
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    with db.reading(actor):
        undo.remember(request, undo.WEEK, before, undo.weekly_rows(dentist_id))
    messages.success(request, _("Your hours are saved. Patients see them now."))
    return redirect("dentist:hours")


def _show(request: HttpRequest, form: WeekForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
    return page(
        request, "dentist/hours.html", {"tab": "hours", "form": form, "days": form.days(), **context}, status=status
    )
