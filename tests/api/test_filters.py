"""What lists can be asked for: filters by allow-list, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, PaymentStatus
from appointments.transitions import cancel
from availability.models import Closure, DateOverride, TimeOff
from clinic.core import clock, db
from dentists.models import Dentist
from tests.api.calling import Caller
from tests.factories import Cast


@pytest.fixture
def three(cast: Cast) -> dict[str, str]:
    """Monday: Ana with Dr. Weber. Tuesday: Ben with Dr. Okafor by the chatbot, cancelled. Wednesday: Gus by the desk, paid."""
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    second = cast.booked(
        cast.as_ben, cast.at(9, days=1), contact=cast.guest("Ben Krause"), dentist=cast.okafor.pk, source="chatbot"
    )
    cancel(cast.as_ben, second.appointment.pk)
    third = cast.booked(cast.as_desk, cast.at(9, days=2)).appointment
    with db.as_owner():
        Appointment.objects.filter(pk=third.pk).update(payment_status=PaymentStatus.PAID)
    return {
        "okafor": str(cast.okafor.pk),
        "ana": str(cast.ana_herself.pk),
        "reference": third.booking_reference,
        "spoken": third.booking_reference.lower().replace("-", " "),
        "tuesday": clock.local(second.appointment.starts_at).date().isoformat(),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=cancelled", ["Ben"]),
        ("status=confirmed&status=cancelled", ["Ana", "Ben", "Gus"]),
        ("status=no_show", []),
        ("payment_status=paid", ["Gus"]),
        ("booking_source=chatbot", ["Ben"]),
        ("booking_source=staff", ["Gus"]),
        ("dentist_id={okafor}", ["Ben"]),
        ("patient={ana}", ["Ana"]),
        ("reference={reference}", ["Gus"]),
        ("reference={spoken}", ["Gus"]),
        ("from={tuesday}", ["Ben", "Gus"]),
        ("to={tuesday}", ["Ana", "Ben"]),
        ("from={tuesday}&to={tuesday}", ["Ben"]),
        ("from={tuesday}&status=confirmed", ["Gus"]),
        ("dentist_id=00000000-0000-0000-0000-000000000000", []),
    ],
)
def test_appointments_by_what_they_are(
    cast: Cast, desk: Caller, three: dict[str, str], query: str, found: list[str]
) -> None:
    listed = desk.get(f"appointments?ordering=start&{query.format(**three)}").json["results"]
    assert [one["patient_name"].split()[0] for one in listed] == found


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("appointments?status=sold", "status"),
        ("appointments?payment_status=gone", "payment_status"),
        ("appointments?booking_source=post", "booking_source"),
        ("appointments?dentist_id=eva-weber", "dentist_id"),
        ("appointments?patient=7", "patient"),
        ("appointments?reference=nonsense", "reference"),
        ("appointments?from=2026-02-30", "from"),
        ("appointments?to=9999-12-31", "to"),
        ("availability/closures?from=soon", "from"),
        ("availability/eva-weber/overrides?to=x", "to"),
        ("availability/eva-weber/time-off?past=perhaps", "past"),
        ("profiles/dentists?specialization=magic", "specialization"),
        ("profiles/dentists?language=xx", "language"),
        ("treatments?specialization=magic", "specialization"),
        ("treatments?bookable_online=perhaps", "bookable_online"),
    ],
)
def test_a_filter_that_cannot_be_is_told(cast: Cast, desk: Caller, path: str, field: str) -> None:
    assert desk.get(path).told == (400, "malformed", [field])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("profiles/dentists?q=weber", ["Dr. Eva Weber"]),
        ("profiles/dentists?q=%25", []),
        ("profiles/dentists?treatment=filling", ["Dr. Eva Weber"]),
        ("profiles/dentists?treatment=check-up", ["Dr. Chidi Okafor", "Dr. Eva Weber"]),
        ("profiles/dentists?specialization=oral_surgery", ["Dr. Chidi Okafor"]),
        ("profiles/dentists?language=de", ["Dr. Eva Weber"]),
        ("treatments?dentist=chidi-okafor", ["Check-up"]),
        ("treatments?specialization=orthodontics", ["Filling"]),
        ("treatments?bookable_online=false", ["Filling"]),
        ("treatments?bookable_online=true", ["Check-up"]),
    ],
)
def test_dentists_and_treatments_by_what_they_are(cast: Cast, anyone: Caller, path: str, found: list[str]) -> None:
    with db.as_owner():
        Dentist.objects.filter(pk=cast.okafor.pk).update(specializations=["oral_surgery"])
        Dentist.objects.filter(pk=cast.weber.pk).update(languages=["de"])
        type(cast.filling).objects.filter(pk=cast.filling.pk).update(
            specialization="orthodontics", bookable_online=False
        )
    assert [one["name"] for one in anyone.get(path).json["results"]] == found


def test_what_is_past_is_left_out_until_asked_for(cast: Cast, weber: Caller) -> None:
    today = clock.today()
    with db.as_owner():
        for days in (-3, 3):
            day = today + timedelta(days=days)
            Closure.objects.create(date=day)
            DateOverride.objects.create(dentist=cast.weber, date=day)
            begin, end = clock.day_bounds(day)
            TimeOff.objects.create(dentist=cast.weber, starts_at=begin, ends_at=end)
    long_ago = f"from={today - timedelta(days=30)}"
    counts = [
        [weber.get(f"{path}{more}").json["count"] for more in ("", query)]
        for path, query in (
            ("availability/closures", f"?{long_ago}"),
            ("availability/eva-weber/overrides", f"?{long_ago}"),
            ("availability/eva-weber/time-off", "?past=true"),
        )
    ]
    assert counts == [[1, 2], [1, 2], [1, 2]]
