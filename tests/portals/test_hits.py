"""A yes to a change over booked visits counts for the visits that were shown, and for no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from availability import schedule
from availability.models import DateOverride, TimeOff, WorkingHours
from availability.schedule import Interval
from clinic.core import db
from tests.factories import Cast
from tests.portals.test_dentist import signed_in, visit_on, week

Change = Callable[[Cast, Client], tuple[str, dict[str, Any]]]


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    return signed_in(client, cast.weber.user_id)


def yes_of(asked: Any) -> dict[str, str]:
    """What the button of a page that asks first sends."""
    [value] = re.findall(r'name="confirm" value="([^"]*)"', asked.content.decode())
    return {"confirm": value}


def stored() -> list[int]:
    with db.as_owner():
        changed = WorkingHours.objects.filter(day_of_week=0, start_time=time(10, 30))
        return [changed.count(), DateOverride.objects.count(), TimeOff.objects.count()]


def shown(asked: Any) -> list[Any]:
    return [visit.pk for visit in asked.context["hit"]]


def _week(cast: Cast, weber: Client) -> tuple[str, dict[str, Any]]:
    return "/dentist/hours", week(weber.get("/dentist/hours").context["form"]) | {"day0-0-start": "10:30"}


def _date(cast: Cast, weber: Client) -> tuple[str, dict[str, Any]]:
    return "/dentist/dates", {"date": cast.monday, "closed": "on"}


def _time_off(cast: Cast, weber: Client) -> tuple[str, dict[str, Any]]:
    return "/dentist/time-off", {"first_day": cast.monday, "last_day": cast.monday}


@pytest.mark.parametrize("change", [_week, _date, _time_off])
def test_a_visit_booked_after_the_question_is_asked_about(cast: Cast, weber: Client, change: Change) -> None:
    early, (path, sent) = visit_on(cast, 9), change(cast, weber)
    asked = weber.post(path, sent)
    before = stored()
    late = visit_on(cast, 10, "Lea Late")
    again = weber.post(path, sent | yes_of(asked))
    assert (shown(asked), shown(again), stored()) == ([early.pk], [early.pk, late.pk], before)
    assert weber.post(path, sent | yes_of(again)).status_code == 302
    assert stored() != before


@pytest.mark.parametrize(("change", "fields"), [(_date, ["date"]), (_time_off, ["first_day", "last_day"])])
def test_a_yes_does_not_count_for_another_day(cast: Cast, weber: Client, change: Change, fields: list[str]) -> None:
    visit_on(cast, 9)
    tuesday = cast.monday + timedelta(days=1)
    other = cast.booked(cast.nobody("b"), cast.at(9, days=1), contact=cast.guest("Tess Tuesday")).appointment
    path, sent = change(cast, weber)
    yes = yes_of(weber.post(path, sent))
    again = weber.post(path, sent | dict.fromkeys(fields, tuesday) | yes)
    assert (shown(again), stored()) == ([other.pk], [0, 0, 0])


def test_weekly_hours_again_ask_about_who_booked_meanwhile(cast: Cast, weber: Client) -> None:
    me, path = cast.as_dentist(cast.weber), f"/dentist/dates/{cast.monday}/clear"
    schedule.set_override(me, cast.weber.pk, cast.monday, [Interval(time(17), time(20))])
    first = visit_on(cast, 18)
    asked = weber.post(path)
    second = visit_on(cast, 19, "Lea Late")
    again = weber.post(path, yes_of(asked))
    assert (shown(asked), shown(again), stored()) == ([first.pk], [first.pk, second.pk], [0, 1, 0])
    assert weber.post(path, yes_of(again)).status_code == 302
    assert stored() == [0, 0, 0]


def test_a_yes_to_nothing_in_particular_is_none(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    path, sent = _time_off(cast, weber)
    assert (shown(weber.post(path, sent | {"confirm": "1"})), stored()) == ([visit.pk], [0, 0, 0])


def test_whoever_cancelled_meanwhile_is_in_nobodys_way(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    path, sent = _time_off(cast, weber)
    yes = yes_of(weber.post(path, sent))
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(status="cancelled", cancelled_at=cast.at(8))
    assert (weber.post(path, sent | yes).status_code, stored()) == (302, [0, 0, 1])
