"""People, visits and times that nobody has: unsaved rows, the same on every day. Times are the clinic's wall clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from appointments.models import Appointment, BookingSource, PaymentStatus, Status
from clinic.core import clock
from clinic.core.models import ClinicSettings
from dentists.models import Dentist, Specialization, Treatment

MONDAY = date(2027, 1, 11)
CLINIC = ClinicSettings(
    name="Lindenhof dental practice", phone="030 1234567", address="Lindenstraße 12\n10969 Berlin", currency="EUR"
)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """The instant of a wall time on the made-up Monday, or so many days later."""
    return clock.local(clock.at(MONDAY + timedelta(days=days), time(hour, minute)))


def dentist(number: int = 1, name: str = "Dr. Eva Weber", **more: object) -> Dentist:
    return Dentist(
        id=UUID(int=number),
        slug="eva-weber",
        tone=number,
        **{
            "name": name,
            "title": "Dentist",
            "languages": ["de", "en"],
            "specializations": [Specialization.GENERAL, Specialization.PERIODONTICS],
            "bio": "Takes her time, explains what she does, and is glad about every question that comes up.",
        }
        | more,
    )


def treatment(number: int = 1, name: str = "Check-up", minutes: int = 30, price: str = "60.00") -> Treatment:
    return Treatment(
        id=UUID(int=number),
        slug=f"treatment-{number}",
        name=name,
        duration_minutes=minutes,
        price=Decimal(price),
        description="A look at every tooth, with a cleaning where it helps.",
        tone=number,
    )


CHECKUP, FILLING, WHITENING = (
    treatment(),
    treatment(2, "Filling", 45, "120.00"),
    treatment(5, "Whitening", 60, "290.00"),
)


def visit(
    status: str = Status.CONFIRMED,
    start: datetime | None = None,
    *,
    minutes: int = 30,
    name: str = "Mia Sample",
    what: Treatment = CHECKUP,
    source: str = BookingSource.MANUAL,
    number: int = 1,
    **more: object,
) -> Appointment:
    start = start or at(9, 30)
    return Appointment(
        id=UUID(int=number),
        booking_reference="DC-7KQ2M9",
        dentist=dentist(),
        dentist_name="Dr. Eva Weber",
        treatment=what,
        treatment_name=what.name,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        status=status,
        booking_source=source,
        patient_name=name,
        patient_email="mia@example.org",
        patient_phone="030 7654321",
        payment_amount=what.price,
        payment_status=PaymentStatus.PENDING,
        currency="EUR",
        cancelled_at=start - timedelta(days=2) if status == Status.CANCELLED else None,
        cancellation_reason="The patient called" if status == Status.CANCELLED else "",
        **more,
    )
