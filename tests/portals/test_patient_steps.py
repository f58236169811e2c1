"""The details in two steps, by plain forms: what is typed is carried along, checked in the server's words, and remembered."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from appointments import medical
from appointments.models import Appointment, MedicalRecord
from clinic.accounts.models import User
from clinic.core import db
from clinic.patients.models import Patient
from clinic.patients.people import Details, add_person
from tests.factories import Cast
from tests.factories.holds import let_run_out
from tests.factories.people import PASSWORD
from tests.factories.stored import nothing_stored

WHO = {"patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "030 1234567"}
BACKGROUND = {"allergies": "penicillin\nand latex", "medications": "aspirin"}


def hold(client: Client, cast: Cast, hour: int = 10, **more: str) -> str:
    sent = {"dentist": "eva-weber", "treatment": "check-up", "start": cast.at(hour).isoformat()} | more
    return str(client.post("/hold", sent)["Location"])


def fields(page: Any) -> dict[str, str]:
    """What a browser would send of the page's form, hidden fields included, without the buttons."""
    form = page.context["form"]
    shown = [form[name] for name in form.fields]
    return {one.html_name: str(one.value()) for one in shown if one.value() not in (None, "", False)}


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    with db.signing_in():
        client.force_login(User.objects.get(pk=cast.ana.pk))
    return client


def test_a_guest_goes_through_both_steps_and_back(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    first = client.get(location)
    assert first.context["step"] == "who"
    second = client.post(location, fields(first) | WHO | {"step": "visit"})
    assert (second.status_code, second.context["step"]) == (200, "visit")
    back = client.post(location, fields(second) | {"allergies": "latex", "step": "who"})
    assert (back.context["step"], fields(back)["allergies"]) == ("who", "latex")
    assert back.context["form"].errors == {}
    again = client.post(location, fields(back) | {"patient_name": "Gus Guestson", "step": "visit"})
    assert (again.context["step"], fields(again)["allergies"]) == ("visit", "latex")
    done = client.post(location, fields(again) | {"consent": "on", "symptoms": "a dull ache"})
    assert done.status_code == 302, done.content.decode()
    with db.as_owner():
        stored, told = Appointment.objects.get(), MedicalRecord.objects.get()
    assert (stored.patient_name, stored.starts_at) == ("Gus Guestson", cast.at(10))
    assert (told.allergies, told.symptoms) == ("latex", "a dull ache")


def test_whoever_goes_back_after_booking_is_led_to_the_visit(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    sent = WHO | {
        "payment_method": "cash",
        "dentist": "eva-weber",
        "treatment": "check-up",
        "start": cast.at(10).isoformat(),
    }
    visit = client.post(location, sent | {"consent": "on"})["Location"]
    assert visit.startswith("/visit/")
    assert client.get(location)["Location"] == visit
    for step in ({"step": "who"}, {"step": "visit"}, {}):
        assert client.post(location, sent | step)["Location"] == visit
    stranger = Client()
    stranger.cookies["holder"] = "somebody else"
    assert stranger.get(location).status_code == 410, "who booked it is said to nobody else"


def test_nobody_goes_on_with_a_wrong_address(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    with nothing_stored():
        answer = client.post(location, WHO | {"patient_email": "gus@", "patient_phone": "12", "step": "visit"})
    assert (answer.status_code, answer.context["step"]) == (422, "who")
    assert set(answer.context["form"].errors) == {"patient_email", "patient_phone"}


def test_what_is_missing_in_the_second_step_is_told_there(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    answer = client.post(location, WHO | {"payment_method": "cash", "allergies": "latex"})
    assert (answer.status_code, answer.context["step"]) == (422, "visit")
    assert list(answer.context["form"].errors) == ["consent"]
    assert fields(answer)["patient_name"] == "Gus Guest"


def test_a_refusal_about_the_person_leads_back_to_the_first_step(cast: Cast, client: Client) -> None:
    with db.as_owner():
        type(cast.checkup).objects.filter(pk=cast.checkup.pk).update(minimum_age=18)
    location = hold(client, cast)
    sent = fields(client.get(location)) | WHO | {"consent": "on", "birth_date": "2019-05-04"}
    for step in ({}, {"step": "visit"}):
        answer = client.post(location, sent | step)
        assert (answer.status_code, answer.context["step"]) == (422, "who")
        assert list(answer.context["form"].errors) == ["birth_date"]
    missing = client.post(location, sent | {"birth_date": "", "step": "visit"})
    assert (missing.context["step"], list(missing.context["form"].errors)) == ("who", ["birth_date"])
    grown = client.post(location, sent | {"birth_date": "1990-05-04", "step": "visit"})
    assert grown.context["step"] == "visit"


def test_the_page_asks_for_what_is_wrong_in_the_words_of_the_form(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    wrong = {"patient_name": "Gus", "patient_email": "gus@", "patient_phone": "12", "birth_date": "2999-01-01"}
    with nothing_stored():
        told = client.post(location, wrong | {"step": "check"}).json()["errors"]
    refused = client.post(location, wrong | {"step": "visit"}).context["form"].errors
    shown = {name: list(texts) for name, texts in refused.items()}
    assert {name: told[name] for name in shown} == shown
    assert shown["birth_date"] == ["Please give a date of birth in the past."]
    right = client.post(location, WHO | {"step": "check"}).json()["errors"]
    assert right.keys().isdisjoint(WHO)


def book_for(ana: Client, cast: Cast, hour: int, person: Patient, **told: str) -> Any:
    """Books as the pages lead; gives the second step's form."""
    location = hold(ana, cast, hour)
    second = ana.post(location, fields(ana.get(location)) | {"person": str(person.pk), "step": "visit"})
    sent = fields(second) | {"consent": "on"} | told
    assert ana.post(location, sent).status_code == 302
    return second.context["form"]


def test_the_background_is_remembered_for_each_person_by_themselves(cast: Cast, ana: Client) -> None:
    child = add_person(cast.as_ana, Details(name="Lou Ruiz", birth_date=date(2019, 5, 4)))
    herself = cast.ana_herself
    assert not book_for(ana, cast, 9, herself, **BACKGROUND, symptoms="it hurts").is_remembered
    form = book_for(ana, cast, 10, herself)
    assert {name: form[name].value() for name in BACKGROUND} == {
        "allergies": "penicillin\nand latex",
        "medications": "aspirin",
    }
    assert form.is_remembered
    assert form["symptoms"].value() in (None, ""), "what was felt then is not felt now"
    assert book_for(ana, cast, 11, child)["allergies"].value() == ""
    # Taken back with one booking, it stays away.
    book_for(ana, cast, 13, herself, allergies="", medications="")
    assert book_for(ana, cast, 14, herself)["allergies"].value() == ""


def test_choosing_somebody_else_takes_ones_own_background_away(cast: Cast, ana: Client) -> None:
    child = add_person(cast.as_ana, Details(name="Lou Ruiz", birth_date=date(2019, 5, 4)))
    book_for(ana, cast, 9, cast.ana_herself, **BACKGROUND)
    location = hold(ana, cast, 10)
    mine = ana.post(location, fields(ana.get(location)) | {"person": str(cast.ana_herself.pk), "step": "visit"})
    assert fields(mine)["medications"] == "aspirin"
    back = ana.post(location, fields(mine) | {"step": "who"})
    for somebody in (str(child.pk), "new"):
        sent = fields(back) | {"person": somebody, "patient_name": "Kim New", "step": "visit"}
        other = ana.post(location, sent)
        assert other.context["step"] == "visit", other.context["form"].errors
        assert {name: other.context["form"][name].value() for name in BACKGROUND} == {
            "allergies": "",
            "medications": "",
        }


def test_nobody_sees_what_others_told(cast: Cast, ana: Client) -> None:
    cast.booked(cast.as_ben, cast.at(9), contact=cast.guest("Ben Krause"), medical=BACKGROUND)
    location = hold(ana, cast, 10)
    sent = fields(ana.get(location)) | {"person": str(cast.ben_himself.pk), "step": "visit"}
    answer = ana.post(location, sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["person"])
    assert "aspirin" not in answer.content.decode()


def test_a_past_visit_is_booked_again_for_the_same_person(cast: Cast, ana: Client) -> None:
    child = add_person(cast.as_ana, Details(name="Lou Ruiz", birth_date=date(2019, 5, 4)))
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Lou Ruiz", patient_id=child.pk)).appointment
    ana.post(f"/visits/{visit.pk}/cancel", {})
    again = ana.get(f"/visits/{visit.pk}").context["again_url"]
    assert again == f"/dentists/eva-weber?treatment=check-up&for={child.pk}#times"
    times = ana.get(again)
    assert times.context["days"][0]["url"].endswith(f"&for={child.pk}#times")
    location = hold(ana, cast, 10, **{"for": str(child.pk)})
    assert ana.get(location).context["form"]["person"].value() == str(child.pk)


def test_a_hold_that_ran_out_is_offered_again_in_one_press(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    with db.as_owner():
        held = urlsplit(location).path.rsplit("/", 1)[-1]
    let_run_out(held)  # type: ignore[arg-type]  # an id as text
    page = client.get(location)
    assert (page.status_code, page.context["is_free"]) == (410, True)
    again = client.post("/hold", page.context["fields"])
    assert client.get(again["Location"]).status_code == 200
    assert parse_qs(urlsplit(again["Location"]).query) == parse_qs(urlsplit(location).query)


def test_a_hold_that_ran_out_and_is_taken_leads_to_what_is_free(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    let_run_out(urlsplit(location).path.rsplit("/", 1)[-1])  # type: ignore[arg-type]  # an id as text
    cast.booked(cast.nobody("faster"), cast.at(10))
    page = client.get(location)
    assert (page.status_code, page.context["is_free"]) == (410, False)
    starts = [one["start"] for one in page.context["alternatives"]]
    assert (cast.at(9, 30) in starts, cast.at(10) in starts) == (True, False)


@pytest.mark.parametrize(
    "query",
    ["", "?start=x", "?dentist=nobody&treatment=check-up&start=2030-01-07T09:00:00%2B01:00",
     "?dentist=chidi-okafor&treatment=filling&start=2030-01-07T09:00:00%2B01:00"],
)  # fmt: skip
def test_an_address_that_says_nothing_useful_still_gets_a_page(cast: Cast, client: Client, query: str) -> None:
    page = client.get(f"/book/00000000-0000-0000-0000-000000000000{query}")
    assert page.status_code == 410
    assert "Your hold has run out" in page.content.decode()


def test_whoever_signs_in_on_the_way_comes_back_to_the_held_time(cast: Cast, client: Client) -> None:
    location = hold(client, cast)
    page = client.get(location).content.decode()
    sent = {"email": "ana@example.org", "password": PASSWORD, "next": location}
    assert f"/accounts/sign-in?next={quote(location, safe='')}" in page
    back = client.post("/accounts/sign-in", sent)["Location"]
    assert back == location
    form = client.get(back).context["form"]
    assert (form["patient_email"].value(), list(form.people)) == ("ana@example.org", [str(cast.ana_herself.pk)])
    second = client.post(back, fields(client.get(back)) | {"step": "visit"})
    assert client.post(back, fields(second) | {"consent": "on"}).status_code == 302
    with db.as_owner():
        assert Appointment.objects.get().account_id == cast.ana.pk


def test_the_time_that_is_being_moved_is_shown_and_not_offered(cast: Cast, ana: Client) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    page = ana.get(f"/visits/{visit.pk}/move?day={cast.monday}")
    states = {slot["start"]: slot["state"] for part in page.context["slots_by_part"] for slot in part["slots"]}
    assert (states[cast.at(9)], states[cast.at(9, 15)]) == ("now", "free")


def test_only_the_account_holder_is_reminded_and_a_call_to_the_desk_forgets_nothing(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical=BACKGROUND)
    by_desk = cast.guest("Ana Ruiz", patient_id=cast.ana_herself.pk)
    cast.booked(cast.as_desk, cast.at(11), contact=by_desk, medical={"symptoms": "told on the phone"})
    reminded = {}
    askers = {"ana": cast.as_ana, "ben": cast.as_ben, "dentist": cast.as_dentist(cast.weber), "desk": cast.as_desk,
              "admin": cast.as_admin, "nobody": cast.nobody()}  # fmt: skip
    for who, actor in askers.items():
        with db.reading(actor):
            reminded[who] = medical.remembered(actor, cast.ana_herself.pk)
    assert reminded == {who: BACKGROUND if who == "ana" else {} for who in askers}
