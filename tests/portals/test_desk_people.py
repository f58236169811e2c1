"""Finding a person by whatever a caller says, and correcting how they are reached."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.booking import book
from clinic.core import db
from clinic.patients.models import Patient, Relation
from clinic.portals.desk.finding import Folded, folded
from tests.factories import Cast
from tests.portals.test_dentist import signed_in
from tests.portals.test_desk import stored, visit_on


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    return signed_in(client, cast.dana.pk)


@pytest.fixture
def people(cast: Cast) -> None:
    with db.as_owner():
        for name, born, phone in (
            ("Jürgen Müller-Lüdenscheidt", date(1980, 5, 17), "+491701234567"),
            ("José Núñez", date(1992, 11, 3), "+34911234567"),
            ("Łukasz Żółty", None, ""),
            ("O'Neil Strauß", date(1980, 5, 17), "+4930999888"),
        ):
            Patient.objects.create(name=name, birth_date=born, phone=phone, email="", relation=Relation.GUEST)


def found(desk: Client, q: str) -> list[str]:
    names = [one["name"] for one in desk.get("/desk/people.json", {"q": q}).json()["people"]]
    assert names == [one.name for one in desk.get("/desk/people", {"q": q}).context["found"]]
    return names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("mül", ["Jürgen Müller-Lüdenscheidt"]),
        ("MUELLER jurg", ["Jürgen Müller-Lüdenscheidt"]),
        ("ludensch", ["Jürgen Müller-Lüdenscheidt"]),
        ("nunez, jose", ["José Núñez"]),
        ("lukasz", ["Łukasz Żółty"]),
        ("zolty", ["Łukasz Żółty"]),
        ("strauss", ["O'Neil Strauß"]),
        ("17.5.1980", ["Jürgen Müller-Lüdenscheidt", "O'Neil Strauß"]),
        ("17/05/1980", ["Jürgen Müller-Lüdenscheidt", "O'Neil Strauß"]),
        ("05/17/1980", ["Jürgen Müller-Lüdenscheidt", "O'Neil Strauß"]),
        ("1980-05-17", ["Jürgen Müller-Lüdenscheidt", "O'Neil Strauß"]),
        ("17051980", ["Jürgen Müller-Lüdenscheidt", "O'Neil Strauß"]),
        ("0170 123 45 67", ["Jürgen Müller-Lüdenscheidt"]),
        ("+49 (0)170 123", ["Jürgen Müller-Lüdenscheidt"]),
        ("0049 170 1234", ["Jürgen Müller-Lüdenscheidt"]),
        ("911-234", ["José Núñez"]),
        ("uller", []),
        ("%", []),
        ("m_l", []),
        ("j", []),
        ("31.2.1980", []),
    ],
)
def test_a_few_letters_or_digits_find_them(people: None, desk: Client, q: str, names: list[str]) -> None:
    assert found(desk, q) == names


def test_folding_is_the_same_here_and_in_the_database(people: None, cast: Cast) -> None:
    with db.reading(cast.as_desk):
        told = dict(Patient.objects.annotate(folded=Folded("name")).values_list("name", "folded"))
    assert told == {name: folded(name) for name in told}


def test_a_reference_leads_to_its_visit(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    spoken = visit.booking_reference.lower().replace("-", " ")
    assert found(desk, visit.booking_reference.removeprefix("DC-").lower()) == ["Gus Guest"]
    assert desk.get("/desk/people", {"q": spoken})["Location"] == f"/desk/visits/{visit.pk}"
    [told] = desk.get("/desk/people.json", {"q": visit.booking_reference}).json()["people"]
    assert (told["name"], told["url"]) == ("Gus Guest", f"/desk/visits/{visit.pk}")


def test_an_address_finds_its_person(cast: Cast, desk: Client) -> None:
    assert found(desk, "ANA@exa") == ["Ana Ruiz"]


def test_finding_takes_one_query_for_all(cast: Cast, desk: Client) -> None:
    for number in range(9):
        visit_on(cast, 9 + number // 2 + (number > 5), f"Zed{number} Zoller", minute=number % 2 * 30)
    with CaptureQueriesContext(connections["default"]) as queries:
        assert len(found(desk, "zoller")) == 9
    assert sum("patients_patient" in query["sql"] for query in queries) == 2  # one for each of the two answers


def test_a_persons_page_has_their_visits_to_come_and_past(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    gone = book(cast.as_desk, cast.wish(cast.at(9, days=-21), contact=cast.guest(), outside_rules=True)).appointment
    page = desk.get(f"/desk/people/{visit.patient_id}")
    assert ([one.pk for one in page.context["coming"]], [one.pk for one in page.context["past"]]) == (
        [visit.pk], [gone.pk],
    )  # fmt: skip


def correction(**changes: Any) -> dict[str, Any]:
    return {"name": "Gustav Guest", "phone": "030 7777777", "email": "gustav@example.net", "birth_date": ""} | changes


def test_correcting_reaches_the_visits_to_come_and_leaves_the_past(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    gone = book(cast.as_desk, cast.wish(cast.at(9, days=-21), contact=cast.guest(), outside_rules=True)).appointment
    assert desk.post(f"/desk/people/{visit.patient_id}/contact", correction()).status_code == 302
    with db.as_owner():
        person = Patient.objects.get(pk=visit.patient_id)
    assert (person.name, str(person.phone), person.email) == ("Gustav Guest", "+49307777777", "gustav@example.net")
    assert (stored(visit).patient_email, stored(gone).patient_email) == ("gustav@example.net", "gus@example.net")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"email": "x@"}, "email"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
    ],
)
def test_a_wrong_correction_changes_nothing(cast: Cast, desk: Client, changes: dict[str, str], field: str) -> None:
    visit = visit_on(cast, 9)
    page = desk.post(f"/desk/people/{visit.patient_id}/contact", correction(**changes))
    assert (page.status_code, list(page.context["form"].errors), stored(visit).patient_name) == (
        422,
        [field],
        "Gus Guest",
    )


def test_another_guest_of_the_same_name_and_address_is_told(cast: Cast, desk: Client) -> None:
    visit, other = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    same = correction(name="Olga Other", email="olga@example.net")
    page = desk.post(f"/desk/people/{visit.patient_id}/contact", same)
    assert page.context["form"].non_field_errors() == [
        "There is a guest with this name, email and date of birth already."
    ]
    assert (stored(visit).patient_name, stored(other).patient_name) == ("Gus Guest", "Olga Other")


def test_nobody_else_gets_to_people(cast: Cast) -> None:
    stranger = signed_in(Client(), cast.ana.pk)
    paths = ("people", "people.json", f"people/{cast.ana_herself.pk}", "book", "absence")
    assert [stranger.get(f"/desk/{path}").status_code for path in paths] == [403] * 5
