"""A dentist who is ill hands visits over, leaves or cancels them; what the database lets a dentist hand over."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import handing_over
from appointments.models import Appointment
from availability.errors import DuringTimeOff, OutsideHours, SlotTaken, WrongTreatment
from availability.models import TimeOff, WorkingHours
from clinic.core import db
from clinic.core.errors import NotAllowed, NotFound
from clinic.notifications.models import Message
from tests.factories import Cast
from tests.portals.test_dentist import copies, signed_in, visit_on


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    """Dr. Weber, signed in."""
    return signed_in(client, cast.weber.user_id)


def of(visit: Appointment) -> Appointment:
    with db.as_owner():
        return Appointment.objects.get(pk=visit.pk)


def send(cast: Cast, weber: Client, **chosen: Any) -> Any:
    return weber.post("/dentist/ill", {"date": cast.monday, "until": cast.monday, "told": "I am ill", **chosen})


def test_the_page_lists_who_is_booked_and_who_is_free(cast: Cast, weber: Client) -> None:
    first, filling, busy = (
        visit_on(cast, 9),
        visit_on(cast, 10, "Fay", treatment=cast.filling.pk),
        visit_on(cast, 11, "Bea"),
    )
    visit_on(cast, 11, "Olga Other", dentist=cast.okafor.pk)
    hits = weber.get(f"/dentist/ill?date={cast.monday}").context["hits"]
    assert [(hit.visit.pk, [one.pk for one in hit.colleagues], hit.chosen) for hit in hits] == [
        (first.pk, [cast.okafor.pk], str(cast.okafor.pk)),
        (filling.pk, [], ""),
        (busy.pk, [], ""),
    ]


def test_a_dentist_moves_a_visit_to_a_later_day(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    [hit] = weber.get(f"/dentist/ill?date={cast.monday}&all=later").context["hits"]
    assert hit.chosen == f"{cast.at(9, days=1).isoformat()} {cast.weber.pk}"
    send(cast, weber, **{f"to-{visit.pk}": hit.chosen})
    assert (of(visit).starts_at, of(visit).dentist_id) == (cast.at(9, days=1), cast.weber.pk)


def test_hours_that_are_kept_are_no_later_time(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    with db.as_owner():
        WorkingHours.objects.filter(day_of_week=1, start_time=time(9)).update(access="urgent")
    [hit] = weber.get(f"/dentist/ill?date={cast.monday}&all=later").context["hits"]
    assert hit.chosen == f"{cast.at(13, days=1).isoformat()} {cast.weber.pk}"


def test_one_is_handed_over_one_cancelled_one_left(cast: Cast, weber: Client) -> None:
    given, cancelled, left = visit_on(cast, 9), visit_on(cast, 10, "Cara"), visit_on(cast, 11, "Lea")
    chosen = {f"to-{given.pk}": cast.okafor.pk, f"to-{cancelled.pk}": "cancel", f"to-{left.pk}": "", "off": "on"}
    answer = send(cast, weber, **chosen)
    assert answer["Location"] == f"/dentist/ill?date={cast.monday}&until={cast.monday}"
    now = of(given)
    assert (now.dentist_id, now.dentist_name, now.starts_at, now.status, now.booking_reference) == (
        cast.okafor.pk,
        cast.okafor.name,
        cast.at(9),
        "confirmed",
        given.booking_reference,
    )
    assert (of(cancelled).status, of(cancelled).cancellation_reason) == ("cancelled", "I am ill")
    assert (of(left).status, of(left).dentist_id) == ("confirmed", cast.weber.pk)
    with db.as_owner():
        assert list(TimeOff.objects.values_list("starts_at", "ends_at")) == [(cast.at(0), cast.at(0, days=1))]
        told = Message.objects.exclude(kind="booked").values_list("appointment_id", "kind", "dentist_name")
        assert {(one, kind) for one, kind, _name in told} == {(given.pk, "moved"), (cancelled.pk, "cancelled")}
    assert weber.get(f"/dentist/ill?date={cast.monday}").context["is_noted"] is True


def test_what_is_left_is_cancelled_on_request(cast: Cast, weber: Client) -> None:
    given, left = visit_on(cast, 9), visit_on(cast, 10, "Lea")
    answer = send(cast, weber, **{f"to-{given.pk}": cast.okafor.pk, "all": "cancel"})
    assert answer["Location"] == "/dentist/"
    assert (of(given).dentist_id, of(left).status) == (cast.okafor.pk, "cancelled")


def test_a_colleague_who_was_booked_meanwhile_keeps_the_visit_here(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    visit_on(cast, 9, "Olga Other", dentist=cast.okafor.pk)
    page = send(cast, weber, **{f"to-{visit.pk}": cast.okafor.pk})
    assert (page.status_code, of(visit).dentist_id) == (302, cast.weber.pk)
    assert "Gus Guest: Somebody else has just taken this time." in weber.get(page["Location"]).content.decode()


def test_only_to_whom_it_can_be_handed_over(cast: Cast) -> None:
    weber, okafor = cast.as_dentist(cast.weber), cast.as_dentist(cast.okafor)
    visit, filling = visit_on(cast, 9), visit_on(cast, 10, "Fay", treatment=cast.filling.pk)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.okafor, starts_at=cast.at(8), ends_at=cast.at(9, 15))
    with pytest.raises(DuringTimeOff):
        handing_over.hand_over(weber, visit.pk, cast.okafor.pk)
    with pytest.raises(WrongTreatment):
        handing_over.hand_over(weber, filling.pk, cast.okafor.pk)
    with pytest.raises(NotFound):
        handing_over.hand_over(okafor, visit.pk, cast.okafor.pk)
    with pytest.raises(NotAllowed):
        handing_over.hand_over(cast.as_desk, visit.pk, cast.okafor.pk)
    assert of(visit).dentist_id == cast.weber.pk


def test_not_outside_the_colleagues_hours_nor_over_a_visit(cast: Cast) -> None:
    evening = cast.booked(cast.as_desk, cast.at(19), contact=cast.guest("Eve Evening"), outside_rules=True).appointment
    visit = visit_on(cast, 9)
    visit_on(cast, 9, "Olga Other", dentist=cast.okafor.pk)
    weber = cast.as_dentist(cast.weber)
    with pytest.raises(OutsideHours):
        handing_over.hand_over(weber, evening.pk, cast.okafor.pk)
    with pytest.raises(SlotTaken):
        handing_over.hand_over(weber, visit.pk, cast.okafor.pk)


def test_the_databases_own_way_takes_nothing_that_is_not_the_dentists(cast: Cast) -> None:
    """Whatever the verb checks: who calls the function itself gets no further."""
    mine, foreign = visit_on(cast, 9), visit_on(cast, 10, "Olga Other", dentist=cast.okafor.pk)
    filling = visit_on(cast, 11, "Fay", treatment=cast.filling.pk)

    def tried(dentist: Any, visit: Appointment, to: Any) -> bool:
        with db.transaction(cast.as_dentist(dentist)):
            return bool(db.value("SELECT appointments_hand_over(%s, %s)", [visit.pk, to.pk]))

    assert tried(cast.weber, foreign, cast.weber) is False
    assert tried(cast.okafor, mine, cast.okafor) is False
    assert tried(cast.weber, filling, cast.okafor) is False
    assert tried(cast.weber, mine, cast.okafor) is True
    assert [of(one).dentist_id for one in (mine, foreign, filling)] == [cast.okafor.pk, cast.okafor.pk, cast.weber.pk]


def test_days_that_make_no_sense_are_told(cast: Cast, weber: Client) -> None:
    page = weber.get(f"/dentist/ill?date={cast.monday}&until={cast.monday - timedelta(days=1)}")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["until"])
    assert weber.get("/dentist/ill?date=soon").status_code == 422


def test_the_page_costs_the_same_for_one_and_for_many(cast: Cast, weber: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(db.connections["default"]) as captured:
            assert weber.get(f"/dentist/ill?date={cast.monday}").status_code == 200
        return sum("realtime_reach" not in query["sql"] for query in captured.captured_queries)

    visit = visit_on(cast, 9)
    before = queries()
    with db.as_owner():
        more = copies(of(visit), cast)[:20]
        for number, one in enumerate(more):
            one.status, one.cancelled_at = "confirmed", None
            one.starts_at = cast.at(10) + timedelta(minutes=15 * number)
            one.ends_at = one.starts_at + timedelta(minutes=15)
        Appointment.objects.bulk_create(more)
    assert queries() == before
