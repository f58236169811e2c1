"""The front desk's day by plain pages and forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import db
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
