"""What the clinic stores about somebody, as a page, a file and an answer of the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from appointments.models import MEDICAL_FIELDS, Appointment
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.errors import NotSignedIn
from clinic.privacy.exporting import export
from tests.api.calling import Caller, sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD
from tests.privacy.canaries import BORN, CHILD, CONTACT, EMAIL, NAME, PHONE
from tests.privacy.conftest import Quilla, told


def exported(quilla: Quilla) -> dict[str, Any]:
    with db.reading(quilla.actor):
        return export(quilla.actor)


def test_everything_personal_is_in_it(quilla: Quilla) -> None:
    found = quilla.browser.get("/account/data.json").json()
    assert found["account"].items() >= {"email": EMAIL, "name": NAME, "role": "patient"}.items()
    assert [(one["name"], one["relation"], one["birth_date"]) for one in found["people"]] == [
        (NAME, "self", BORN.isoformat()), ("Pixel Neverhere", "child", BORN.isoformat()),
        (NAME, "guest", BORN.isoformat()), (CHILD, "other", BORN.isoformat()),
    ]  # fmt: skip
    assert {one["id"] for one in found["visits"]} == {str(visit) for visit in quilla.visits.values()}
    assert [one["medical"] for one in found["visits"]] == [told()] * 5
    past = next(one for one in found["visits"] if one["id"] == str(quilla.visits["past"]))
    assert (past["patient_name"], past["patient_email"], past["patient_phone"]) == (NAME, CONTACT, PHONE)
    moved = next(one for one in found["visits"] if one["id"] == str(quilla.visits["moved"]))
    assert [message["kind"] for message in moved["messages"]] == ["booked", "moved"]
    assert [one["version"] for one in found["consents"]] == ["2026-11"] * 5
    assert [len(found[name]) for name in ("holds", "hold_attempts", "kept_answers", "sessions", "programs")] == [
        1,
        1,
        3,
        1,
        1,
    ]
    assert found["ways_in"].items() >= {"mailed_codes": [], "recovery_codes": 0}.items()
    assert found["ways_in"]["new_email"].keys() == {"email", "asked_at"}
    assert found["ways_in"]["second_factor"].keys() == {"created_at"}
    assert {one["table"] for one in found["history"]} == {
        "accounts_user", "patients_patient", "appointments_appointment", "appointments_medicalrecord",
    }  # fmt: skip


def test_every_column_of_a_visit_is_in_it_but_those_that_are_left_out_on_purpose(quilla: Quilla) -> None:
    columns = {field.column for field in Appointment._meta.concrete_fields}
    (visit, *_rest) = quilla.browser.get("/account/data.json").json()["visits"]
    assert columns - visit.keys() == {"account_id", "cancelled_by_user_id", "erased_at"}
    assert visit["medical"].keys() == set(MEDICAL_FIELDS)


def test_the_guests_of_an_address_that_is_not_confirmed_are_not(quilla: Quilla) -> None:
    with db.as_owner():
        User.objects.filter(pk=quilla.user.pk).update(email_verified_at=None)
    assert len(exported(quilla)["visits"]) == 4


def test_no_secret_and_nobody_else_is_in_it(quilla: Quilla) -> None:
    quilla.cast.booked(quilla.cast.as_ana, quilla.cast.at(16), contact=quilla.cast.guest("Ana Ruiz"))
    text = json.dumps(exported(quilla))
    with db.as_owner():
        secrets = db.rows("SELECT session_key, session_data FROM accounts_session UNION ALL SELECT newest, password"
                          " FROM accounts_refreshfamily f JOIN accounts_user u ON u.id = f.user_id")  # fmt: skip
    assert [secret for row in secrets for secret in row if secret in text] == []
    assert [
        word for word in ("Ana Ruiz", "gAAAA", str(quilla.cast.ada.pk), str(quilla.cast.ana.pk)) if word in text
    ] == []


def test_page_file_and_api_say_the_same(quilla: Quilla) -> None:
    file, answer = quilla.browser.get("/account/data.json"), quilla.program.get("profiles/me/export")
    assert file["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert (file["Cache-Control"], answer.headers["Cache-Control"]) == ("private, no-store", "private, no-store")
    stable = ("account", "people", "visits", "consents", "holds", "history", "clinic")
    assert {name: file.json()[name] for name in stable} == {name: answer.json[name] for name in stable}
    page = quilla.browser.get("/account/data")
    assert page["Cache-Control"] == "private, no-store"
    text = page.content.decode()
    words = (
        NAME,
        CHILD,
        EMAIL,
        CONTACT,
        PHONE,
        "canaryreason is mine",
        *told().values(),
        "agreed to text 2026-11",
        "canarynew@example.org waits to be confirmed",
    )
    assert [word for word in words if word not in text] == []


def test_staff_take_their_own_data_and_none_of_their_patients(quilla: Quilla) -> None:
    found = sign_in(quilla.cast.weber).get("profiles/me/export").json
    assert (found["account"]["email"], found["visits"], found["people"]) == ("eva-weber@clinic.example", [], [])


def test_without_an_account_there_is_nothing_to_take(cast: Cast) -> None:
    assert Caller().get("profiles/me/export").status == 401
    for path in ("/account/data", "/account/data.json", "/account/erase"):
        assert Client().get(path)["Location"] == f"/accounts/sign-in?next={path}"
    with pytest.raises(NotSignedIn), db.reading(cast.nobody()):
        export(cast.nobody())


def test_the_page_says_what_will_happen_and_asks_again(quilla: Quilla) -> None:
    page = quilla.browser.get("/account/erase")
    assert [visit.pk for visit in page.context["visits"]] == [quilla.visits["child"], quilla.visits["moved"]]
    assert "§ 630f BGB" in page.content.decode()
    wrong = quilla.browser.post("/account/erase", {"email": EMAIL, "password": "not mine"})
    assert (wrong.status_code, quilla.browser.get("/visits").status_code) == (422, 200)
    gone = quilla.browser.post("/account/erase", {"email": EMAIL, "password": PASSWORD}, follow=True)
    assert gone.redirect_chain == [("/account/erased", 302)]
    assert "Your account is erased" in gone.content.decode()
    assert quilla.browser.get("/visits").status_code == 302


def test_staff_read_that_an_admin_takes_their_account_away(cast: Cast) -> None:
    browser = Client()
    browser.post("/accounts/sign-in", {"email": cast.dana.email, "password": PASSWORD})
    assert "An admin takes it away" in browser.get("/account/erase").content.decode()
    answer = browser.post("/account/erase", {"email": cast.dana.email, "password": PASSWORD})
    assert answer.status_code == 409
