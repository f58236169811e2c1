"""The editor of hours: copying a day to others, and taking the last saved change back."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from availability import schedule
from availability.models import DateOverride, TimeOff, WorkingHours
from availability.schedule import Interval, WeeklyInterval
from clinic.core import db
from tests.factories import Cast
from tests.portals.test_dentist import signed_in, visit_on, week


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    """Dr. Weber, signed in."""
    return signed_in(client, cast.weber.user_id)


def stored(cast: Cast) -> list[tuple[Any, ...]]:
    with db.as_owner():
        rows = WorkingHours.objects.filter(dentist=cast.weber).order_by("day_of_week", "start_time")
        return list(rows.values_list("day_of_week", "start_time", "end_time", "access"))


def test_a_day_is_copied_to_the_chosen_days_only(cast: Cast, weber: Client) -> None:
    sent = week(weber.get("/dentist/hours").context["form"])
    sent |= {"day2-0-start": "07:00", "copy": "chosen", "copy-from": "2", "copy-to": ["4", "5"]}
    page = weber.post("/dentist/hours", sent)
    starts = [page.context["form"][f"day{day}-0-start"].value() for day in range(7)]
    assert starts == ["09:00", "09:00", "07:00", "09:00", "07:00", "07:00", ""]
    assert "Copied to Friday, Saturday." in page.content.decode()
    assert (4, time(7), time(12), "everyone") not in stored(cast)


def test_a_row_is_taken_out_and_nothing_saved_yet(cast: Cast, weber: Client) -> None:
    before = stored(cast)
    sent = week(weber.get("/dentist/hours").context["form"])
    page = weber.post("/dentist/hours", sent | {"remove": "day1-0-start"})
    monday, tuesday = page.context["days"][:2]
    assert [[row["start"].value() for row in day["rows"]] for day in (monday, tuesday)] == [
        ["09:00", "13:00"],
        ["13:00"],
    ]
    assert "Removed. Nothing is saved yet." in page.content.decode()
    assert stored(cast) == before
    weber.post("/dentist/hours", week(page.context["form"]))
    assert [row for row in stored(cast) if row[0] == 1] == [(1, time(13), time(17), "everyone")]


def test_a_fourth_row_is_kept_when_the_week_is_saved(cast: Cast, weber: Client) -> None:
    many = [WeeklyInterval(0, time(8 + 2 * number), time(9 + 2 * number)) for number in range(4)]
    schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, many)
    before = stored(cast)
    assert weber.post("/dentist/hours", week(weber.get("/dentist/hours").context["form"])).status_code == 302
    assert stored(cast) == before


def test_the_last_change_of_the_week_is_undone_and_that_again(cast: Cast, weber: Client) -> None:
    before = stored(cast)
    page = weber.get("/dentist/hours")
    assert page.context["can_undo"] is False
    weber.post("/dentist/hours", week(page.context["form"]) | {"day0-0-start": "10:00"})
    changed = stored(cast)
    assert changed != before
    assert weber.get("/dentist/hours").context["can_undo"] is True
    weber.post("/dentist/hours/undo")
    assert stored(cast) == before
    weber.post("/dentist/hours/undo")
    assert stored(cast) == changed


def test_undoing_shows_what_it_hits_first(cast: Cast, weber: Client) -> None:
    sent = week(weber.get("/dentist/hours").context["form"])
    weber.post("/dentist/hours", sent | {"day0-1-end": "19:00"})
    visit = visit_on(cast, 18)
    longer = stored(cast)
    asked = weber.post("/dentist/hours/undo")
    assert [one.pk for one in asked.context["hit"]] == [visit.pk]
    assert stored(cast) == longer
    again = week(asked.context["form"])
    assert weber.post("/dentist/hours", again | {"confirm": visit.booking_reference}).status_code == 302
    assert stored(cast) != longer
    with db.as_owner():
        assert Appointment.objects.get(pk=visit.pk).status == "confirmed"


def test_what_somebody_else_changed_since_is_not_overwritten(cast: Cast, weber: Client) -> None:
    weber.post("/dentist/hours", week(weber.get("/dentist/hours").context["form"]) | {"day0-0-start": "10:00"})
    schedule.set_weekly_hours(cast.as_desk, cast.weber.pk, [WeeklyInterval(0, time(8), time(9))])
    page = weber.post("/dentist/hours/undo", follow=True)
    assert "There is nothing to undo" in page.content.decode()
    assert stored(cast) == [(0, time(8), time(9), "everyone")]


@pytest.mark.parametrize("former", [None, [], [Interval(time(7), time(8))]], ids=["weekly", "closed", "other"])
def test_a_date_gets_its_former_hours_back(cast: Cast, weber: Client, former: list[Interval] | None) -> None:
    def of_date() -> list[tuple[Any, ...]]:
        with db.as_owner():
            return list(DateOverride.objects.filter(date=day).values_list("start_time", "end_time"))

    day = cast.monday + timedelta(days=2)
    if former is not None:
        schedule.set_override(cast.as_dentist(cast.weber), cast.weber.pk, day, former)
    before = of_date()
    weber.post("/dentist/dates", {"date": day, "date-0-start": "10:00", "date-0-end": "11:00"})
    assert of_date() == [(time(10), time(11))]
    assert weber.get("/dentist/dates").context["changed_date"] == day
    weber.post("/dentist/dates/undo")
    assert of_date() == before
    assert weber.get("/dentist/dates").context["changed_date"] is None
    assert "There is nothing to undo" in weber.post("/dentist/dates/undo", follow=True).content.decode()


def test_weekly_hours_again_show_what_they_hit_and_are_undone(cast: Cast, weber: Client) -> None:
    day = cast.monday
    schedule.set_override(cast.as_dentist(cast.weber), cast.weber.pk, day, [Interval(time(17), time(20))])
    visit = visit_on(cast, 18)
    asked = weber.post(f"/dentist/dates/{day}/clear")
    assert [one.pk for one in asked.context["hit"]] == [visit.pk]
    assert overrides() == [(day, time(17), time(20))]
    assert weber.post(f"/dentist/dates/{day}/clear", {"confirm": visit.booking_reference}).status_code == 302
    assert overrides() == []
    weber.post("/dentist/dates/undo")
    assert overrides() == [(day, time(17), time(20))]


def test_undoing_a_date_shows_what_it_hits_first(cast: Cast, weber: Client) -> None:
    weber.post("/dentist/dates", {"date": cast.monday, "date-0-start": "17:00", "date-0-end": "20:00"})
    visit = visit_on(cast, 18)
    asked = weber.post("/dentist/dates/undo")
    assert ([one.pk for one in asked.context["hit"]], overrides()) == ([visit.pk], [(cast.monday, time(17), time(20))])
    weber.post("/dentist/dates/undo", {"confirm": visit.booking_reference})
    assert overrides() == []


def overrides() -> list[tuple[Any, ...]]:
    with db.as_owner():
        return list(DateOverride.objects.values_list("date", "start_time", "end_time"))


def test_whole_days_off_are_shown_as_days(cast: Cast, weber: Client) -> None:
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(0), ends_at=cast.at(0, days=2))
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(9, days=7), ends_at=cast.at(0, days=8))
    shown = weber.get("/dentist/time-off").context["absences"]
    assert [days for _absence, *days in shown] == [[cast.monday, cast.monday + timedelta(days=1)], [None, None]]


def absences() -> list[tuple[Any, ...]]:
    with db.as_owner():
        return list(TimeOff.objects.values_list("starts_at", "ends_at", "reason"))


def test_time_off_is_taken_back_and_put_back(cast: Cast, weber: Client) -> None:
    days = {"first_day": cast.monday, "last_day": cast.monday + timedelta(days=1), "reason": "course"}
    weber.post("/dentist/time-off", days)
    taken = [(cast.at(0), cast.at(0, days=2), "course")]
    assert (absences(), weber.get("/dentist/time-off").context["can_undo"]) == (taken, True)
    weber.post("/dentist/time-off/undo")
    assert absences() == []
    weber.post("/dentist/time-off/undo")
    assert absences() == taken


def test_time_off_that_was_removed_comes_back_with_the_warning(cast: Cast, weber: Client) -> None:
    hours = {"first_day": cast.monday, "first_time": "14:00", "last_day": cast.monday, "last_time": "16:00"}
    weber.post("/dentist/time-off", hours)
    with db.as_owner():
        [absence] = TimeOff.objects.all()
    weber.post(f"/dentist/time-off/{absence.pk}/remove")
    visit = visit_on(cast, 15)
    asked = weber.post("/dentist/time-off/undo")
    assert ([one.pk for one in asked.context["hit"]], absences()) == ([visit.pk], [])
    form = {name: asked.context["form"][name].value() or "" for name in asked.context["form"].fields}
    weber.post("/dentist/time-off", form | {"confirm": visit.booking_reference})
    assert absences() == [(cast.at(14), cast.at(16), "")]


def test_time_off_that_was_changed_since_stays(cast: Cast, weber: Client) -> None:
    weber.post("/dentist/time-off", {"first_day": cast.monday, "last_day": cast.monday})
    with db.as_owner():
        TimeOff.objects.update(ends_at=cast.at(12))
    page = weber.post("/dentist/time-off/undo", follow=True)
    assert "There is nothing to undo" in page.content.decode()
    assert absences() == [(cast.at(0), cast.at(12), "")]


def test_the_calendar_hands_over_what_was_chosen_as_time_off(cast: Cast, weber: Client) -> None:
    query = f"first_day={cast.monday}&first_time=14:00&last_day={cast.monday}&last_time=16:00"
    form = weber.get(f"/dentist/time-off?{query}").context["form"]
    assert [form[name].value() for name in ("first_day", "first_time", "last_day", "last_time")] == [
        f"{cast.monday}", "14:00", f"{cast.monday}", "16:00",
    ]  # fmt: skip
