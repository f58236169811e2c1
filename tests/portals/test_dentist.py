"""A dentist's day by plain forms: the day, one visit and its steps, hours, dates, time off."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import moving
from appointments.models import Appointment
from availability.models import DateOverride, TimeOff, WorkingHours
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.history.models import Action, Change
from tests.factories import Cast
from tests.factories.time import clock_at


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    """Dr. Weber, signed in."""
    return signed_in(client, cast.weber.user_id)


def signed_in(client: Client, user_id: Any) -> Client:
    with db.signing_in():
        client.force_login(User.objects.get(pk=user_id))
    return client


def visit_on(cast: Cast, hour: int, name: str = "Gus Guest", **changes: Any) -> Appointment:
    return cast.booked(cast.nobody(name), cast.at(hour), contact=cast.guest(name), **changes).appointment


def week(form: Any) -> dict[str, str]:
    """What a browser sends of the editor as it stands."""
    sent = {}
    for name in form.fields:
        value = form[name].value()
        sent[name] = value.strftime("%H:%M") if isinstance(value, time) else str(value or "")
    return sent


def test_the_day_shows_own_visits_only(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    visit_on(cast, 10, "Olga Other", dentist=cast.okafor.pk)
    page = weber.get(f"/dentist/?day={cast.monday}")
    assert [row["visit"].patient_name for row in page.context["rows"]] == ["Gus Guest"]


@pytest.mark.parametrize(
    "path", ["/dentist/", "/dentist/visits", "/dentist/hours", "/dentist/dates", "/dentist/time-off"]
)
def test_only_dentists_enter(cast: Cast, path: str) -> None:
    assert Client().get(path)["Location"] == f"/accounts/sign-in?next={path}"
    assert signed_in(Client(), cast.ana.pk).get(path).status_code == 403
    assert signed_in(Client(), cast.weber.user_id).get(path).status_code == 200


def test_another_dentists_visit_is_not_there(cast: Cast, weber: Client) -> None:
    foreign = visit_on(cast, 10, dentist=cast.okafor.pk)
    missing = "00000000-0000-0000-0000-000000000000"
    assert [weber.get(f"/dentist/visits/{one}").status_code for one in (foreign.pk, missing)] == [404, 404]
    assert weber.post(f"/dentist/visits/{foreign.pk}/check-in").status_code == 404


def test_reading_the_intake_is_written_down(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9, medical={"symptoms": "a dull ache"})
    page = weber.get(f"/dentist/visits/{visit.pk}")
    assert "a dull ache" in page.content.decode()
    with db.as_owner():
        read = Change.objects.filter(action=Action.READ)
        assert list(read.values_list("visit_id", "user_id", "role")) == [(visit.pk, cast.weber.user_id, "dentist")]


def test_check_in_complete_and_undo(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    statuses = []
    with clock_at(cast.at(9)):
        for step in ("check-in", "complete", "undo", "undo", "complete"):
            weber.post(f"/dentist/visits/{visit.pk}/{step}")
            with db.as_owner():
                statuses.append(Appointment.objects.get(pk=visit.pk).status)
    assert statuses == ["checked_in", "completed", "checked_in", "confirmed", "confirmed"]


def test_a_step_before_its_time_is_neither_offered_nor_taken(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    page = weber.get(f"/dentist/visits/{visit.pk}")
    assert [step.name for step in page.context["steps"]] == []
    assert "Check in is possible on its day." in page.content.decode()
    told = [weber.post(f"/dentist/visits/{visit.pk}/{step}", follow=True) for step in ("check-in", "no-show")]
    assert [[str(one) for one in page.context["messages"]] for page in told] == [
        ["This visit is on a later day. Check in is possible on its day."], ["This visit has not begun yet."],
    ]  # fmt: skip


def test_a_step_that_does_not_fit_is_told(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    page = weber.post(f"/dentist/visits/{visit.pk}/complete", follow=True)
    assert "This step does not fit" in page.content.decode()
    assert weber.post(f"/dentist/visits/{visit.pk}/explode").status_code == 404


def test_moving_answers_in_place_when_the_time_is_taken(cast: Cast, weber: Client) -> None:
    visit, _other = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    taken = weber.post(f"/dentist/visits/{visit.pk}/move", {"date": cast.monday, "time": "10:00"})
    assert taken.status_code == 422
    assert taken.context["move_form"].errors["time"] == ["Somebody else has just taken this time."]
    assert taken.context["alternatives"]
    moved = weber.post(
        f"/dentist/visits/{visit.pk}/move", {"date": cast.monday, "time": "18:00", "outside_rules": "on"}
    )
    assert moved.status_code == 302
    with db.as_owner():
        assert Appointment.objects.get(pk=visit.pk).starts_at == cast.at(18)


def test_a_page_drawn_before_the_patient_moved_does_not_move_it_back(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    drawn = weber.get(f"/dentist/visits/{visit.pk}").context["visit"].sequence
    moving.reschedule(cast.as_admin, visit.pk, start=cast.at(14))
    sent = {"date": cast.monday, "time": "10:00", "sequence": drawn}
    answer = weber.post(f"/dentist/visits/{visit.pk}/move", sent, follow=True)
    assert answer.redirect_chain == [(f"/dentist/visits/{visit.pk}", 302)]
    assert [str(one) for one in answer.context["messages"]] == ["This page has changed in the meantime."]
    assert '<input type="hidden" name="sequence" value="1">' in answer.content.decode()
    with db.as_owner():
        assert Appointment.objects.get(pk=visit.pk).starts_at == cast.at(14)


def test_cancelling_with_a_reason(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    weber.post(f"/dentist/visits/{visit.pk}/cancel", {"reason": "The chair is broken"})
    with db.as_owner():
        stored = Appointment.objects.get(pk=visit.pk)
    assert (stored.status, stored.cancellation_reason, stored.cancelled_by) == (
        "cancelled",
        "The chair is broken",
        "dentist",
    )


def test_hours_are_saved_and_offered_at_once(cast: Cast, weber: Client) -> None:
    sent = week(weber.get("/dentist/hours").context["form"])
    assert (sent["day0-0-start"], sent["day0-1-end"], sent["day6-0-start"]) == ("09:00", "17:00", "")
    sent |= {"day0-0-start": "10:00", "day0-0-end": "14:00", "day0-1-start": "", "day0-1-end": ""}
    assert weber.post("/dentist/hours", sent).status_code == 302
    slots = (
        Client().get(f"/api/availability/{cast.weber.pk}/slots?date={cast.monday}&treatment=check-up").json()["slots"]
    )
    assert (slots[0]["start"], slots[-1]["end"]) == (cast.at(10).isoformat(), cast.at(14).isoformat())


def test_what_a_change_hits_is_shown_before_it_is_saved(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    sent = week(weber.get("/dentist/hours").context["form"]) | {"day0-0-start": "10:00"}
    asked = weber.post("/dentist/hours", sent)
    assert [one.pk for one in asked.context["hit"]] == [visit.pk]
    with db.as_owner():
        assert WorkingHours.objects.filter(dentist=cast.weber, day_of_week=0, start_time=time(9)).exists()
    assert weber.post("/dentist/hours", sent | {"confirm": visit.booking_reference}).status_code == 302
    with db.as_owner():
        assert not WorkingHours.objects.filter(dentist=cast.weber, day_of_week=0, start_time=time(9)).exists()
        assert Appointment.objects.get(pk=visit.pk).status == "confirmed"


def test_copying_a_day_saves_nothing_yet(cast: Cast, weber: Client) -> None:
    sent = week(weber.get("/dentist/hours").context["form"]) | {"day0-0-start": "07:00", "copy": "0"}
    page = weber.post("/dentist/hours", sent)
    assert [page.context["form"][f"day{day}-0-start"].value() for day in range(7)] == ["07:00"] * 5 + [""] * 2
    with db.as_owner():
        assert not WorkingHours.objects.filter(start_time=time(7)).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day0-0-end": "08:00"}, "day0-0-end"),
        ({"day0-1-start": "11:00"}, "day0-1-start"),
        ({"day0-1-end": ""}, "day0-1-end"),
        ({"day0-0-start": "25:00"}, "day0-0-start"),
        ({"day0-0-access": "friends"}, "day0-0-access"),
    ],
)
def test_bad_hours_are_told_next_to_the_field(cast: Cast, weber: Client, changes: dict[str, str], field: str) -> None:
    sent = week(weber.get("/dentist/hours").context["form"]) | changes
    answer = weber.post("/dentist/hours", sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    with db.as_owner():
        assert WorkingHours.objects.filter(dentist=cast.weber).count() == 10


def test_a_date_is_closed_and_opened_again(cast: Cast, weber: Client) -> None:
    assert weber.post("/dentist/dates", {"date": cast.monday}).status_code == 422
    assert weber.post("/dentist/dates", {"date": cast.monday, "closed": "on"}).status_code == 302
    page = weber.get("/dentist/dates")
    assert [one["date"] for one in page.context["dates"]] == [cast.monday]
    weber.post(f"/dentist/dates/{cast.monday}/clear")
    with db.as_owner():
        assert DateOverride.objects.count() == 0


def test_time_off_by_days_and_its_end(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    days = {"first_day": cast.monday, "last_day": cast.monday + timedelta(days=1), "reason": "course"}
    asked = weber.post("/dentist/time-off", days)
    assert [one.pk for one in asked.context["hit"]] == [visit.pk]
    assert weber.post("/dentist/time-off", days | {"confirm": visit.booking_reference}).status_code == 302
    with db.as_owner():
        stored = TimeOff.objects.get()
    assert (stored.starts_at, stored.ends_at) == (cast.at(0), clock.at(cast.monday + timedelta(days=2), time(0)))
    weber.post(f"/dentist/time-off/{stored.pk}/remove")
    reversed_days = {"first_day": cast.monday, "last_day": cast.monday - timedelta(days=3)}
    answer = weber.post("/dentist/time-off", reversed_days)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["last_day"])
    with db.as_owner():
        assert TimeOff.objects.count() == 0


def test_filters_stand_in_the_url(cast: Cast, weber: Client) -> None:
    first, second = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    weber.post(f"/dentist/visits/{second.pk}/cancel", {})

    def names(query: str) -> list[str]:
        return [one.patient_name for one in weber.get(f"/dentist/visits?{query}").context["page_obj"]]

    assert names("status=cancelled") == ["Olga Other"]
    assert names(f"q={first.booking_reference.lower().replace('-', '+')}") == ["Gus Guest"]
    assert names(f"q=olga&from={cast.monday}&to={cast.monday}") == ["Olga Other"]
    assert names(f"from={cast.monday + timedelta(days=1)}") == []
    assert weber.get("/dentist/visits?from=soon").status_code == 400


def test_a_list_costs_the_same_for_one_and_for_thirty(cast: Cast, weber: Client) -> None:
    paths = [f"/dentist/?day={cast.monday}", "/dentist/visits", "/dentist/time-off", "/dentist/dates", "/dentist/hours"]

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(db.connections["default"]) as captured:
                weber.get(path)
            # The position of live sync is asked for once a second by all pages together.
            counts.append(sum("realtime_reach" not in query["sql"] for query in captured.captured_queries))
        return counts

    visit_on(cast, 9)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(5), ends_at=cast.at(6))
        DateOverride.objects.create(dentist=cast.weber, date=cast.monday + timedelta(days=20))
    before = queries()
    with db.as_owner():
        Appointment.objects.bulk_create(copies(Appointment.objects.get(), cast))
        for day in range(29):
            TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(5, days=day), ends_at=cast.at(6, days=day))
            DateOverride.objects.create(dentist=cast.weber, date=cast.monday + timedelta(days=30 + day))
    assert queries() == before


def copies(visit: Appointment, cast: Cast) -> list[Appointment]:
    """29 cancelled ones of the same day: they take no time, so nothing is in their way."""
    letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
    return [
        Appointment(
            patient_id=visit.patient_id, dentist_id=cast.weber.pk, treatment_id=visit.treatment_id, status="cancelled",
            starts_at=cast.at(11), ends_at=cast.at(12), cancelled_at=cast.at(0), patient_name=f"Copy {number}",
            treatment_name="Check-up", payment_amount=60, booking_reference=f"DC-22222{letters[number]}",
        )
        for number in range(29)
    ]  # fmt: skip


def test_a_row_with_an_endless_number_is_none(cast: Cast, weber: Client) -> None:
    sent = urlencode(week(weber.get("/dentist/hours").context["form"]) | {f"day0-{'9' * 5000}-start": "09:00"})
    answer = weber.post("/dentist/hours", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    with db.as_owner():
        assert WorkingHours.objects.filter(dentist=cast.weber).count() == 10
