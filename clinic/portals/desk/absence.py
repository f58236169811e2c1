"""A dentist is ill: who is booked, who else is free, and telling everybody at once."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from appointments import impact, transitions
from appointments.models import Appointment
from availability import schedule
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.choices import Choices
from clinic.portals.desk.colleagues import free_colleagues, shared_out
from clinic.portals.desk.forms import AbsenceForm
from clinic.portals.desk.visits import moved_to

CANCEL = "cancel"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def absence(request: HttpRequest) -> HttpResponseBase:
    """`?dentist=&date=&until=` lists the visits that an absence hits, each with a free colleague; POST does what was
    chosen for each: `to-<visit>` is a dentist, `cancel`, or nothing."""
    actor = caller(request)
    with db.reading(actor):
        choices = Choices.read()
        names = [(str(one.pk), one.name) for one in choices.dentists]
        if request.method != "POST" and "dentist" not in request.GET:
            form = AbsenceForm(initial={"date": clock.today()}, dentists=names)
            return page(request, "desk/absence.html", {"tab": "absence", "form": form})
        form = AbsenceForm(request.POST if request.method == "POST" else _asked(request.GET, choices), dentists=names)
        if not form.is_valid():
            return page(request, "desk/absence.html", {"tab": "absence", "form": form}, status=422)
        hit = _hit(actor, form)
        if request.method != "POST":
            return _show(request, form, hit, choices)
    try:
        _away(actor, form, noted="off" in request.POST)
    except ClinicError as error:
        form.tell(error)
        with db.reading(actor):
            return _show(request, form, _hit(actor, form), choices, status=422)
    left = _carried_out(request, actor, hit)
    data = form.cleaned_data
    asked = {"dentist": data["dentist"], "date": data["date"].isoformat(), "until": data["until"].isoformat()}
    if left:
        return redirect(f"{reverse('desk:absence')}?{urlencode(asked)}")
    return redirect(f"{reverse('desk:day')}?date={asked['date']}")


def _asked(query: QueryDict, choices: Choices) -> QueryDict:
    """What an address says: a dentist by id or short name, from today on unless it says otherwise."""
    asked = query.copy()
    if (dentist := choices.dentist(asked.get("dentist", ""))) is not None:
        asked["dentist"] = str(dentist.pk)
    if not asked.get("date"):
        asked["date"] = clock.today().isoformat()
    return asked


def _span(form: AbsenceForm) -> tuple[Any, Any]:
    data = form.cleaned_data
    return clock.at(data["date"], time(0)), clock.at(data["until"] + timedelta(days=1), time(0))


def _hit(actor: Actor, form: AbsenceForm) -> list[Appointment]:
    return impact.hit_by_time_off(actor, form.cleaned_data["dentist"], *_span(form))


def _show(
    request: HttpRequest, form: AbsenceForm, hit: list[Appointment], choices: Choices, *, status: int = 200
) -> HttpResponseBase:
    free = free_colleagues(hit)
    given = shared_out(hit, free)
    rows = [{"visit": one, "colleagues": free[one.pk], "chosen": given.get(one.pk)} for one in hit]
    dentist = choices.dentist(form.cleaned_data["dentist"])
    context = {"tab": "absence", "form": form, "dentist": dentist, "rows": rows, "asked": form.cleaned_data}
    return page(request, "desk/absence.html", context, status=status)


def _away(actor: Actor, form: AbsenceForm, *, noted: bool) -> None:
    """First of all nobody else may book there."""
    if noted:
        start, end = _span(form)
        schedule.add_time_off(actor, form.cleaned_data["dentist"], start, end, reason=form.cleaned_data["reason"])


def _carried_out(request: HttpRequest, actor: Actor, hit: list[Appointment]) -> int:
    """Each visit by itself, so that one that cannot be moved keeps no other. Returns how many are left."""
    moved = cancelled = 0
    failed, left = [], 0
    reason = request.POST.get("told", "")
    for visit in hit:
        wish = request.POST.get(f"to-{visit.pk}", "")
        start = clock.local(visit.starts_at)
        try:
            if wish == CANCEL:
                transitions.cancel(actor, visit.pk, reason=reason)
                cancelled += 1
            elif wish:
                moved_to(actor, visit, date=start.date(), time=start.time(), dentist=wish)
                moved += 1
            else:
                left += 1
        except (ClinicError, ValueError) as error:
            left += 1
            why = error.message if isinstance(error, ClinicError) else _("We do not know this dentist.")
            failed.append(f"{visit.patient_name}: {why}")
    if moved:
        text = ngettext("%(n)s visit is with a colleague now.", "%(n)s visits are with colleagues now.", moved)
        messages.success(request, text % {"n": moved})
    if cancelled:
        text = ngettext("%(n)s visit is cancelled.", "%(n)s visits are cancelled.", cancelled)
        messages.success(request, text % {"n": cancelled})
    for line in failed:
        messages.error(request, line)
    return left
