"""A dentist's time off: from a day or a moment to another, and which visits it would hit."""

from __future__ import annotations

from datetime import date, time, timedelta
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
from clinic.portals.dentist import undo
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.asking import to_ask
from clinic.portals.dentist.forms import TimeOffForm

TIMES = ("first_day", "first_time", "last_day", "last_time")


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def time_off(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        # An address may say from when until when: so the calendar hands over what was chosen there.
        return _show(request, TimeOffForm(initial={name: request.GET.get(name, "")[:10] for name in TIMES}))
    return _save(request, TimeOffForm(request.POST))


def _save(request: HttpRequest, form: TimeOffForm) -> HttpResponseBase:
    if not form.is_valid():
        return _show(request, form, status=422)
    data = form.cleaned_data
    start = clock.at(data["first_day"], data["first_time"] or time(0))
    # Without a time the last day is off as a whole.
    last = data["last_day"] if data["last_time"] else data["last_day"] + timedelta(days=1)
    end = clock.at(last, data["last_time"] or time(0))
    actor, dentist_id = caller(request), own_dentist(request)
    if end > start:
        with db.reading(actor):
            asked = to_ask(request, impact.hit_by_time_off(actor, dentist_id, start, end))
        if asked:
            return _show(request, form, **asked)
    try:
        added = schedule.add_time_off(actor, dentist_id, start, end, reason=data["reason"])
    except ClinicError as error:
        form.tell(error)
        return _show(request, form, status=error.status)
    undo.remember(request, undo.TIME_OFF, None, undo.absence_row(added))
    messages.success(request, _("Your time off is saved. Nobody can book it."))
    return redirect("dentist:time-off")


@require_POST
@dentists_only
def remove(request: HttpRequest, time_off_id: int) -> HttpResponseBase:
    with db.reading(caller(request)):
        found = _own(request).filter(pk=time_off_id).first()
    schedule.remove_time_off(caller(request), time_off_id)
    if found is not None:
        undo.remember(request, undo.TIME_OFF, undo.absence_row(found), None)
    messages.success(request, _("This time can be booked again."))
    return redirect("dentist:time-off")


@require_POST
@dentists_only
def undo_time_off(request: HttpRequest) -> HttpResponseBase:
    """Takes the last absence back, or puts the one back that was removed, with the same warning as a new one."""
    change = undo.last(request)
    if change is not None and change["what"] == undo.TIME_OFF:
        if change["before"] is not None:
            return _save(request, TimeOffForm(_as_sent(change["before"])))
        with db.reading(caller(request)):
            found = _own(request).filter(pk=change["after"][0]).first()
        if found is not None and undo.absence_row(found) == change["after"]:
            return remove(request, found.pk)
    undo.forget(request)
    messages.error(request, _("There is nothing to undo: this was changed in the meantime."))
    return redirect("dentist:time-off")


def _as_sent(row: list[Any]) -> dict[str, str]:
    """What a browser would send of a remembered absence."""
    start, end = (clock.local(instant) for instant in undo.span(row))
    sent = {"first_day": f"{start:%Y-%m-%d}", "first_time": f"{start:%H:%M}", "reason": row[3]}
    if end.time() == time(0):
        return sent | {"last_day": f"{end - timedelta(days=1):%Y-%m-%d}"}
    return sent | {"last_day": f"{end:%Y-%m-%d}", "last_time": f"{end:%H:%M}"}


def _days(absence: TimeOff) -> tuple[date | None, date | None]:
    """The first and the last clinic date of an absence of whole days; of any other, nothing."""
    start, end = clock.local(absence.starts_at), clock.local(absence.ends_at)
    if start.time() != time(0) or end.time() != time(0):
        return None, None
    return start.date(), end.date() - timedelta(days=1)


def _own(request: HttpRequest) -> Any:
    return TimeOff.objects.filter(dentist_id=own_dentist(request))


def _show(request: HttpRequest, form: TimeOffForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
    change = undo.last(request) if request.method != "POST" else None
    with db.reading(caller(request)):
        context |= {
            "tab": "time-off",
            "form": form,
            "absences": [(one, *_days(one)) for one in _own(request).filter(ends_at__gt=clock.now())],
            "can_undo": change is not None and change["what"] == undo.TIME_OFF,
        }
        return page(request, "dentist/time_off.html", context, status=status)
