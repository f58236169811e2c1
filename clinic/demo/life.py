"""How a demo visit has gone so far: its status, when each step was taken, who booked it and what was paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from appointments.models import (
    Appointment,
    BookingSource,
    MedicalRecord,
    PaymentMethod,
    PaymentStatus,
    Status,
    TriageBand,
)
from clinic.core import clock
from clinic.demo import intake
from clinic.demo.chance import new_id, pick, reference
from clinic.demo.people import Person
from dentists.models import Dentist, Treatment

PAST = {Status.COMPLETED: 0.87, Status.NO_SHOW: 0.05, Status.CANCELLED: 0.08}
COMING = {Status.CONFIRMED: 0.86, Status.PENDING: 0.09, Status.CANCELLED: 0.05}
SOURCES = {BookingSource.MANUAL: 0.52, BookingSource.CHATBOT: 0.2, BookingSource.STAFF: 0.28}
REASONS = {
    "patient": ("Have to work", "Child is ill", "Found an earlier visit", "Have a cold"),
    "desk": ("Called: cannot come", "Dentist was ill", "Moved by phone to another week"),
}
_CONSENT = "2026-11"
_TOLD_SOMETHING = 0.6  # of those who booked for themselves


@dataclass(frozen=True, slots=True)
class Case:
    """Who comes to whom, for what and when; `number` counts the visits from 0."""

    number: int
    person: Person
    dentist: Dentist
    treatment: Treatment
    start: datetime
    end: datetime

    @property
    def is_urgent(self) -> bool:
        return self.treatment.slug == "toothache"


def visit_of(case: Case, now: datetime, chance: Random) -> Appointment:
    """The visit as it would stand in the books at `now`."""
    source = BookingSource(pick(chance, SOURCES))
    booked = _booked(case, source, min(case.start, now), chance)
    status = _status(case, source, now, chance)
    visit = Appointment(
        id=new_id(chance),
        booking_reference=reference(case.number),
        patient_id=case.person.id,
        dentist=case.dentist,
        treatment=case.treatment,
        treatment_name=case.treatment.name,
        starts_at=case.start,
        ends_at=case.end,
        buffer_before_minutes=case.treatment.buffer_before_minutes,
        buffer_after_minutes=case.treatment.buffer_after_minutes,
        status=status,
        booking_source=source,
        patient_name=case.person.name,
        patient_email=case.person.email,
        patient_phone=case.person.phone,
        patient_birth_date=case.person.born,
        payment_amount=case.treatment.price,
        triage_band=_band(case, source, chance),
        created_at=booked,
        confirmed_at=None if status == Status.PENDING else booked,
    )
    if source != BookingSource.STAFF:
        visit.consent_version, visit.consent_at = _CONSENT, booked
    _steps(visit, now, chance)
    steps = (visit.checked_in_at, visit.completed_at, visit.no_show_at, visit.cancelled_at)
    visit.updated_at = max(when for when in (booked, *steps) if when is not None)
    return visit


def _booked(case: Case, source: BookingSource, before: datetime, chance: Random) -> datetime:
    """When it was booked: within a day for what hurts, else by day, and by the practice only while it is open."""
    if case.is_urgent:
        return before - timedelta(hours=chance.uniform(1, 20))
    day = clock.local(before - timedelta(days=chance.uniform(1, 40))).date()
    first, last = (8, 16) if source == BookingSource.STAFF else (7, 22)
    return clock.at(day, time(chance.randint(first, last), chance.randint(0, 59), chance.randint(0, 59)))


def _status(case: Case, source: BookingSource, now: datetime, chance: Random) -> Status:
    if case.end <= now:
        return pick(chance, PAST)
    if case.start <= now:
        return Status.CHECKED_IN
    status = pick(chance, COMING)
    return Status.CONFIRMED if status == Status.PENDING and source == BookingSource.STAFF else status


def _band(case: Case, source: BookingSource, chance: Random) -> str:
    if case.is_urgent:
        return TriageBand.URGENT.value
    if source != BookingSource.CHATBOT:
        return ""
    return chance.choice((TriageBand.SOON, TriageBand.ROUTINE, TriageBand.ROUTINE)).value


def _steps(visit: Appointment, now: datetime, chance: Random) -> None:
    minutes = chance.randint(1, 12)
    if visit.status in (Status.CHECKED_IN, Status.COMPLETED):
        visit.checked_in_at = visit.starts_at - timedelta(minutes=minutes)
    if visit.status == Status.COMPLETED:
        visit.completed_at = min(now, visit.ends_at + timedelta(minutes=minutes - 6))
        visit.payment_method = chance.choice((PaymentMethod.CASH, PaymentMethod.CASH, PaymentMethod.STRIPE))
        visit.payment_status = PaymentStatus.PAID if chance.random() < 0.93 else PaymentStatus.PENDING
    elif visit.status == Status.NO_SHOW:
        visit.no_show_at = min(now, visit.starts_at + timedelta(minutes=15 + minutes))
    elif visit.status == Status.CANCELLED:
        visit.cancelled_by = chance.choice(("patient", "patient", "desk"))
        visit.cancellation_reason = chance.choice(REASONS[visit.cancelled_by])
        since = min(visit.starts_at, now) - visit.created_at
        visit.cancelled_at = visit.created_at + since * chance.uniform(0.3, 0.95)
        visit.sequence = 1


def records(visits: Sequence[Appointment], chance: Random) -> Iterator[MedicalRecord]:
    """What most of those who booked for themselves told about their health."""
    for visit in visits:
        if visit.booking_source == BookingSource.STAFF or visit.treatment is None or chance.random() > _TOLD_SOMETHING:
            continue
        told = intake.told_for(visit.treatment.slug, chance)
        if visit.triage_band == TriageBand.URGENT:
            told["triage_reason"] = "Pain or injury, no sign of danger: to be seen within 24 hours."
        yield MedicalRecord(appointment=visit, **told)
