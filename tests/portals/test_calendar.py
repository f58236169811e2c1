"""The dentist's calendar by plain links and forms: what stands where, and booking for a patient."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import transitions
from appointments.models import Appointment
from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from availability.reservations import reserve
from clinic.core import clock, db
from clinic.patients.models import Patient
from tests.factories import Cast
from tests.portals.test_dentist import copies, signed_in, visit_on


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    """Dr. Weber, signed in."""
    return signed_in(client, cast.weber.user_id)


def items(page: Any, day: date) -> list[tuple[str, str, str]]:
    """Kind, start and end of all that is shown on a day."""
    [shown] = [one for one in page.context["shown"].days if one.date == day]
    return [(one.kind, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in shown.items]


def week_of(cast: Cast) -> str:
    year, week, _day = cast.monday.isocalendar()
    return f"/dentist/calendar?week={year}-W{week:02}"


def test_a_week_shows_visits_absences_holds_and_what_is_free(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    visit_on(cast, 10, "Olga Other", dentist=cast.okafor.pk)
    gone = visit_on(cast, 11, "Cara Cancelled")
    transitions.cancel(cast.as_desk, gone.pk)
    reserve(cast.nobody("a stranger"), dentist=cast.weber.pk, treatment="check-up", start=cast.at(14))
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(16), ends_at=cast.at(20))
    page = weber.get(week_of(cast))
    assert items(page, cast.monday) == [
        ("visit", "09:00", "09:30"),
        ("gap", "09:30", "12:00"),
        ("gap", "13:00", "14:00"),
        ("hold", "14:00", "14:30"),
        ("gap", "14:30", "16:00"),
        ("off", "16:00", "20:00"),
    ]
    assert "Gus Guest" in page.content.decode()
    assert "Olga Other" not in page.content.decode()


def test_free_time_that_is_kept_says_for_whom(cast: Cast, weber: Client) -> None:
    with db.as_owner():
        WorkingHours.objects.filter(day_of_week=0, start_time=time(9)).update(access="urgent")
    page = weber.get(week_of(cast))
    [monday] = [one for one in page.context["shown"].days if one.date == cast.monday]
    assert [(one.kind, one.kept) for one in monday.items] == [("gap", "Kept for emergencies"), ("gap", "")]


def test_buffers_are_not_offered_as_gaps(cast: Cast, weber: Client) -> None:
    visit_on(cast, 10, treatment=cast.filling.pk)
    page = weber.get(f"/dentist/calendar?date={cast.monday}")
    assert items(page, cast.monday)[:3] == [
        ("gap", "09:00", "09:55"),
        ("visit", "10:00", "10:45"),
        ("gap", "11:00", "12:00"),
    ]
    assert [kind for kind, _place in page.context["shown"].days[0].shades] == [
        "shut",
        "shut",
        "shut",
        "buffer",
        "buffer",
    ]


def test_other_hours_and_closures_say_so(cast: Cast, weber: Client) -> None:
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=cast.monday, start_time=time(7), end_time=time(8))
        Closure.objects.create(date=cast.monday + timedelta(days=1), name="Stocktaking")
    page = weber.get(week_of(cast))
    assert items(page, cast.monday) == [("gap", "07:00", "08:00")]
    assert items(page, cast.monday + timedelta(days=1)) == []
    text = page.content.decode()
    assert ("Other hours" in text, "Stocktaking" in text) == (True, True)
    assert page.context["shown"].window.begin == 7 * 60


def test_a_free_weekend_leaves_its_width_to_the_other_days(cast: Cast, weber: Client) -> None:
    days = [one.date.weekday() for one in weber.get(week_of(cast)).context["shown"].days]
    assert days == [0, 1, 2, 3, 4]
    saturday = cast.monday + timedelta(days=5)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(0, days=5), ends_at=cast.at(0, days=6))
    shown = [one.date for one in weber.get(week_of(cast)).context["shown"].days]
    assert shown[-1] == saturday


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_days_on_which_the_clock_changes_are_shown(cast: Cast, weber: Client, day: date) -> None:
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=day, start_time=time(1), end_time=time(5))
    page = weber.get(f"/dentist/calendar?date={day}")
    in_spring = day.month == 3
    expected = [("gap", "01:00", "02:00"), ("gap", "03:00", "05:00")] if in_spring else [("gap", "01:00", "05:00")]
    assert items(page, day) == expected
    assert ("The clock skips this hour" in page.content.decode()) is in_spring
    assert ("This hour comes twice" in page.content.decode()) is not in_spring


def test_addresses_name_weeks_and_days(cast: Cast, weber: Client) -> None:
    page = weber.get("/dentist/calendar?week=2026-W53")
    assert (page.context["monday"], page.context["earlier"], page.context["later"]) == (
        date(2026, 12, 28),
        "?week=2026-W52",
        "?week=2027-W01",
    )
    day = weber.get("/dentist/calendar?date=2027-01-01")
    assert (day.context["earlier"], day.context["later"]) == ("?date=2026-12-31", "?date=2027-01-02")
    assert weber.get("/dentist/calendar").context["chosen"] == clock.today()
    wrong = (
        "week=2027-W54",
        "week=2027-53",
        "week=x",
        "week=0001-W01",
        "week=9999-W52",
        "date=2027-13-01",
        "week=²-W³",
    )
    assert [weber.get(f"/dentist/calendar?{one}").status_code for one in wrong] == [400] * len(wrong)


def test_a_calendar_costs_the_same_for_one_and_for_thirty(cast: Cast, weber: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(db.connections["default"]) as captured:
            assert weber.get(week_of(cast)).status_code == 200
        return sum("realtime_reach" not in query["sql"] for query in captured.captured_queries)

    visit_on(cast, 9)
    before = queries()
    with db.as_owner():
        more = copies(Appointment.objects.get(), cast)
        for number, one in enumerate(more):
            one.status = "no_show"  # takes no time, and is shown
            one.starts_at, one.ends_at = cast.at(9, days=number % 5), cast.at(10, days=number % 5)
        Appointment.objects.bulk_create(more)
    assert queries() == before
    assert weber.get(week_of(cast)).content.decode().count("data-visit=") == 30


def details(cast: Cast, **changes: Any) -> dict[str, Any]:
    sent = {"treatment": cast.checkup.pk, "date": cast.monday, "time": "10:00", "patient_name": "Nora New"}
    return sent | changes


def test_a_gap_leads_to_a_form_with_its_time(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    assert f"/dentist/calendar/book?date={cast.monday}&amp;time=09:30" in weber.get(week_of(cast)).content.decode()
    form = weber.get(f"/dentist/calendar/book?date={cast.monday}&time=09:30").context["form"]
    assert (form["date"].value(), form["time"].value()) == (cast.monday, time(9, 30))
    assert [label for _key, label in form.fields["treatment"].choices] == ["Check-up (30 min)", "Filling (45 min)"]


def test_booking_for_somebody_new(cast: Cast, weber: Client) -> None:
    answer = weber.post("/dentist/calendar/book", details(cast))
    assert answer["Location"] == f"/dentist/calendar?date={cast.monday}"
    with db.as_owner():
        stored = Appointment.objects.get()
    assert (stored.patient_name, stored.starts_at, stored.dentist_id, stored.status, stored.booking_source) == (
        "Nora New",
        cast.at(10),
        cast.weber.pk,
        "confirmed",
        "staff",
    )


def test_booking_for_one_of_the_own_patients(cast: Cast, weber: Client) -> None:
    known = visit_on(cast, 9)
    foreign = visit_on(cast, 9, "Gusta Foreign", dentist=cast.okafor.pk)
    page = weber.get(f"/dentist/calendar/book?date={cast.monday}&time=10:00&q=gus")
    assert [one.name for one in page.context["found"]] == ["Gus Guest"]
    sent = details(cast, person=known.patient_id)
    del sent["patient_name"]
    assert weber.post("/dentist/calendar/book", sent).status_code == 302
    assert (
        weber.post("/dentist/calendar/book", sent | {"person": foreign.patient_id, "time": "11:00"}).status_code == 422
    )
    with db.as_owner():
        assert Patient.objects.filter(name="Gus Guest").count() == 1
        visits = Appointment.objects.filter(patient_id=known.patient_id)
        assert list(visits.order_by("starts_at").values_list("starts_at", flat=True)) == [cast.at(9), cast.at(10)]
        assert Appointment.objects.count() == 3


def test_a_taken_time_is_told_and_a_free_one_offered(cast: Cast, weber: Client) -> None:
    visit_on(cast, 10)
    taken = weber.post("/dentist/calendar/book", details(cast))
    assert taken.status_code == 409
    assert taken.context["form"].errors["time"] == ["Somebody else has just taken this time."]
    nearest = taken.context["alternatives"][0]
    booked = weber.post("/dentist/calendar/book", details(cast, instead=nearest.key))
    assert booked.status_code == 302
    with db.as_owner():
        assert Appointment.objects.get(patient_name="Nora New").starts_at == nearest.start


def test_inside_the_hours_the_grid_does_not_bind(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 10)
    booked = weber.post("/dentist/calendar/book", details(cast, time="09:05"))
    taken = weber.post("/dentist/calendar/book", details(cast, time="10:05"))
    moved = weber.post(f"/dentist/visits/{visit.pk}/move", {"date": cast.monday, "time": "11:05"})
    assert (booked.status_code, taken.status_code, moved.status_code) == (302, 409, 302)
    with db.as_owner():
        starts = list(Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert starts == [cast.at(9, 5), cast.at(11, 5)]


def test_outside_the_hours_only_knowingly(cast: Cast, weber: Client) -> None:
    evening = details(cast, time="19:00")
    assert weber.post("/dentist/calendar/book", evening).status_code == 422
    assert weber.post("/dentist/calendar/book", evening | {"outside_rules": "on"}).status_code == 302


@pytest.mark.parametrize("query", ["date=soon", "time=25:99", "time=noon"])
def test_an_address_that_says_no_time_is_refused(cast: Cast, weber: Client, query: str) -> None:
    assert weber.get(f"/dentist/calendar/book?{query}").status_code == 400


def test_what_is_missing_is_told_next_to_its_field(cast: Cast, weber: Client) -> None:
    answer = weber.post("/dentist/calendar/book", {"date": "", "time": "", "treatment": cast.okafor.pk})
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["date", "patient_name", "time", "treatment"]
