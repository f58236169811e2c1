"""Hours and visits begin and end on the full minute, whatever was typed."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client

from appointments.models import Appointment
from availability import schedule
from availability.models import DateOverride, WorkingHours
from availability.schedule import Interval, WeeklyInterval
from clinic.core import db
from clinic.core.errors import Malformed
from tests.factories import Cast
from tests.portals.test_dentist import signed_in, week
from tests.portals.test_desk_booking import typed


@pytest.fixture
def weber(cast: Cast) -> Client:
    return signed_in(Client(), cast.weber.user_id)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(Client(), cast.dana.pk)


def test_hours_stored_with_seconds_leave_the_sheet_of_the_day_standing(cast: Cast, desk: Client) -> None:
    with db.as_owner():
        mornings = WorkingHours.objects.filter(dentist=cast.weber, day_of_week=0, start_time=time(9))
        mornings.update(start_time=time(9, 0, 30), access="urgent")
    sheet = desk.get(f"/desk/?date={cast.monday}").context["sheet"]
    [weber] = [column for column in sheet.columns if column.name == "Dr. Eva Weber"]
    assert (weber.pieces[0].at, weber.pieces[0].kept) == ("09:00", "Kept for emergencies")


def test_a_form_cuts_the_seconds_of_hours(cast: Cast, weber: Client) -> None:
    sent = week(weber.get("/dentist/hours").context["form"])
    assert weber.post("/dentist/hours", sent | {"day0-0-start": "09:15:30"}).status_code == 302
    one = {"date": cast.monday + timedelta(days=1), "date-0-start": "10:00:59", "date-0-end": "11:00"}
    assert weber.post("/dentist/dates", one).status_code == 302
    with db.as_owner():
        monday = WorkingHours.objects.filter(dentist=cast.weber, day_of_week=0).order_by("start_time")
        assert [row.start_time for row in monday] == [time(9, 15), time(13)]
        assert DateOverride.objects.get().start_time == time(10)


def test_the_front_desk_books_the_full_minute(cast: Cast, desk: Client) -> None:
    assert desk.post("/desk/book", typed(cast, time="09:00:30")).status_code == 302
    with db.as_owner():
        assert [visit.starts_at for visit in Appointment.objects.all()] == [cast.at(9)]


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(time(9, 0, 30), time(12), "start_time"), (time(9), time(12, 0, 0, 1), "end_time")],
)
def test_the_verbs_refuse_seconds(cast: Cast, start: time, end: time, field: str) -> None:
    me = cast.as_dentist(cast.weber)
    with pytest.raises(Malformed) as weekly:
        schedule.set_weekly_hours(me, cast.weber.pk, [WeeklyInterval(0, start, end)])
    with pytest.raises(Malformed) as of_date:
        schedule.set_override(me, cast.weber.pk, cast.monday, [Interval(start, end)])
    assert (list(weekly.value.fields), list(of_date.value.fields)) == ([field], [field])


@pytest.mark.parametrize("row", [WorkingHours(day_of_week=0), DateOverride()], ids=["weekly", "date"])
def test_rows_of_admin_are_cut_as_well(row: WorkingHours | DateOverride) -> None:
    row.start_time, row.end_time = time(9, 0, 30), time(12, 0, 59)
    row.clean()
    assert (row.start_time, row.end_time) == (time(9), time(12))
