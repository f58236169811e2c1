"""Booking: a hold becomes a visit, or a free slot is booked directly. The constraint has the last word."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from appointments import admission, links, medical, policies
from appointments import contact as contacts
from appointments.contact import Contact
from appointments.errors import ReferenceTaken
from appointments.models import (
    Appointment,
    BookingSource,
    PaymentMethod,
    Status,
    TriageBand,
)  # fmt: skip
from appointments.references import new_reference
from availability import placing
from availability.catalogue import Offered, dentist_of, offered, offered_by, offers_of, treatment_of
from availability.choosing import first_that_works, least_busy
from availability.errors import HoldExpired, HoldMoved, SlotTaken
from availability.models import Reservation
from availability.placing import Place
from availability.reservations import alternatives, held_there, is_live
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import Malformed, NotAllowed
from clinic.core.instances import joined
from clinic.core.languages import spoken
from clinic.core.models import ClinicSettings
from clinic.patients.models import Patient, age_on

_TRIES = 5
_MINUTE = timedelta(minutes=1)
URGENT_BANDS = {TriageBand.EMERGENCY_DENTAL, TriageBand.URGENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks to book. Without a dentist the least busy one is meant; `start` is an instant.

    `outside_rules` is staff's knowing choice to book outside hours, grid, notice or in the past.
    """

    contact: Contact
    treatment: UUID | str | None = None
    dentist: UUID | str | None = None
    start: datetime | None = None
    reservation_id: UUID | None = None
    medical: Mapping[str, str] = field(default_factory=dict)
    payment_method: str = PaymentMethod.CASH
    source: str = BookingSource.MANUAL
    triage_band: str = ""
    consent: bool = False
    outside_rules: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """The stored visit, and the secret of its private link."""

    appointment: Appointment
    link: str


def book(actor: Actor, request: Request) -> Booked:
    """Stores a visit in one transaction, or changes nothing. A dentist books into their own schedule, and for themselves and
    their family with anybody.

    Raises `Malformed`, `BadContact`, `NotAllowed`, `NoSuchDentist`, `NoSuchTreatment`, `WrongTreatment`,
    `NotBookableOnline`, `TooYoung`, `NewPatientsOnly`, `KnownPatientsOnly`, what `placing.check` raises, `AlreadyBooked`,
    `HoldMoved` when the hold is of another slot than the one asked for, and `SlotTaken` or (when the caller's own hold ran
    out and the slot is gone) `HoldExpired`, both with the nearest free slots.
    """
    person = contacts.checked(actor, request.contact)
    texts = medical.checked(request.medical)
    _check_choices(request)
    if request.start is not None:
        request = replace(request, start=placing.checked_start(request.start))
    if request.reservation_id is None:
        _wanted(request)
    for attempt in range(_TRIES):
        try:
            return _book(actor, request, person, texts)
        except ReferenceTaken:
            if attempt == _TRIES - 1:
                raise
        except (SlotTaken, HoldExpired) as taken:
            if request.start is not None and request.treatment is not None:
                around = alternatives(actor, request.dentist, request.treatment, request.start)
                taken.details["alternatives"] = around
            raise
    raise AssertionError("unreachable")


def _check_choices(request: Request) -> None:
    choices: tuple[tuple[str, str, list[str]], ...] = (
        ("payment_method", request.payment_method, PaymentMethod.values),
        ("booking_source", request.source, BookingSource.values),
        ("triage_band", request.triage_band, ["", *TriageBand.values]),
    )
    for field_name, chosen, known in choices:
        if chosen not in known:
            raise Malformed().about(field_name)


def _book(actor: Actor, request: Request, person: Contact, texts: Mapping[str, str]) -> Booked:
    visit_id = uuid.uuid4()
    caller = actor.with_visit(visit_id)
    with db.transaction(caller):
        if request.reservation_id is None and request.dentist is not None:
            # First what can be refused without writing or waiting: most of a rush for one slot ends here.
            _at_dentist(actor, request.dentist, request)
        patient = contacts.person_for(actor, person)
        db.value("SELECT availability_lock_person(%s)", [patient.pk])
        hold = _own_hold(actor, request)
        if hold is not None:
            what = offered(hold.dentist, hold.treatment, actor=actor)
            if is_live(hold.pk):
                where = Place(hold.starts_at, hold.ends_at, hold.busy_from, hold.busy_until)
            else:
                where = _still_free(actor, what, hold.starts_at, request)
            stored = _store(caller, visit_id, what, where, patient, person, request, hold)
        else:
            stored = _book_free(caller, visit_id, patient, person, request)
        medical.store(visit_id, texts)
        # With what triggers filled in.
        [stored] = next(joined([("a", Appointment)], "appointments_appointment a WHERE a.id = %s", [visit_id]))
    return Booked(stored, links.token_for(visit_id))


def _own_hold(actor: Actor, request: Request) -> Reservation | None:
    """The caller's hold that this booking fulfils, locked; None when there is none (any more)."""
    if request.reservation_id is None:
        return None
    hold = (
        Reservation.objects.select_for_update(of=("self",))
        .select_related("dentist", "treatment")
        .filter(pk=request.reservation_id, holder__in=actor.holders)
        .first()
    )
    if hold is None:
        if request.start is None or request.treatment is None:
            raise HoldExpired()
        return None
    if (
        (request.start is not None and request.start != hold.starts_at)
        or (request.dentist is not None and dentist_of(request.dentist).pk != hold.dentist_id)
        or (request.treatment is not None and treatment_of(request.treatment).pk != hold.treatment_id)
    ):
        raise HoldMoved()
    return hold


def _still_free(actor: Actor, what: Offered, start: datetime, request: Request) -> Place:
    try:
        return placing.check(actor, what.dentist.pk, what.visit, start, urgent=_is_urgent(actor, request))
    except SlotTaken as taken:
        raise HoldExpired() from taken


def _book_free(
    actor: Actor,
    visit_id: UUID,
    patient: Patient,
    person: Contact,
    request: Request,
) -> Appointment:
    def store(what: Offered, where: Place) -> Appointment:
        hold = held_there(actor, what.dentist.pk, where)
        return _store(actor, visit_id, what, where, patient, person, request, hold)

    try:
        if request.dentist is not None:
            with db.savepoint():
                return store(*_at_dentist(actor, request.dentist, request))
        start, treatment = _wanted(request)
        offers = offers_of(treatment_of(treatment), actor=actor)
        return first_that_works(
            least_busy(offers, start), lambda what: store(what, _free_place(actor, what, start, request))
        )
    except SlotTaken as taken:
        if request.reservation_id is not None:
            raise HoldExpired() from taken
        raise


def _at_dentist(actor: Actor, dentist: UUID | str, request: Request) -> tuple[Offered, Place]:
    start, treatment = _wanted(request)
    what = offered_by(dentist, treatment, actor=actor)
    return what, _free_place(actor, what, start, request)


def _wanted(request: Request) -> tuple[datetime, UUID | str]:
    if request.start is None or request.treatment is None:
        raise Malformed().about("start" if request.start is None else "treatment")
    return request.start, request.treatment


def _free_place(actor: Actor, what: Offered, start: datetime, request: Request) -> Place:
    return placing.check(
        actor,
        what.dentist.pk,
        what.visit,
        start,
        urgent=_is_urgent(actor, request),
        outside_rules=request.outside_rules and policies.runs_schedule(actor, what.dentist.pk),
    )


def _is_urgent(actor: Actor, request: Request) -> bool:
    """Whether hours kept for emergencies are open: for a band that the practice or its chatbot judged, not for a claim."""
    return request.triage_band in URGENT_BANDS and (actor.is_staff or actor.role == Role.BOT)


def _store(
    actor: Actor,
    visit_id: UUID,
    what: Offered,
    where: Place,
    patient: Patient,
    person: Contact,
    request: Request,
    hold: Reservation | None,
) -> Appointment:
    as_staff = policies.runs_schedule(actor, what.dentist.pk)
    if actor.role == Role.DENTIST and not as_staff and actor.user_id != patient.account_id:
        raise NotAllowed().about("dentist_id")
    settings = ClinicSettings.current()
    born = patient.birth_date or person.birth_date
    if not as_staff:
        admission.check(what.treatment, patient.pk, age_on(born, clock.local(where.start).date()))
    at_once = settings.confirms_at_once or as_staff
    stored = Appointment(
        id=visit_id,
        booking_reference=new_reference(),
        patient_id=patient.pk,
        dentist_id=what.dentist.pk,
        treatment_id=what.treatment.pk,
        treatment_name=what.treatment.name,
        starts_at=where.start,
        ends_at=where.end,
        buffer_before_minutes=(where.start - where.busy_from) // _MINUTE,
        buffer_after_minutes=(where.busy_until - where.end) // _MINUTE,
        status=Status.CONFIRMED if at_once else Status.PENDING,
        confirmed_at=clock.now() if at_once else None,
        booking_source=BookingSource.STAFF if as_staff else request.source,
        patient_name=person.name,
        patient_email=person.email,
        patient_phone=person.phone,
        patient_birth_date=born,
        payment_method=request.payment_method,
        payment_amount=what.price,
        currency=settings.currency,
        triage_band=request.triage_band,
        consent_version=settings.consent_version if request.consent else "",
        consent_at=clock.now() if request.consent else None,
        reservation_id=hold.pk if hold else None,
        outside_rules=request.outside_rules and as_staff,
        language="" if as_staff else spoken(),
    )
    stored.save(force_insert=True)
    return stored
