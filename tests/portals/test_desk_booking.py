"""Booking for a caller, by plain forms."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from availability.models import Reservation, WorkingHours
from clinic.core import clock, db
from clinic.patients.models import Patient
from tests.factories import Cast
from tests.portals.test_dentist import signed_in
from tests.portals.test_desk import visit_on


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    return signed_in(client, cast.dana.pk)


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form sends for somebody new on that Monday at nine."""
    return {
        "name": "Nora New", "phone": "030 5550123", "email": "", "birth_date": "", "person_id": "",
        "treatment": str(cast.checkup.pk), "dentist": str(cast.weber.pk), "date": cast.monday.isoformat(), "time": "09:00",
    } | changes  # fmt: skip


def visits() -> list[Appointment]:
    with db.as_owner():
        return list(Appointment.objects.order_by("created_at"))


def test_somebody_new_is_booked_and_the_desk_is_told_what_to_say(cast: Cast, desk: Client) -> None:
    page = desk.post("/desk/book", typed(cast), follow=True)
    [visit] = visits()
    assert (visit.patient_name, str(visit.patient_phone), visit.starts_at, visit.status, visit.booking_source) == (
        "Nora New", "+49305550123", cast.at(9), "confirmed", "staff",
    )  # fmt: skip
    assert page.redirect_chain == [(f"/desk/?date={cast.monday}#visit-{visit.pk}", 302)]
    said = f"Booked: Nora New, {cast.at(9):%A}, {cast.at(9):%B} {cast.at(9).day}, 9 a.m., Dr. Eva Weber. Reference "
    assert str(next(iter(page.context["messages"]))).replace("9:00 AM", "9 a.m.") == f"{said}{visit.booking_reference}."


def test_somebody_known_keeps_their_name_and_contact(cast: Cast, desk: Client) -> None:
    form = desk.get(f"/desk/book?person={cast.ana_herself.pk}").context["form"]
    assert (form["name"].value(), form["person_id"].value()) == ("Ana Ruiz", str(cast.ana_herself.pk))
    desk.post("/desk/book", typed(cast, person_id=str(cast.ana_herself.pk), name="Ana", phone=""))
    [visit] = visits()
    assert (visit.patient_id, visit.patient_name, visit.patient_phone, visit.account_id) == (
        cast.ana_herself.pk, "Ana Ruiz", "+4930123456", cast.ana.pk,
    )  # fmt: skip


def test_the_first_free_time_is_suggested(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    page = desk.get(f"/desk/book?date={cast.monday}&dentist=eva-weber&treatment=check-up")
    form = page.context["form"]
    assert [form[name].value() for name in ("dentist", "date", "time")] == [
        str(cast.weber.pk), cast.monday.isoformat(), "09:30",
    ]  # fmt: skip
    assert len(page.context["chips"]) == 5


def test_hours_that_are_kept_are_shown_and_not_suggested(cast: Cast, desk: Client) -> None:
    with db.as_owner():
        WorkingHours.objects.filter(day_of_week=0, start_time=time(9)).update(access="urgent")
    page = desk.get(f"/desk/book?date={cast.monday}&dentist=eva-weber&treatment=check-up")
    assert page.context["chips"][0]["suggestion"].start == cast.at(13)
    sheet = desk.get(f"/desk/?date={cast.monday}").context["sheet"]
    kept = [(piece.at, piece.kept) for piece in sheet.columns[1].pieces if piece.at in ("11:30", "13:00")]
    assert kept == [("11:30", "Kept for emergencies"), ("13:00", "")]


def test_without_a_dentist_the_first_of_each_is_suggested(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    page = desk.get(f"/desk/book?date={cast.monday}&treatment=check-up")
    told = [(chip["suggestion"].dentist_name, chip["suggestion"].start) for chip in page.context["chips"]]
    assert told == [("Dr. Chidi Okafor", cast.at(9)), ("Dr. Eva Weber", cast.at(9, 30))]


def test_a_gap_fills_in_dentist_and_time(cast: Cast, desk: Client) -> None:
    form = desk.get(f"/desk/book?date={cast.monday}&dentist={cast.okafor.pk}&time=10:25").context["form"]
    assert [form[name].value() for name in ("dentist", "time", "treatment")] == [
        str(cast.okafor.pk), "10:25", str(cast.checkup.pk),
    ]  # fmt: skip


def test_a_taken_time_is_told_in_place_with_the_nearest(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    page = desk.post("/desk/book", typed(cast))
    assert (page.status_code, page.context["form"].errors["time"]) == (409, ["Somebody else has just taken this time."])
    assert [chip["suggestion"].start for chip in page.context["chips"]][:2] == [cast.at(9, 30), cast.at(9, 45)]
    assert page.context["form"]["name"].value() == "Nora New"


def test_inside_the_hours_neither_grid_nor_notice_binds_the_desk(cast: Cast, desk: Client) -> None:
    assert desk.post("/desk/book", typed(cast, time="09:40")).status_code == 302
    [visit] = visits()
    assert (visit.starts_at, visit.outside_rules) == (cast.at(9, 40), True)


def test_outside_the_hours_it_asks_first(cast: Cast, desk: Client) -> None:
    late = typed(cast, time="19:00")
    page = desk.post("/desk/book", late)
    assert (page.status_code, page.context["form"].errors["time"]) == (
        422,
        ["The dentist offers no visit at this time."],
    )
    assert desk.post("/desk/book", late | {"outside_rules": "on"}).status_code == 302
    assert [visit.starts_at for visit in visits()] == [cast.at(19)]


def test_over_a_taken_time_nothing_helps(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    page = desk.post("/desk/book", typed(cast, time="09:10", outside_rules="on"))
    assert (page.status_code, len(visits())) == (409, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"treatment": "nonsense"}, "treatment"),
        ({"time": ""}, "time"),
    ],
)
def test_what_is_wrong_stands_at_its_field(cast: Cast, desk: Client, changes: dict[str, str], field: str) -> None:
    page = desk.post("/desk/book", typed(cast, **changes))
    assert (page.status_code in (400, 422), list(page.context["form"].errors), visits()) == (True, [field], [])


def test_the_button_pressed_twice_is_one_visit(cast: Cast, desk: Client) -> None:
    sent = typed(cast, once=str(desk.get("/desk/book").context["form"]["once"].value()))
    answers = [desk.post("/desk/book", sent)["Location"] for _ in range(2)]
    assert (len(visits()), answers[0]) == (1, answers[1])


def test_the_same_page_filled_in_for_the_next_caller_books_them_as_well(cast: Cast, desk: Client) -> None:
    once = str(desk.get("/desk/book").context["form"]["once"].value())
    callers = [{"name": "Nora New"}, {"name": "Olaf Other", "time": "11:00"}]
    told = [desk.post("/desk/book", typed(cast, once=once, **one), follow=True).context["messages"] for one in callers]
    assert [str(one).split(",")[0] for page in told for one in page] == ["Booked: Nora New", "Booked: Olaf Other"]
    assert [(one.patient_name, one.starts_at) for one in visits()] == [
        ("Nora New", cast.at(9)), ("Olaf Other", cast.at(11)),
    ]  # fmt: skip


def test_the_same_page_sent_for_another_at_a_time_now_taken_is_told_so(cast: Cast, desk: Client) -> None:
    once = str(desk.get("/desk/book").context["form"]["once"].value())
    answers = [desk.post("/desk/book", typed(cast, once=once, name=name)) for name in ("Nora New", "Olaf Other")]
    assert answers[1].context["form"].errors["time"] == ["Somebody else has just taken this time."]
    assert ([one.status_code for one in answers], len(visits())) == ([302, 409], 1)


def test_looking_books_nothing(cast: Cast, desk: Client) -> None:
    page = desk.post("/desk/book", typed(cast, treatment=str(cast.filling.pk), look="1"))
    assert (page.status_code, page.context["form"]["name"].value(), visits()) == (200, "Nora New", [])
    assert page.context["chips"][0]["suggestion"].dentist_name == "Dr. Eva Weber"


def test_the_time_is_kept_while_somebody_types_and_then_booked(cast: Cast, desk: Client) -> None:
    told = desk.post("/desk/hold", typed(cast, name="", phone="")).json()
    assert told["state"] == "held"
    desk.post("/desk/book", typed(cast))
    with db.as_owner():
        assert (Reservation.objects.count(), [visit.starts_at for visit in visits()]) == (0, [cast.at(9)])


def test_what_keeping_a_time_answers(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9)
    asked = {"09:00": "taken", "09:40": "open", "19:00": "refused", "": "unsaid", "10:00": "held"}
    assert {time: desk.post("/desk/hold", typed(cast, time=time)).json()["state"] for time in asked} == asked


def test_a_kept_time_can_be_given_back(cast: Cast, desk: Client) -> None:
    told = desk.post("/desk/hold", typed(cast)).json()
    desk.post(f"/desk/hold/{told['id']}/release")
    with db.as_owner():
        assert Reservation.objects.count() == 0


def test_the_person_is_who_they_were_and_no_other(cast: Cast, desk: Client) -> None:
    """A person who was erased meanwhile is told, not booked as somebody new."""
    with db.as_owner():
        Patient.objects.filter(pk=cast.ana_herself.pk).update(erased_at=clock.now() - timedelta(hours=1))
    page = desk.post("/desk/book", typed(cast, person_id=str(cast.ana_herself.pk)))
    assert (page.status_code, page.context["form"].errors["name"], visits()) == (
        404, ["This person is no longer here."], [],
    )  # fmt: skip
