"""Booking what was read back and said yes to."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from appointments import booking
from appointments.booking import URGENT_BANDS, Request
from appointments.contact import Contact
from appointments.errors import BadContact, BirthDateNeeded
from appointments.models import BookingSource
from availability import errors as taken
from availability.reservations import is_live, reserve
from chatbot.dialogue import AlreadyBooked, BadDetail, BookVisit, HoldExpired, SlotTaken
from clinic.core.actor import Actor
from clinic.core.idempotency import Answer, fingerprint, once

# The fields of a contact as the dialogue calls them.
_DETAILS = {"patient_name": "name", "patient_email": "email", "patient_phone": "phone", "birth_date": "birth_date"}
_GONE = (
    taken.SlotTaken, taken.HoldExpired, taken.OutsideHours, taken.DuringTimeOff, taken.TooSoon, taken.InThePast,
)  # fmt: skip

Refusal = AlreadyBooked | BadDetail | HoldExpired | SlotTaken


def book(actor: Actor, wanted: BookVisit, *, key: str) -> UUID | Refusal:
    """The visit's id; the same key books once, were the answer to get lost on the way.

    Raises what `appointments.booking.book` raises and the dialogue has no word for.
    """

    def perform(caller: Actor) -> Answer:
        return Answer(201, {"id": str(_booked(caller, wanted))})

    said = fingerprint("BOOK", wanted.slot.token, [wanted.person.name, wanted.person.email])
    try:
        answer = once(actor, f"{key}-{said[:16]}", said, perform, keep_refusals=False)
    except taken.AlreadyBooked:
        return AlreadyBooked()
    except _GONE:
        return HoldExpired() if wanted.hold else SlotTaken()
    except (BadContact, BirthDateNeeded) as error:
        names = [_DETAILS[name] for name in error.fields if name in _DETAILS]
        if not names:
            raise
        return BadDetail(names[0])
    return UUID(answer.body["id"])


def _booked(actor: Actor, wanted: BookVisit) -> UUID:
    """The hold becomes the visit. One that ran out, or was moved to another slot on a page, is taken anew where that needs the
    urgency that the chatbot judged: it is this slot that was said yes to."""
    request = _request(wanted)
    hold = UUID(wanted.hold) if wanted.hold else None
    if hold is not None and is_live(hold):
        try:
            return booking.book(actor, replace(request, reservation_id=hold)).appointment.pk
        except taken.HoldMoved:
            pass
    if request.triage_band in URGENT_BANDS:
        slot = wanted.slot
        anew = reserve(actor, dentist=UUID(slot.dentist), treatment=UUID(slot.treatment), start=slot.start, urgent=True)
        request = replace(request, reservation_id=anew.id)
    return booking.book(actor, request).appointment.pk


def _request(wanted: BookVisit) -> Request:
    person, triage = wanted.person, wanted.triage
    return Request(
        contact=Contact(name=person.name, email=person.email, phone=person.phone, birth_date=person.birth_date),
        treatment=UUID(wanted.slot.treatment),
        dentist=UUID(wanted.slot.dentist),
        start=wanted.slot.start,
        medical={"symptoms": triage.symptoms, "triage_reason": triage.reason},
        source=BookingSource.CHATBOT,
        triage_band=triage.band,
        consent=True,
    )
