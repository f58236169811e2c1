"""The front desk's day by plain pages and forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import transitions
from appointments.booking import book
from appointments.models import Appointment
from availability.models import Closure, TimeOff
from availability.reservations import reserve
from clinic.accounts.models import User
from clinic.core import db
from dentists.models import Dentist
from tests.factories import Cast
from tests.portals.test_dentist import signed_in


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    """Dana of the front desk, signed in."""
    return signed_in(client, cast.dana.pk)


def visit_on(cast: Cast, hour: int, name: str = "Gus Guest", minute: int = 0, **changes: Any) -> Appointment:
    return cast.booked(cast.nobody(name), cast.at(hour, minute), contact=cast.guest(name), **changes).appointment


def stored(visit: Appointment) -> Appointment:
    with db.as_owner():
        return Appointment.objects.get(pk=visit.pk)


def test_who_enters(cast: Cast) -> None:
    assert Client().get("/desk/")["Location"] == "/accounts/sign-in?next=/desk/"
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    entering = [signed_in(Client(), one.pk).get("/desk/").status_code for one in (cast.ana, weber, cast.dana, cast.ada)]
    assert entering == [403, 403, 200, 200]


def test_the_day_has_a_column_for_each_dentist_with_visits_and_gaps(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    visit_on(cast, 10, "Olga Other", dentist=cast.okafor.pk)
    page = desk.get(f"/desk/?date={cast.monday}")
    shown = {
        column.name: [(piece.kind, piece.at) for piece in column.pieces][:3] for column in page.context["sheet"].columns
    }
    assert shown == {
        "Dr. Chidi Okafor": [("gap", "09:00"), ("gap", "09:30"), ("visit", "10:00")],
        "Dr. Eva Weber": [("visit", "09:00"), ("gap", "09:30"), ("gap", "10:00")],
    }
    assert "Gus Guest" in page.content.decode()


def test_what_is_taken_away_or_closed_is_no_gap(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9, treatment=cast.filling.pk, minute=30)  # 9:25 to 10:25 with its buffers
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(13), ends_at=cast.at(16), reason="a course")
    page = desk.get(f"/desk/?date={cast.monday}")
    weber = next(one for one in page.context["sheet"].columns if one.name == "Dr. Eva Weber")
    told = [(piece.kind, piece.at, piece.span.minutes) for piece in weber.pieces]
    assert told == [
        ("gap", "09:00", 25), ("visit", "09:30", 45), ("gap", "10:25", 35), ("gap", "11:00", 30), ("gap", "11:30", 30),
        ("away", "13:00", 180), ("gap", "16:00", 30), ("gap", "16:30", 30),
    ]  # fmt: skip
    assert "a course" not in page.content.decode()


def test_a_time_that_somebody_is_just_booking_is_shown_as_taken(cast: Cast, desk: Client) -> None:
    reserve(cast.as_ana, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9))
    page = desk.get(f"/desk/?date={cast.monday}")
    weber = next(one for one in page.context["sheet"].columns if one.name == "Dr. Eva Weber")
    assert [(piece.kind, piece.at) for piece in weber.pieces][:2] == [("taken", "09:00"), ("gap", "09:30")]


def test_a_closed_day_says_so(cast: Cast, desk: Client) -> None:
    with db.as_owner():
        Closure.objects.create(date=cast.monday, name="Carnival")
    page = desk.get(f"/desk/?date={cast.monday}")
    assert page.context["sheet"].columns == []
    assert "The clinic is closed on this day. Carnival" in page.content.decode()


def test_visits_of_a_dentist_who_is_no_longer_here_keep_a_column(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    with db.as_owner():
        Dentist.objects.filter(pk=cast.weber.pk).update(is_active=False)
    page = desk.get(f"/desk/?date={cast.monday}")
    left = next(one for one in page.context["sheet"].columns if one.dentist is None)
    assert (left.name, [one.pk for one in left.visits]) == ("Dr. Eva Weber", [visit.pk])


def test_the_cancelled_are_listed_below_and_their_time_is_free(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    transitions.cancel(cast.as_desk, visit.pk)
    page = desk.get(f"/desk/?date={cast.monday}")
    weber = next(one for one in page.context["sheet"].columns if one.name == "Dr. Eva Weber")
    assert [one.visit.pk for one in page.context["sheet"].gone] == [visit.pk]
    assert (weber.pieces[0].kind, weber.pieces[0].at) == ("gap", "09:00")


def test_a_day_that_is_none_is_told(cast: Cast, desk: Client) -> None:
    assert desk.get("/desk/?date=2026-02-31").status_code == 400


def test_the_day_asks_no_more_for_thirty_visits_than_for_one(cast: Cast, desk: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            assert desk.get(f"/desk/?date={cast.monday}").status_code == 200
        # How far events are told is remembered for a moment, so now and then it is not asked.
        return sum(1 for query in queries if "realtime_reach" not in query["sql"])

    visit_on(cast, 9)
    asked()
    few = asked()
    for number, dentist in enumerate((cast.weber, cast.okafor) * 15):
        wish = cast.wish(
            cast.at(0) + timedelta(minutes=30 * (number // 2)), contact=cast.guest(f"Guest{number} Many"), dentist=dentist.pk,
            outside_rules=True,
        )  # fmt: skip
        book(cast.as_desk, wish)
    assert asked() == few
