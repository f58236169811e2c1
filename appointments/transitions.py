"""The life of a visit: every step, and the undoing of the day's last one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from appointments import policies
from appointments.errors import InvalidTransition, NotBegun, NothingToUndo, NotYetItsDay, TooLateToCancel
from appointments.models import Appointment, Status
from appointments.queries import visit_to_change
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import ClinicError, Malformed, NotAllowed
from clinic.core.models import ClinicSettings
from clinic.core.texts import is_storable

# From which statuses a step may be taken.
STEPS: dict[Status, frozenset[Status]] = {
    Status.CONFIRMED: frozenset({Status.PENDING}),
    Status.CHECKED_IN: frozenset({Status.CONFIRMED}),
    Status.COMPLETED: frozenset({Status.CHECKED_IN}),
    Status.NO_SHOW: frozenset({Status.CONFIRMED, Status.CHECKED_IN}),
    Status.CANCELLED: frozenset({Status.PENDING, Status.CONFIRMED}),
}
_WHEN = {
    Status.CONFIRMED: "confirmed_at",
    Status.CHECKED_IN: "checked_in_at",
    Status.COMPLETED: "completed_at",
    Status.NO_SHOW: "no_show_at",
}


def confirm(actor: Actor, visit_id: UUID) -> Appointment:
    """`pending` to `confirmed`, by staff. Raises `NotFound`, `NotAllowed`, `InvalidTransition`, as all of these do."""
    return _step(actor, visit_id, Status.CONFIRMED)


def check_in(actor: Actor, visit_id: UUID) -> Appointment:
    """`confirmed` to `checked_in`: the patient is here. Raises `NotYetItsDay` before the visit's clinic date; patients come
    early, and what was forgotten can be caught up on."""
    return _step(actor, visit_id, Status.CHECKED_IN)


def complete(actor: Actor, visit_id: UUID) -> Appointment:
    """`checked_in` to `completed`."""
    return _step(actor, visit_id, Status.COMPLETED)


def mark_no_show(actor: Actor, visit_id: UUID) -> Appointment:
    """`confirmed` or `checked_in` to `no_show`; the time is free again at once. Raises `NotBegun` before the start."""
    return _step(actor, visit_id, Status.NO_SHOW)


def _step(actor: Actor, visit_id: UUID, to: Status) -> Appointment:
    with db.transaction(actor):
        visit = visit_to_change(actor, visit_id)
        if not policies.runs(actor, visit):
            raise NotAllowed()
        _expect(visit, to)
        if (too_early := _too_early(visit, to)) is not None:
            raise too_early
        visit.status = to
        setattr(visit, _WHEN[to], clock.now())
        visit.save(update_fields=["status", _WHEN[to]])
        visit.refresh_from_db()
        return visit


def _expect(visit: Appointment, to: Status) -> None:
    if visit.status not in STEPS[to]:
        raise InvalidTransition(status=visit.status).about("status")


def _too_early(visit: Appointment, to: Status) -> ClinicError | None:
    """Why the hour forbids a step, None when it does not."""
    if to == Status.NO_SHOW and clock.now() < visit.starts_at:
        return NotBegun().about("status")
    if to == Status.CHECKED_IN and clock.today() < visit.appointment_date:
        return NotYetItsDay().about("status")
    return None


def is_open(visit: Appointment, to: Status) -> bool:
    """Whether this step can be taken now, by its status and by the hour, by whoever runs the visit; no query."""
    return visit.status in STEPS[to] and _too_early(visit, to) is None


def cancel(actor: Actor, visit_id: UUID, *, reason: str = "", for_good: bool = False) -> Appointment:
    """`pending` or `confirmed` to `cancelled`; the row stays, the time is free at once.

    Patients until the clinic's cut-off (hours before the start), else `TooLateToCancel`; staff always, and whoever has
    their data erased (`for_good`): no cut-off stands before that right.
    """
    reason = " ".join(reason.split())
    if len(reason) > 200 or not is_storable(reason):
        raise Malformed().about("reason")
    with db.transaction(actor):
        visit = visit_to_change(actor, visit_id)
        as_staff = policies.runs(actor, visit)
        if not as_staff and not policies.owns(actor, visit):
            raise NotAllowed()
        _expect(visit, Status.CANCELLED)
        if not as_staff and not for_good and clock.now() > cancel_until(visit, ClinicSettings.current()):
            raise TooLateToCancel()
        visit.status = Status.CANCELLED
        visit.cancelled_at = clock.now()
        visit.cancellation_reason = reason
        visit.cancelled_by = actor.role.value if as_staff else Role.PATIENT.value
        visit.cancelled_by_user_id = actor.user_id
        visit.sequence += 1
        visit.save(
            update_fields=[
                "status", "cancelled_at", "cancellation_reason", "cancelled_by", "cancelled_by_user", "sequence",
            ]
        )  # fmt: skip
        visit.refresh_from_db()
        return visit


def cancel_until(visit: Appointment, settings: ClinicSettings) -> datetime:
    """The last instant at which a patient may cancel this visit."""
    return visit.starts_at - timedelta(hours=settings.cancel_cutoff_hours)


def can_undo(visit: Appointment) -> bool:
    """Whether the visit's last step was taken today (clinic date) and is one that can be taken back."""
    if visit.status not in (Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW):
        return False
    when: datetime | None = getattr(visit, _WHEN[Status(visit.status)])
    return when is not None and clock.local(when).date() == clock.today()


def is_undone(visit: Appointment, was: str) -> bool:
    """Whether the visit stands where taking back the step to the status `was` leads; no query."""
    return any(to == was and visit.status in before for to, before in STEPS.items())


def undo(actor: Actor, visit_id: UUID, *, was: str | None = None) -> Appointment:
    """Takes back today's last step: a no-show who came after all, a wrong completion, somebody who left again.

    `was` is the status that the caller saw. Raises `InvalidTransition` when the visit has another one by now, for that
    would take back a step nobody meant; `NothingToUndo` when the last step was not today's, and `SlotTaken` when the time
    of a no-show has been given to somebody else meanwhile.
    """
    with db.transaction(actor):
        visit = visit_to_change(actor, visit_id)
        if not policies.runs(actor, visit):
            raise NotAllowed()
        if was not in (None, visit.status):
            raise InvalidTransition(status=visit.status).about("status")
        if not can_undo(visit):
            raise NothingToUndo(status=visit.status)
        name = _WHEN[Status(visit.status)]
        if visit.status == Status.NO_SHOW:
            visit.status = Status.CHECKED_IN if visit.checked_in_at else Status.CONFIRMED
        elif visit.status == Status.COMPLETED:
            visit.status = Status.CHECKED_IN
        else:
            visit.status = Status.CONFIRMED
        setattr(visit, name, None)
        visit.save(update_fields=["status", name])
        visit.refresh_from_db()
        return visit
