"""One visit at the desk: its steps, and moving, handing over and cancelling it. What the patient told is not shown here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments import moving
from appointments.errors import ChangedMeanwhile
from appointments.models import Appointment, Status
from appointments.queries import visit_for
from appointments.steps import open_steps
from appointments.timeline import timeline
from availability.placing import wall_start
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.days import day_of
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.booking import day_url
from clinic.portals.desk.choices import Choices
from clinic.portals.desk.forms import MoveForm
from clinic.portals.staff import by_hand, steps
from clinic.portals.staff.colleagues import free_colleagues
from clinic.portals.staff.forms import CancelForm
from clinic.portals.staff.free_time import length_of
from clinic.portals.staff.suggestions import instead, nearest


@require_safe
@desk_only
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    return _page(request, visit_id)


def _page(
    request: HttpRequest,
    visit_id: UUID,
    *,
    move_form: MoveForm | None = None,
    cancel_form: CancelForm | None = None,
    alternatives: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    actor = caller(request)
    with db.reading(actor):
        found = visit_for(actor, visit_id)
        choices, start = Choices.read(), clock.local(found.starts_at)
        may_change = found.status in (Status.PENDING, Status.CONFIRMED)
        context = {
            "tab": "day",
            "visit": found,
            "day": start.date(),
            "steps": open_steps(actor, found),
            "may_change": may_change,
            "is_later": found.status == Status.CONFIRMED and start.date() > clock.today(),
            "colleagues": free_colleagues([found])[found.pk] if may_change else [],
            "move_form": move_form or _move_form(choices, found),
            "cancel_form": cancel_form or CancelForm(),
            "alternatives": nearest(alternatives or [], choices.dentists),
            "history": timeline(actor, visit_id),
        }
        return page(request, "desk/visit.html", context, status=status)


def _move_form(choices: Choices, visit: Appointment) -> MoveForm:
    start = clock.local(visit.starts_at)
    initial = {"date": start.date(), "time": start.time(), "dentist": str(visit.dentist_id or "")}
    return MoveForm(initial=initial, dentists=_able(choices, visit))


def _able(choices: Choices, visit: Appointment) -> list[tuple[str, str]]:
    """Whoever offers the visit's treatment, and whose it is."""
    return [
        (str(one.pk), one.name)
        for one in choices.dentists
        if one.pk == visit.dentist_id or visit.treatment_id in choices.offered.get(one.pk, set())
    ]


@require_POST
@desk_only
def take_step(request: HttpRequest, visit_id: UUID, step: str) -> HttpResponseBase:
    """Confirm, check in, complete, no-show, undo, cancel or move, each through its verb; back to the day with `back`."""
    if step == "move":
        return _move(request, visit_id)
    if step == "cancel":
        form = steps.cancel(request, visit_id)
        return (
            redirect("desk:visit", visit_id) if form is None else _page(request, visit_id, cancel_form=form, status=422)
        )
    back = day_of(request.POST.get("back", ""))
    steps.take(request, visit_id, step)
    return redirect(day_url(back, visit_id, told=True)) if back else redirect("desk:visit", visit_id)


def _move(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    actor = caller(request)
    with db.reading(actor):
        found = visit_for(actor, visit_id)
        form = MoveForm(instead(request.POST), dentists=_able(Choices.read(), found))
    alternatives: list[dict[str, Any]] = []
    if form.is_valid():
        try:
            moved = moved_to(actor, found, **form.cleaned_data)
        except ChangedMeanwhile as changed:
            messages.error(request, str(changed.message))
            return redirect("desk:visit", visit_id)
        except ClinicError as error:
            if error.status == 404:
                raise
            form.tell(error)
            alternatives = error.details.get("alternatives", [])
        else:
            messages.success(request, _("The visit is moved."))
            return redirect(day_url(moved.appointment_date, visit_id, told=True))
    return _page(request, visit_id, move_form=form, alternatives=alternatives, status=422)


def moved_to(
    actor: Actor,
    visit: Appointment,
    *,
    date: Any,
    time: Any,
    dentist: UUID | str,
    outside_rules: bool = False,
    sequence: int | None = None,
) -> Appointment:
    """Moves a visit to a wall time and a dentist, inside the hours without being asked twice. Raises what `reschedule`
    raises."""
    start, target = wall_start(date, time), UUID(str(dentist))

    def attempt(outside: bool) -> Appointment:
        return moving.reschedule(actor, visit.pk, start=start, dentist=target, outside_rules=outside, sequence=sequence)

    def why_not() -> ClinicError | None:
        with db.reading(actor):
            return by_hand.why_not(target, length_of(visit), start)

    return attempt(True) if outside_rules else by_hand.placed(attempt, why_not)
