"""Rescheduling: the new time is won before the old one is given up, in one transaction; the reference stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from appointments import policies
from appointments.errors import ChangedMeanwhile, InvalidTransition, TooLateToMove, TooYoung
from appointments.models import Appointment, Status
from appointments.queries import visit_to_change
from availability import placing
from availability.catalogue import dentist_of, offered
from availability.errors import OutsideHours, SlotTaken
from availability.reservations import alternatives, held_there
from availability.slots import Visit
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed
from clinic.core.models import ClinicSettings
from clinic.patients.models import age_on
from dentists.models import Dentist


def reschedule(
    actor: Actor,
    visit_id: UUID,
    *,
    start: datetime,
    dentist: UUID | str | None = None,
    outside_rules: bool = False,
    sequence: int | None = None,
) -> Appointment:
    """Moves a visit that is still to come, with its duration, price and reference as booked.

    Patients until the clinic's cut-off (`TooLateToMove`), staff always; `outside_rules` frees staff as in booking.
    Raises `NotFound`, `NotAllowed`, `InvalidTransition`, `NoSuchDentist`, `WrongTreatment`, `TooYoung` for the new day,
    what `placing.check` raises, `AlreadyBooked`, and `SlotTaken` with the nearest free slots. With the visit's `sequence`
    that the caller saw also `ChangedMeanwhile`, where it was moved elsewhere since.
    """
    start = placing.checked_start(start)
    try:
        return _move(actor, visit_id, start, dentist, outside_rules, sequence)
    except SlotTaken as taken:
        where = dentist if dentist is not None else taken.details.pop("dentist", None)
        treatment = taken.details.pop("treatment", None)
        if where is not None and treatment is not None:
            taken.details["alternatives"] = alternatives(actor, where, treatment, start, moving=visit_id)
        raise


def _move(
    actor: Actor,
    visit_id: UUID,
    start: datetime,
    dentist: UUID | str | None,
    outside_rules: bool,
    sequence: int | None,
) -> Appointment:
    context: dict[str, UUID | None] = {}
    try:
        with db.transaction(actor):
            visit = visit_to_change(actor, visit_id)
            as_staff = policies.runs(actor, visit)
            if not as_staff and not policies.owns(actor, visit):
                raise NotAllowed()
            if visit.status not in (Status.PENDING, Status.CONFIRMED):
                raise InvalidTransition(status=visit.status).about("status")
            if not as_staff and clock.now() > move_until(visit, ClinicSettings.current()):
                raise TooLateToMove()
            who = _dentist(actor, visit, dentist)
            context.update(dentist=who.pk, treatment=visit.treatment_id)
            if (start, who.pk) == (visit.starts_at, visit.dentist_id):
                return visit
            if sequence not in (None, visit.sequence):
                raise ChangedMeanwhile(status=visit.status)
            age = age_on(visit.patient_birth_date, clock.local(start).date())
            if not as_staff and visit.treatment is not None and age is not None and age < visit.treatment.minimum_age:
                raise TooYoung().about("start")
            length = Visit(
                visit.ends_at - visit.starts_at,
                timedelta(minutes=visit.buffer_before_minutes),
                timedelta(minutes=visit.buffer_after_minutes),
            )
            where = placing.check(
                actor, who.pk, length, start, outside_rules=outside_rules and as_staff, moving=visit.pk
            )
            _give_up_own_hold(actor, visit, where, who.pk)
            visit.dentist_id, visit.starts_at, visit.ends_at = who.pk, where.start, where.end
            visit.sequence += 1
            visit.outside_rules = outside_rules and as_staff
            visit.save(update_fields=["dentist", "starts_at", "ends_at", "sequence", "outside_rules"])
            visit.refresh_from_db()
            return visit
    except SlotTaken as taken:
        taken.details.update(context)
        raise


def _give_up_own_hold(actor: Actor, visit: Appointment, where: placing.Place, dentist: UUID) -> None:
    """Whoever kept the new time for themselves moves into it. The person comes before the hold, as in booking."""
    db.value("SELECT availability_lock_person(%s)", [visit.patient_id])
    hold = held_there(actor, dentist, where)
    if hold is not None:
        hold.delete()


def _dentist(actor: Actor, visit: Appointment, wanted: UUID | str | None) -> Dentist:
    if wanted is None:
        if visit.dentist_id is None:
            raise OutsideHours().about("dentist_id")
        return dentist_of(visit.dentist_id)
    who = dentist_of(wanted)
    if actor.role == Role.DENTIST and who.pk != actor.dentist_id and policies.runs(actor, visit):
        raise NotAllowed()
    if who.pk != visit.dentist_id and visit.treatment is not None:
        offered(who, visit.treatment, actor=actor)
    return who


def move_until(visit: Appointment, settings: ClinicSettings) -> datetime:
    """The last instant at which a patient may move this visit."""
    return visit.starts_at - timedelta(hours=settings.reschedule_cutoff_hours)
