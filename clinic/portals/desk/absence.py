"""A dentist is ill: who is booked, who else is free, and telling everybody at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from appointments import impact
from appointments.models import Appointment
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.choices import Choices
from clinic.portals.desk.forms import AbsenceForm
from clinic.portals.desk.visits import moved_to
from clinic.portals.staff import absences


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def absence(request: HttpRequest) -> HttpResponseBase:
    """`?dentist=&date=&until=` lists the visits that an absence hits, each with its ways out; POST does what was chosen for
    each: `to-<visit>` is a colleague, a later time, `cancel`, or nothing."""
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
    if absences.carry_out(request, hit, hand_over=_hand_over):
        return redirect(f"{reverse('desk:absence')}?{form.query()}")
    return redirect(f"{reverse('desk:day')}?date={form.cleaned_data['date']:%Y-%m-%d}")


def _hand_over(actor: Actor, visit: Appointment, to: UUID) -> None:
    start = clock.local(visit.starts_at)
    moved_to(actor, visit, date=start.date(), time=start.time(), dentist=to)


def _asked(query: QueryDict, choices: Choices) -> QueryDict:
    """What an address says: a dentist by id or short name, from today on unless it says otherwise."""
    asked = query.copy()
    if (dentist := choices.dentist(asked.get("dentist", ""))) is not None:
        asked["dentist"] = str(dentist.pk)
    if not asked.get("date"):
        asked["date"] = clock.today().isoformat()
    return asked


def _hit(actor: Actor, form: AbsenceForm) -> list[Appointment]:
    return impact.hit_by_time_off(actor, form.cleaned_data["dentist"], *form.span())


def _show(
    request: HttpRequest, form: AbsenceForm, hit: list[Appointment], choices: Choices, *, status: int = 200
) -> HttpResponseBase:
    prefer = request.GET.get("all", "")
    start, end = form.span()
    dentist_id = form.cleaned_data["dentist"]
    context = {
        "tab": "absence",
        "form": form,
        "dentist": choices.dentist(dentist_id),
        "asked": form.cleaned_data,
        "prefer": prefer,
        "query": form.query(),
        "hits": absences.hits(hit, until=form.cleaned_data["until"], prefer=prefer),
        "is_noted": absences.is_noted(dentist_id, start, end),
    }
    return page(request, "desk/absence.html", context, status=status)


def _away(actor: Actor, form: AbsenceForm, *, noted: bool) -> None:
    """First of all nobody else may book there."""
    if noted:
        absences.note(actor, form.cleaned_data["dentist"], *form.span(), form.cleaned_data["reason"])
