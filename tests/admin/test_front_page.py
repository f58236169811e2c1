"""The admin's front page: its figures are those that one counts by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from appointments.models import Appointment
from appointments.references import new_reference
from availability.models import Closure, DateOverride, TimeOff
from clinic.core import clock, db
from clinic.patients.models import Patient
from clinic.portals.front_page import figures, front_page
from clinic.portals.front_page.utilisation import NOTHING, Use, utilisation
from clinic.realtime import registry
from dentists.models import Dentist
from tests.factories import Cast

INDEX = reverse("admin:index")
DAY = date(2031, 3, 19)  # a Wednesday
NOON = clock.at(DAY, time(12))


def at(hour: int, *, days: int = 0) -> datetime:
    return clock.at(DAY + timedelta(days=days), time(hour))


def visit(cast: Cast, start: datetime, booked: datetime, status: str = "confirmed", **changes: object) -> Appointment:
    """Half an hour with Dr. Weber, as it is stored."""
    values: dict[str, object] = {
        "patient": cast.ana_herself, "dentist": cast.weber, "treatment": cast.checkup, "treatment_name": "Check-up",
        "patient_name": "Ana Ruiz", "payment_amount": 60, "starts_at": start, "ends_at": start + timedelta(minutes=30),
        "status": status, "created_at": booked, "booking_reference": new_reference(),
        "cancelled_at": NOON - timedelta(hours=1) if status == "cancelled" else None,
    }  # fmt: skip
    return Appointment.objects.create(**(values | changes))


@pytest.fixture
def wednesday(cast: Cast) -> Cast:
    """Visits and bookings around noon of one Wednesday, each line what it is counted as."""
    with db.as_owner():
        # Of today, and booked ten days ago.
        for hour, status in ((8, "completed"), (9, "no_show"), (10, "checked_in"), (15, "confirmed")):
            visit(cast, at(hour), at(hour, days=-10), status, booking_source="chatbot")
        # Cancelled this morning: one of today, one of Friday; one that was cancelled yesterday.
        visit(cast, at(16), at(16, days=-2), "cancelled")
        visit(cast, at(9, days=2), at(9, days=-2), "cancelled")
        visit(cast, at(10, days=2), at(10, days=-2), "cancelled", cancelled_at=at(9, days=-1))
        # Booked today: for tomorrow, to be confirmed; for the week after.
        visit(cast, at(9, days=1), at(9), "pending", booking_source="staff")
        visit(cast, at(11, days=7), at(11), "confirmed", booking_source="staff")
        # Of the month, and booked long before it: one who did not come; too long ago to count.
        visit(cast, at(9, days=-30), at(9, days=-90), "no_show")
        visit(cast, at(9, days=-31), at(9, days=-91), "no_show")
        visit(cast, at(10, days=-1), at(10, days=-40), "completed", dentist=cast.okafor)
        # Its time has passed without a word: nobody knows yet whether the patient came, and nobody waits any more.
        visit(cast, at(11, days=-1), at(11, days=-41), "pending", dentist=cast.okafor)
    return cast


def test_key_figures_are_those_counted_by_hand(wednesday: Cast) -> None:
    with db.reading(wednesday.as_admin):
        counts = figures.counts(NOON)
    assert (counts.visits_today, counts.booked_today, counts.pending, counts.cancelled) == (4, 2, 1, 2)
    # Came: 8:00 and 10:00 today, yesterday's. Did not come: 9:00 today, and the one 30 days ago.
    assert (counts.no_shows, counts.expected, counts.no_show_percent) == (2, 5, 40.0)


def test_lead_time_is_the_median_of_what_was_booked_within_the_month(wednesday: Cast) -> None:
    with db.reading(wednesday.as_admin):
        counts = figures.counts(NOON)
    # 1, 2, 4, 4, 7, 10, 10, 10, 10 days: the one in the middle.
    assert counts.lead_days == 7.0


def test_bookings_of_the_month_by_source_and_status(wednesday: Cast) -> None:
    with db.reading(wednesday.as_admin):
        counts = figures.counts(NOON)
    assert [(one.name, one.count, one.percent) for one in counts.by_source] == [
        ("Website", 3, 33), ("Chatbot", 4, 44), ("Practice", 2, 22),
    ]  # fmt: skip
    assert [(one.name, one.count) for one in counts.by_status] == [
        ("Waiting for confirmation", 1), ("Confirmed", 2), ("Checked in", 1), ("Completed", 1), ("Did not come", 1),
        ("Cancelled", 3),
    ]  # fmt: skip


def test_todays_bookings_stand_newest_first(wednesday: Cast) -> None:
    with db.reading(wednesday.as_admin):
        assert [one.created_at for one in figures.latest_bookings(DAY)] == [at(11), at(9)]
        assert figures.latest_bookings(DAY + timedelta(days=1)) == []


def test_a_clinic_without_a_past_has_no_rates(cast: Cast) -> None:
    with db.reading(cast.as_admin):
        counts = figures.counts(NOON)
    assert (counts.visits_today, counts.expected, counts.no_show_percent, counts.lead_days) == (0, 0, None, None)
    assert [one.percent for one in (*counts.by_source, *counts.by_status)] == [0] * 9


def hours_of(cast: Cast, dentist: Dentist) -> tuple[float, float, int | None]:
    """Booked and open hours of the week, and the share in percent."""
    with db.reading(cast.as_admin):
        week = utilisation(DAY)
    assert (week.first, week.last) == (date(2031, 3, 17), date(2031, 3, 23))
    (found,) = [one for one in week.dentists if one.dentist == dentist.pk]
    return found.booked_hours, found.open_hours, found.percent


def test_open_time_is_what_slots_are_cut_from(cast: Cast) -> None:
    assert hours_of(cast, cast.weber) == (0.0, 35.0, 0)  # five days of seven hours
    with db.as_owner():
        Closure.objects.create(date=DAY)
        DateOverride.objects.create(dentist=cast.weber, date=date(2031, 3, 20), start_time=time(10), end_time=time(14))
        DateOverride.objects.create(dentist=cast.weber, date=date(2031, 3, 21))
        # Two absences over each other on Monday, 11 to 14: the lunch break from 12 to 13 was not open anyway.
        TimeOff.objects.create(dentist=cast.weber, starts_at=at(11, days=-2), ends_at=at(13, days=-2))
        TimeOff.objects.create(dentist=cast.weber, starts_at=at(12, days=-2), ends_at=at(14, days=-2))
    # Monday 5, Tuesday 7, Wednesday closed, Thursday 4, Friday closed.
    assert hours_of(cast, cast.weber) == (0.0, 16.0, 0)
    assert hours_of(cast, cast.okafor) == (0.0, 28.0, 0)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["2.8 of 35 h", "12 h, no hours", "no hours"]),
     ("de", ["2,8 von 35 Std.", "12 Std., keine Sprechzeiten", "keine Sprechzeiten"])],
)  # fmt: skip
def test_a_share_is_told_in_the_readers_language(language: str, said: list[str]) -> None:
    weeks = [(timedelta(hours=2, minutes=45), timedelta(hours=35)), (timedelta(hours=12), NOTHING), (NOTHING, NOTHING)]
    with override(language):
        assert [Use(uuid4(), "Dr. Weber", booked, open_).told for booked, open_ in weeks] == said


def test_booked_time_has_its_buffers_and_no_visits_that_fell_through(wednesday: Cast) -> None:
    # Today 8, 10 and 15, tomorrow's; the no-show and the cancelled ones hold no time.
    assert hours_of(wednesday, wednesday.weber) == (2.0, 35.0, 6)
    with db.as_owner():
        visit(wednesday, at(13, days=1), at(9), buffer_before_minutes=5, buffer_after_minutes=10)
        visit(wednesday, at(9, days=5), at(9))  # on the Monday after
    assert hours_of(wednesday, wednesday.weber) == (2.75, 35.0, 8)
    assert hours_of(wednesday, wednesday.okafor) == (1.0, 35.0, 3)


def test_who_has_left_is_listed_only_with_visits(wednesday: Cast) -> None:
    with db.as_owner():
        Dentist.objects.update(is_active=False)
    with db.reading(wednesday.as_admin):
        found = {one.name for one in utilisation(DAY).dentists}
        later = utilisation(DAY + timedelta(days=14)).dentists
    assert (found, later) == ({"Dr. Chidi Okafor", "Dr. Eva Weber"}, [])


def test_live_sync_is_told_as_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    monkeypatch.setattr(registry, "connections", lambda: ([], False))  # Redis is away
    with db.reading(cast.as_admin):
        sync = front_page(cast.as_admin, clock.now())["sync"]
    with db.as_owner():
        waiting = db.value("SELECT count(*) FROM realtime_events WHERE published_at IS NULL")
    assert (sync.health.status, sync.health.relays.active, sync.health.sockets) == ("unhealthy", False, None)
    assert (sync.passing.waiting, sync.passing.p50) == (waiting, None)
    assert waiting > 0


def test_the_page_names_and_links_a_booking_and_keeps_the_list_of_everything(cast: Cast, office: Client) -> None:
    booked = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana <b>Ruiz</b>")).appointment
    page = office.get(INDEX).content.decode()
    assert page.count(reverse("admin:appointments_appointment_change", args=[booked.pk])) == 1
    assert page.count("Ana &lt;b&gt;Ruiz&lt;/b&gt;") == 2  # to read, and to be said
    assert "<b>Ruiz" not in page
    assert page.count(f'href="{reverse("admin:availability_closure_changelist")}"') == 2  # in the menu, and below


def test_an_open_page_asks_for_its_content_alone(cast: Cast, office: Client) -> None:
    answer = office.get(INDEX, headers={"X-Fragment": "1"})
    page = answer.content.decode()
    assert (answer.status_code, page.count('data-live="front-page"')) == (200, 1)
    assert [part for part in ("<html", "<script", "<style", " style=", "nav-sidebar") if part in page] == []


@pytest.mark.parametrize("headers", [{}, {"X-Fragment": "1"}])
def test_it_costs_the_same_at_one_visit_and_at_thirty(cast: Cast, office: Client, headers: dict[str, str]) -> None:
    with db.as_owner():
        visit(cast, cast.at(9), clock.now())
    few = queries_of(office, headers)
    with db.as_owner():
        for number in range(30):
            guest = Patient.objects.create(name=f"Guest {number}", email=f"guest{number}@example.org")
            start = cast.at(9 + number % 3, days=1 + number // 3)
            visit(cast, start, clock.now(), patient=guest, dentist=(cast.weber, cast.okafor)[number % 2])
    assert queries_of(office, headers) == few


def queries_of(client: Client, headers: dict[str, str]) -> int:
    client.get(INDEX, headers=headers)
    with CaptureQueriesContext(db.connection()) as captured:
        assert client.get(INDEX, headers=headers).status_code == 200
    return len(captured)


def test_the_figures_take_ten_queries(cast: Cast) -> None:
    admin = cast.as_admin
    with db.reading(admin), CaptureQueriesContext(db.connection()) as captured:
        front_page(admin, NOON)
    assert len(captured) == 10
