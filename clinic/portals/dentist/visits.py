"""A dentist's visits: the list with filters, one visit with its intake and its steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments import medical, moving
from appointments.errors import ChangedMeanwhile
from appointments.models import Appointment, BookingSource, Status
from appointments.queries import visit_for
from appointments.references import normalized
from appointments.steps import open_steps
from appointments.timeline import timeline
from availability.placing import wall_start
from clinic.accounts.requests import caller, page, reads_medical
from clinic.core import clock, db
from clinic.core.errors import ClinicError, NotFound
from clinic.portals.days import day_of
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.staff import by_hand, steps
from clinic.portals.staff.forms import CancelForm, MoveForm
from clinic.portals.staff.free_time import length_of
from clinic.portals.staff.suggestions import instead, nearest

PAGE = 30
TRIAGE = ("symptoms", "triage_reason")  # what a triage leaves besides the urgency


@require_safe
@dentists_only
def visit_list(request: HttpRequest) -> HttpResponseBase:
    """Every visit of the dentist, filtered by status, source, dates and a name or reference; filters stand in the URL."""
    rows = Appointment.objects.filter(dentist_id=own_dentist(request)).order_by("starts_at", "id")
    status, source = request.GET.get("status", ""), request.GET.get("source", "")
    q = " ".join(request.GET.get("q", "").split())[:80]
    first, last = day_of(request.GET.get("from", "")), day_of(request.GET.get("to", ""))
    if not request.GET:
        first = clock.today()
    if status in Status.values:
        rows = rows.filter(status=status)
    if source in BookingSource.values:
        rows = rows.filter(booking_source=source)
    if first:
        rows = rows.filter(starts_at__gte=clock.day_bounds(first)[0])
    if last:
        rows = rows.filter(starts_at__lt=clock.day_bounds(last)[1])
    if q:
        reference = normalized(q)
        rows = rows.filter(booking_reference=reference) if reference else rows.filter(patient_name__icontains=q)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "visits",
        "page_obj": shown,
        "status": status,
        "statuses": Status.choices,
        "source": source,
        "sources": BookingSource.choices,
        "q": q,
        "from": first,
        "to": last,
    }
    return page(request, "dentist/visits.html", context)


@reads_medical
@require_safe
@dentists_only
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """One visit. Showing its intake is written down, so this page's transaction may write."""
    return _visit_page(request, visit_id)


def _visit_page(request: HttpRequest, visit_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponseBase:
    actor = caller(request)
    found = visit_for(actor, visit_id)
    if found.dentist_id != actor.dentist_id:
        raise NotFound()
    texts = medical.read_for(actor, visit_id)
    start = clock.local(found.starts_at)
    judged = TRIAGE if found.triage_band else ()
    dentists = [found.dentist] if found.dentist is not None else []
    context = {
        "tab": "visits",
        "visit": found,
        "triage": {name: texts[name] for name in judged},
        "intake": [(label, texts[name]) for name, label in medical.labels() if texts[name] and name not in judged],
        "steps": open_steps(actor, found),
        "may_change": found.status in (Status.PENDING, Status.CONFIRMED),
        "is_later": found.status == Status.CONFIRMED and start.date() > clock.today(),
        "move_form": MoveForm(initial={"date": start.date(), "time": start.time()}),
        "cancel_form": CancelForm(),
        "history": timeline(actor, visit_id),
    } | forms
    context["alternatives"] = nearest(forms.get("alternatives", ()), dentists)
    return page(request, "dentist/visit.html", context, status=status)


@reads_medical
@require_POST
@dentists_only
def take_step(request: HttpRequest, visit_id: UUID, step: str) -> HttpResponseBase:
    """Confirm, check in, complete, no-show, undo, cancel or move, each through its verb."""
    if step == "move":
        return _move(request, visit_id)
    if step == "cancel":
        form = steps.cancel(request, visit_id)
        return redirect("dentist:visit", visit_id) if form is None else _again(request, visit_id, cancel_form=form)
    back = day_of(request.POST.get("back", ""))
    steps.take(request, visit_id, step)
    return redirect(f"{reverse('dentist:today')}?day={back}") if back else redirect("dentist:visit", visit_id)


def _move(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    form = MoveForm(instead(request.POST))
    alternatives: list[dict[str, Any]] = []
    if form.is_valid():
        data = form.cleaned_data
        try:
            start = wall_start(data["date"], data["time"])
            _move_to(request, visit_id, start, outside_rules=data["outside_rules"], sequence=data["sequence"])
        except ChangedMeanwhile as changed:
            messages.error(request, str(changed.message))
            return redirect("dentist:visit", visit_id)
        except ClinicError as error:
            if error.status == 404:
                raise
            form.tell(error)
            alternatives = error.details.get("alternatives", [])
        else:
            messages.success(request, _("The visit is moved."))
            return redirect("dentist:visit", visit_id)
    return _again(request, visit_id, move_form=form, alternatives=alternatives)


def _move_to(
    request: HttpRequest, visit_id: UUID, start: datetime, *, outside_rules: bool, sequence: int | None
) -> None:
    actor, dentist_id = caller(request), own_dentist(request)

    def attempt(outside: bool) -> Appointment:
        return moving.reschedule(actor, visit_id, start=start, outside_rules=outside, sequence=sequence)

    def why_not() -> ClinicError | None:
        with db.reading(actor):
            return by_hand.why_not(dentist_id, length_of(visit_for(actor, visit_id)), start)

    attempt(True) if outside_rules else by_hand.placed(attempt, why_not)


def _again(request: HttpRequest, visit_id: UUID, **forms: Any) -> HttpResponseBase:
    """The page once more after a refusal, with what was typed."""
    with db.transaction(caller(request)):
        return _visit_page(request, visit_id, status=422, **forms)
