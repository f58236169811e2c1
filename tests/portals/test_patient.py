"""The booking path by plain forms, as a browser without JavaScript sends them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client

from appointments.links import token_for
from appointments.models import Appointment
from availability.models import Reservation, WorkingHours
from clinic.core import db
from clinic.portals.patient.searching import CARDS
from dentists.models import Dentist, Offer
from tests.factories import Cast

DETAILS = {
    "patient_name": "Gus Guest",
    "patient_email": "gus@example.net",
    "patient_phone": "030 1234567",
    "payment_method": "cash",
    "consent": "on",
    "symptoms": "a dull ache",
}


def hold(client: Client, cast: Cast, hour: int = 10) -> str:
    start = cast.at(hour).isoformat()
    sent = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": start}
    response = client.post("/hold", sent)
    assert response.status_code == 302, response.content
    return response["Location"]


def test_the_start_page_shows_every_dentist_with_the_next_free_time(cast: Cast, client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert [item["dentist"].name for item in page.context["dentists"]] == ["Dr. Chidi Okafor", "Dr. Eva Weber"]
    assert all(item["next_slot"] for item in page.context["dentists"])


def test_a_refused_hold_opened_anew_leads_to_the_beginning(cast: Cast, client: Client) -> None:
    assert client.get("/hold")["Location"] == "/"


def test_treatments_to_choose_from_stand_by_name(cast: Cast, client: Client) -> None:
    names = [one.name for one in client.get("/times").context["treatments"]]
    assert names == sorted(names) == ["Check-up", "Filling"]


def test_many_dentists_come_in_pages(cast: Cast, client: Client) -> None:
    with db.as_owner():
        for number in range(CARDS):
            added = Dentist.objects.create(
                name=f"Dr. Zoe {number:02}", slug=f"zoe-{number}", email=f"z{number}@example.org"
            )
            Offer.objects.create(dentist=added, treatment=cast.checkup)
    first, second = client.get("/?treatment=check-up"), client.get("/?treatment=check-up&page=2")
    assert (len(first.context["dentists"]), len(second.context["dentists"])) == (CARDS, 2)
    assert "?treatment=check-up&amp;page=2" in first.content.decode()
    assert f"{CARDS + 2} dentists" in first.content.decode()
    for page in ("99", "none"):
        assert client.get(f"/?page={page}").status_code == 200


def test_search_narrows_by_word_and_treatment(cast: Cast, client: Client) -> None:
    assert [i["dentist"].slug for i in client.get("/?q=weber").context["dentists"]] == ["eva-weber"]
    assert [i["dentist"].slug for i in client.get("/?treatment=filling").context["dentists"]] == ["eva-weber"]
    assert client.get("/?q=nobody").context["dentists"] == []


def test_for_a_treatment_whoever_has_time_first_stands_first(cast: Cast, client: Client) -> None:
    assert [item["dentist"].name for item in client.get("/?treatment=check-up").context["dentists"]] == [
        "Dr. Chidi Okafor",
        "Dr. Eva Weber",
    ]
    with db.as_owner():
        WorkingHours.objects.filter(dentist=cast.okafor).delete()
        WorkingHours.objects.create(dentist=cast.okafor, day_of_week=6, start_time=time(9), end_time=time(12))
    names = [item["dentist"].name for item in client.get("/?treatment=check-up").context["dentists"]]
    first = min(client.get("/?treatment=check-up").context["dentists"], key=lambda item: item["next_slot"])
    assert names[0] == first["dentist"].name


def test_a_guest_books_by_plain_forms(cast: Cast, client: Client) -> None:
    page = client.get(f"/dentists/eva-weber?treatment=check-up&day={cast.monday}")
    assert page.status_code == 200
    assert cast.at(10) in [slot["start"] for part in page.context["slots_by_part"] for slot in part["slots"]]
    location = hold(client, cast)
    form = client.get(location)
    assert form.status_code == 200
    initial = form.context["form"].initial
    done = client.post(location, DETAILS | {name: initial[name] for name in ("dentist", "treatment", "start")})
    assert done.status_code == 302, done.content.decode()
    confirmation = client.get(done["Location"])
    with db.as_owner():
        stored = Appointment.objects.get()
        assert Reservation.objects.count() == 0
    assert stored.starts_at == cast.at(10)
    assert stored.booking_reference in " ".join(confirmation.content.decode().split())
    assert Client().get(done["Location"]).status_code == 200, "the private link works in any browser"


def test_a_held_slot_is_gone_for_others_and_mine_for_me(cast: Cast, client: Client) -> None:
    hold(client, cast)
    url = f"/dentists/eva-weber?treatment=check-up&day={cast.monday}"

    def states(page: object) -> dict[object, str]:
        return {slot["start"]: slot["state"] for part in page.context["slots_by_part"] for slot in part["slots"]}  # type: ignore[attr-defined]  # the test client's response

    assert states(client.get(url))[cast.at(10)] == "mine"
    assert cast.at(10) not in states(Client().get(url))
    refused = Client().post(
        "/hold", {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(10).isoformat()}
    )
    assert refused.status_code == 409
    assert refused.templates[0].name == "patient/slot_taken.html"


def test_bad_details_are_told_next_to_the_field_and_kept(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    answer = client.post(
        location, DETAILS | {"patient_email": "not an address", "patient_phone": "12", "patient_name": "😀\x07"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"patient_email", "patient_phone", "patient_name"}, "all at once"
    assert answer.context["step"] == "who", "where something is wrong"
    assert "a dull ache" in answer.content.decode()
    with db.as_owner():
        assert Appointment.objects.count() == 0


def test_whoever_confirms_late_is_offered_what_is_free_and_keeps_the_form(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    slot = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(10).isoformat()}
    with db.as_owner():
        Reservation.objects.all().delete()
    cast.booked(cast.nobody("faster"), cast.at(10))
    answer = client.post(location, DETAILS | slot)
    assert answer.status_code == 409
    assert answer.context["conflict"]["code"] == "hold_expired"
    assert "a dull ache" in answer.content.decode()
    instead = answer.context["conflict"]["alternatives"][0]["start"]
    done = client.post(location, DETAILS | slot | {"instead": instead.isoformat()})
    assert done.status_code == 302, done.content.decode()
    with db.as_owner():
        assert set(Appointment.objects.values_list("starts_at", flat=True)) == {cast.at(10), instead}


def test_the_same_form_twice_is_one_visit(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    slot = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(10).isoformat()}
    answers = [client.post(location, DETAILS | slot) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    with db.as_owner():
        assert Appointment.objects.count() == 1


@pytest.mark.parametrize("first", [10, 14])
def test_two_tabs_that_hold_two_times_book_what_each_of_them_shows(cast: Cast, client: Client, first: int) -> None:
    """The hold has moved from one time to the other: whoever confirms both pages has both, or is asked again."""
    pages = {hour: hold(client, cast, hour) for hour in (10, 14)}
    assert pages[10].partition("?")[0] == pages[14].partition("?")[0]
    people = {10: {"patient_name": "Ana Ruiz"}, 14: {"patient_name": "Lou Ruiz"}}

    def confirm(hour: int) -> Any:
        slot = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(hour).isoformat()}
        return client.post(pages[hour], DETAILS | slot | people[hour])

    answers = [confirm(first), confirm(24 - first)]
    with db.as_owner():
        stored = {one.patient_name: one.starts_at for one in Appointment.objects.all()}
    if first == 14:
        assert [answer.status_code for answer in answers] == [302, 302]
        assert stored == {"Lou Ruiz": cast.at(14), "Ana Ruiz": cast.at(10)}
        assert confirm(14)["Location"] == answers[0]["Location"]
        assert confirm(10)["Location"] == answers[1]["Location"]
    else:
        # The page of the older tab shows the time that is held now, and asks for that one.
        asked = datetime.fromisoformat(answers[0].context["form"]["start"].value())
        assert (answers[0].status_code, asked) == (409, cast.at(14))
        assert answers[0].context["reservation"].starts_at == cast.at(14)
        assert (answers[1].status_code, stored) == (302, {"Lou Ruiz": cast.at(14)})


def test_of_a_kept_link_nothing_is_filled_in_where_something_else_is_booked(cast: Cast, client: Client) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Gus Guest")).appointment
    client.get(f"/visit/{token_for(visit.pk)}/again")
    sent = {"dentist": "eva-weber", "start": cast.at(11).isoformat()}
    told = [
        "patient_name"
        in client.get(client.post("/hold", sent | {"treatment": what})["Location"]).context["form"].initial
        for what in ("check-up", "filling")
    ]
    assert told == [True, False]


@pytest.mark.parametrize("field", ["start", "treatment", "dentist"])
def test_what_is_booked_cannot_be_typed_into_an_error(cast: Cast, client: Client, field: str) -> None:
    location = hold(client, cast)
    slot = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(10).isoformat()}
    assert client.post(location, DETAILS | slot | {"step": "visit", field: "x" * 200}).status_code == 200


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-11:00", "soon", ""])
def test_a_start_beyond_all_calendars_is_refused(cast: Cast, client: Client, start: str) -> None:
    sent = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": start}
    assert client.post("/hold", sent).status_code == 400


def test_wrong_passwords_end_soon(cast: Cast, client: Client, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "sign_in": (3, 600)}
    sent = {"email": "ana@example.org", "password": "wrong"}
    assert [client.post("/accounts/sign-in", sent).status_code for _ in range(4)] == [422, 422, 422, 429]


def test_releasing_returns_to_the_times(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    answer = client.post(f"{location.partition('?')[0]}/release")
    assert answer["Location"] == f"/dentists/eva-weber?treatment=check-up&day={cast.monday}#times"
    assert client.get(location).status_code == 410


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dentists/nobody", 404),
        ("/dentists/eva-weber?treatment=nothing", 404),
        ("/dentists/eva-weber?treatment=check-up&day=2026-02-30", 400),
        ("/dentists/eva-weber?treatment=check-up&day=soon", 400),
        ("/dentists/eva-weber?treatment=%00", 400),
        ("/visit/AAAA", 404),
        ("/book/00000000-0000-0000-0000-000000000000", 410),
        ("/nothing", 404),
    ],
)
def test_what_cannot_be_shown_says_so(cast: Cast, client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_signing_in_and_out(cast: Cast, client: Client) -> None:
    wrong = client.post("/accounts/sign-in", {"email": "ana@example.org", "password": "wrong"})
    assert wrong.status_code == 422
    right = client.post(
        "/accounts/sign-in", {"email": "Ana@Example.org", "password": "correct horse battery", "next": "//evil.example"}
    )
    assert (right.status_code, right["Location"]) == (302, "/visits")
    assert "Ana Ruiz" in client.get("/").content.decode()
    client.post("/accounts/sign-out")
    assert "Ana Ruiz" not in client.get("/").content.decode()
