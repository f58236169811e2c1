"""Bookings as a guest's program would post them."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from availability.catalogue import Offered
from bench.wire import address, packed

PATH = "/api/appointments"


def wish(offered: Offered, start: str, guest: str) -> dict[str, Any]:
    """The body of a booking: somebody new at this start (ISO 8601), with something to say about their teeth."""
    return {
        "dentist_id": str(offered.dentist.pk),
        "treatment": str(offered.treatment.pk),
        "appointment_date": start,
        "patient_name": f"Guest {guest}",
        "patient_email": f"{guest}@example.net",
        "patient_phone": "030 1234567",
        "birth_date": "1985-04-12",
        "symptoms": "A dull ache at the lower left since Sunday, worse when it is cold.",
        "allergies": "Penicillin",
        "payment_method": "cash",
        "consent": True,
    }


def booking(offered: Offered, start: str, guest: str) -> bytes:
    """The same as it goes over the wire, from an address that follows from the guest's name."""
    return packed("POST", PATH, wish(offered, start, guest), address(crc32(guest.encode())))
