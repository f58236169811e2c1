"""What a page costs the database does not grow with what is stored: as many statements at 1 row as at 1,000."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import Appointment
from appointments.references import new_reference
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.patients.models import Patient
from dentists.models import Dentist
from tests.admin.conftest import signed_in
from tests.admin.test_pages import fill
from tests.factories import Cast, make_dentist

DENTISTS, DAYS, A_DAY = 30, 2, 10
OWN_DAYS, OWN_A_DAY = 50, 8  # of one patient at one dentist


def visit(person: Patient, dentist: Dentist, start: datetime, cast: Cast) -> Appointment:
    return Appointment(
        booking_reference=new_reference(), patient=person, dentist=dentist, treatment=cast.checkup, starts_at=start,
        ends_at=start + timedelta(minutes=30), treatment_name="Check-up", patient_name=person.name, payment_amount=60,
    )  # fmt: skip


def crowd(cast: Cast) -> list[Appointment]:
    """A thousand visits: two full days of thirty dentists, and a year of one patient."""
    today = clock.today()
    visits: list[Appointment] = []
    for number in range(DENTISTS):
        dentist = cast.weber if number == 0 else make_dentist(f"Dr. No {number}", cast.checkup)
        guest = Patient.objects.create(name=f"Ana Guest {number}", email=f"guest{number}@example.org")
        for day in range(DAYS):
            first = clock.at(today + timedelta(days=day), time(12))
            visits += [visit(guest, dentist, first + timedelta(minutes=30 * slot), cast) for slot in range(A_DAY)]
    for day in range(OWN_DAYS):
        first = clock.at(cast.monday + timedelta(days=7 + day), time(9))
        visits += [
            visit(cast.ana_herself, cast.okafor, first + timedelta(minutes=30 * slot), cast)
            for slot in range(OWN_A_DAY)
        ]
    return Appointment.objects.bulk_create(visits)


def pages(cast: Cast, one: Appointment) -> list[tuple[User | None, str]]:
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    lists = ("appointments_appointment", "history_change", "realtime_realtimeevent", "notifications_message",
             "patients_patient", "dentists_dentist", "availability_workinghours")  # fmt: skip
    found: dict[User | None, list[str]] = {
        None: ["/", "/dentists/eva-weber", "/dentists/eva-weber?treatment=check-up"],
        cast.ana: ["/visits", f"/visits/{one.pk}", "/people"],
        weber: ["/dentist/", "/dentist/calendar", "/dentist/visits", "/dentist/hours", f"/dentist/visits/{one.pk}"],
        cast.dana: ["/desk/", "/desk/people?q=ana", f"/desk/visits/{one.pk}", f"/desk/people/{one.patient_id}"],
        cast.ada: ["/admin/", f"/admin/appointments/appointment/{one.pk}/change/",
                   *(reverse(f"admin:{name}_changelist") for name in lists)],
    }  # fmt: skip
    return [(account, path) for account, paths in found.items() for path in paths]


def test_a_page_asks_as_often_at_a_thousand_rows_as_at_one(cast: Cast) -> None:
    fill(cast)
    with db.as_owner():
        one = Appointment.objects.get()
    asked = pages(cast, one)
    few = statements(asked)
    with db.as_owner():
        crowd(cast)
        assert Appointment.objects.count() == 1 + DENTISTS * DAYS * A_DAY + OWN_DAYS * OWN_A_DAY == 1001
    assert statements(asked) == few


def statements(asked: list[tuple[User | None, str]]) -> dict[str, int]:
    browsers = {account: Client() if account is None else signed_in(account) for account, _ in asked}
    counted = {}
    for account, path in asked:
        browsers[account].get(path)  # what a process keeps is kept
        with CaptureQueriesContext(db.connection()) as captured:
            assert browsers[account].get(path).status_code == 200, path
        # Where live sync stands is asked once in a moment, for all pages of the process.
        counted[path] = sum("realtime_reach()" not in one["sql"] for one in captured.captured_queries)
    return counted
