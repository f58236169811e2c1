"""Handing a visit over: a dentist who cannot come gives it to a colleague, at the time at which it is booked."""

from __future__ import annotations

from uuid import UUID

from appointments import policies
from appointments.errors import InvalidTransition
from appointments.impact import fits
from appointments.models import Appointment, Status
from appointments.queries import visit_to_change
from availability.catalogue import dentist_of, offered
from availability.errors import DuringTimeOff, InThePast, OutsideHours, SlotTaken
from availability.schedules import schedules
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed
from dentists.models import Dentist


def hand_over(actor: Actor, visit_id: UUID, dentist: UUID | str) -> None:
    """Puts a visit of the caller's own schedule on a colleague's, who works then and is free; reference, price and duration
    stay, and the patient is told.

    For dentists: who runs both schedules reschedules (`moving.reschedule`). Neither grid nor notice matters, as the time
    was booked already. Raises `NotFound`, `NotAllowed`, `InvalidTransition`, `InThePast` when it is over, `NoSuchDentist`,
    `WrongTreatment`, `OutsideHours`, `DuringTimeOff`, `SlotTaken`.
    """
    with db.transaction(actor):
        visit = visit_to_change(actor, visit_id)
        if actor.role != Role.DENTIST or not policies.runs(actor, visit):
            raise NotAllowed()
        if visit.status not in (Status.PENDING, Status.CONFIRMED):
            raise InvalidTransition(status=visit.status).about("status")
        if visit.ends_at <= clock.now():
            raise InThePast().about("start")
        who = dentist_of(dentist)
        if who.pk == visit.dentist_id:
            return
        _check(actor, visit, who)
        if not db.value("SELECT appointments_hand_over(%s, %s)", [visit.pk, who.pk]):
            raise SlotTaken().about("start")


def _check(actor: Actor, visit: Appointment, who: Dentist) -> None:
    if visit.treatment is None:
        raise NotAllowed().about("treatment")
    offered(who, visit.treatment, actor=actor)
    day = clock.local(visit.starts_at).date()
    schedule = schedules([who.pk], day, day, moving=visit.pk)[who.pk]
    if not fits(visit, schedule):
        raise OutsideHours().about("dentist_id")
    if any(row.start < visit.ends_at and visit.starts_at < row.end for row in schedule.time_off):
        raise DuringTimeOff().about("dentist_id")
