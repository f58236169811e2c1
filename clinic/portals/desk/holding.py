"""Keeping a time while the desk is still asking the caller's name: answers for the booking form's script."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from availability import reservations
from availability.catalogue import Offered, offered_by
from availability.errors import InThePast, OutsideHours, SlotTaken, TooSoon
from availability.placing import place, wall_start
from availability.schedules import schedules
from clinic.accounts.requests import caller
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.choices import Choices
from clinic.portals.staff import by_hand
from clinic.portals.staff.free_time import is_free
from clinic.portals.staff.suggestions import nearest


@require_POST
@desk_only
def hold(request: HttpRequest) -> HttpResponseBase:
    """`{"state": …, "text": …}`: `held` (with `id`), `open` (it can be booked, but is not kept: off the grid, or soon),
    `taken` (with `alternatives`), `refused`, or `unsaid` while the form does not say enough."""
    actor = caller(request)
    with db.reading(actor):
        choices = Choices.read()
    form = choices.booking_form(request.POST)
    form.is_valid()
    data = form.cleaned_data
    if not all(data.get(name) for name in ("dentist", "treatment", "date", "time")):
        return JsonResponse({"state": "unsaid", "text": ""})
    try:
        start = wall_start(data["date"], data["time"])
        with db.reading(actor):
            what = offered_by(data["dentist"], data["treatment"], actor=actor)
        return JsonResponse(_held(actor, what, start))
    except SlotTaken as taken:
        found = nearest(taken.details.get("alternatives", []), choices.dentists)
        body = {"state": "taken", "text": str(taken.message), "alternatives": [one.told() for one in found]}
        return JsonResponse(body)
    except ClinicError as error:
        if error.status in (429, 503):
            raise
        return JsonResponse({"state": "refused", "text": str(error.message)})


def _held(actor: Actor, what: Offered, start: datetime) -> dict[str, str]:
    try:
        held = reservations.reserve(actor, dentist=what.dentist.pk, treatment=what.treatment.pk, start=start)
    except (TooSoon, OutsideHours, InThePast):
        with db.reading(actor):
            if (reason := by_hand.why_not(what.dentist.pk, what.visit, start)) is not None:
                raise reason from None
            day = clock.local(start).date()
            schedule = schedules([what.dentist.pk], day, day)[what.dentist.pk]
            if is_free(schedule, day, place(what.visit, start)):
                return {"state": "open", "text": _("Free.")}
        raise SlotTaken(
            alternatives=reservations.alternatives(actor, what.dentist.pk, what.treatment.pk, start)
        ) from None
    until = time_format(clock.local(held.expires_at).time(), "TIME_FORMAT")
    return {"state": "held", "id": str(held.id), "text": _("Kept for you until %(time)s.") % {"time": until}}


@require_POST
@desk_only
def release(request: HttpRequest, reservation_id: UUID) -> HttpResponseBase:
    """Gives it back; what is gone already, or somebody else's, is what was wanted, too."""
    reservations.release(caller(request), reservation_id)
    return JsonResponse({"state": "released"})
