"""Which steps of a visit's life are open to a caller: what buttons to draw. The verbs decide again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments import policies, transitions
from appointments.models import Appointment, Status
from clinic.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """A step by the name that paths use, with its verb and what its button says."""

    name: str
    label: Promise
    verb: Callable[[Actor, UUID], Appointment]
    to: Status | None = None


STEPS = {
    step.name: step
    for step in (
        Step("confirm", _("Confirm"), transitions.confirm, Status.CONFIRMED),
        Step("check-in", _("Check in"), transitions.check_in, Status.CHECKED_IN),
        Step("complete", _("Complete"), transitions.complete, Status.COMPLETED),
        Step("no-show", _("Did not come"), transitions.mark_no_show, Status.NO_SHOW),
        Step("undo", _("Undo"), transitions.undo),
    )
}


def open_steps(actor: Actor, visit: Appointment) -> list[Step]:
    """The steps that may be taken now, in the order of a visit's life; no query."""
    if not policies.runs(actor, visit):
        return []
    found = [step for step in STEPS.values() if step.to and transitions.is_open(visit, step.to)]
    if transitions.can_undo(visit):
        found.append(STEPS["undo"])
    return found
