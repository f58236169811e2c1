"""Free times asked for with a visit that is to be moved: one's own is not in its own way, somebody else's is, as if it were
no visit at all."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from appointments import links
from availability import schedules
from tests.api.calling import Answer, Caller, sign_in
from tests.factories import Cast

ASKED = (
    "availability/eva-weber/slots?date={day}&treatment=check-up&moving={visit}",
    "availability/slots?from={day}&days=1&treatment=check-up&dentist=eva-weber&moving={visit}",
    "availability/slots?from={day}&days=2&treatment=check-up&limit=1&moving={visit}",
)


def asked(cast: Cast, caller: Caller, query: str, visit: object, **headers: str) -> Answer:
    return caller.get(query.format(day=cast.monday, visit=visit), **headers)


def offers_nine(cast: Cast, caller: Caller, visit: object) -> bool:
    """Whether nine o'clock at Dr. Weber's, where the visit is, is among the free times."""
    found = asked(cast, caller, ASKED[0], visit).json["slots"]
    return cast.at(9).isoformat() in [one["start"] for one in found]


@pytest.mark.parametrize("query", ASKED)
@pytest.mark.parametrize("name", ["nobody", "ben", "okafor"])
def test_a_foreign_visit_is_in_the_way_like_one_that_is_none(cast: Cast, name: str, query: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment.pk
    cast.booked(cast.as_ana, cast.at(9, days=1), dentist=cast.okafor.pk, contact=cast.guest("Ana Ruiz"))
    caller = Caller() if name == "nobody" else sign_in(getattr(cast, name))
    foreign, missing = asked(cast, caller, query, visit), asked(cast, caller, query, uuid4())
    assert (foreign.status, foreign.content) == (missing.status, missing.content)
    assert foreign.status == 200
    assert offers_nine(cast, caller, visit) is False


@pytest.mark.parametrize("name", ["ana", "weber", "dana", "ada"])
def test_whoever_may_move_it_sees_its_time_as_free(cast: Cast, name: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment.pk
    caller = sign_in(getattr(cast, name))
    assert [offers_nine(cast, caller, visit), offers_nine(cast, caller, uuid4())] == [True, False]


def test_the_page_on_which_a_guest_moves_shows_its_own_time(cast: Cast) -> None:
    booked = cast.booked(cast.nobody(), cast.at(9))
    page = Client().get(f"/visit/{links.token_for(booked.appointment.pk)}/move?day={cast.monday}")
    assert cast.at(9).isoformat().encode() in page.content


def test_it_would_be_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: whoever believes the number shows a stranger when the visit is."""
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment.pk
    monkeypatch.setattr(schedules, "_seen", lambda asked_for: asked_for)
    assert offers_nine(cast, Caller(), visit) is True
