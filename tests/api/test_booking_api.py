"""Booking over REST: the same verbs, typed errors, and the same answer for the same key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from appointments.models import Appointment
from clinic.core import db
from tests.factories import Cast


def wish(cast: Cast, **changes: Any) -> dict[str, Any]:
    body = {
        "dentist_id": str(cast.weber.pk),
        "treatment": "check-up",
        "appointment_date": cast.monday.isoformat(),
        "appointment_time": "09:30",
        "patient_name": "Gus Guest",
        "patient_email": "gus@example.net",
        "patient_phone": "+49 30 1234567",
        "symptoms": "a dull ache",
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


def stored() -> int:
    with db.as_owner():
        return Appointment.objects.count()


def test_slots_hold_and_booking(cast: Cast, client: Client) -> None:
    slots = client.get(f"/api/availability/{cast.weber.pk}/slots?date={cast.monday}&treatment=check-up").json()
    assert (slots["time_zone"], len(slots["slots"])) == ("Europe/Berlin", 26)
    assert slots["slots"][2] == {"start": cast.at(9, 30).isoformat(), "end": cast.at(10).isoformat()}
    held = post(
        client,
        "/api/availability/reserve",
        {"dentist_id": str(cast.weber.pk), "treatment": "check-up", "start": slots["slots"][2]["start"]},
    )
    assert held.status_code == 201, held.content
    hold = held.json()
    answer = post(
        client,
        "/api/appointments",
        wish(cast, reservation_id=hold["id"], reservation_token=hold["token"], booking_source="chatbot"),
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["appointment_date"], body["appointment_time"], body["booking_source"]) == (
        cast.monday.isoformat(),
        "09:30",
        "chatbot",
    )
    assert "symptoms" not in body
    assert client.get(body["link"]).status_code == 200


def test_an_instant_and_the_name_of_the_treatment_will_do(cast: Cast, client: Client) -> None:
    answer = post(
        client,
        "/api/appointments",
        wish(
            cast,
            treatment=None,
            appointment_type="check-UP",
            appointment_time=None,
            appointment_date=cast.at(11).isoformat(),
        ),
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["start"] == cast.at(11).isoformat()


def test_the_same_key_books_once_however_often_it_comes(cast: Cast) -> None:
    def attempt(number: int) -> tuple[int, str]:
        try:
            answer = post(Client(), "/api/appointments", wish(cast), **{"Idempotency-Key": "once-and-for-all"})
            return answer.status_code, answer.json()["booking_reference"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(attempt, range(100)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert stored() == 1


def test_without_a_key_the_second_is_refused(cast: Cast, client: Client) -> None:
    """The control: what the key above keeps from happening."""
    statuses = [post(client, "/api/appointments", wish(cast)).status_code for _ in range(2)]
    assert statuses == [201, 409]


def test_a_key_with_another_body_is_refused_and_a_refusal_is_repeated(cast: Cast, client: Client) -> None:
    first = post(client, "/api/appointments", wish(cast), **{"Idempotency-Key": "k1"})
    other = post(client, "/api/appointments", wish(cast, appointment_time="10:00"), **{"Idempotency-Key": "k1"})
    assert (first.status_code, other.status_code, other.json()["error"]["code"]) == (201, 422, "idempotency_key_reused")
    taken = [
        post(client, "/api/appointments", wish(cast, patient_name="Eve"), **{"Idempotency-Key": "k2"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in taken] == [409, 409]
    assert taken[0].json() == taken[1].json()
    assert taken[1]["Idempotent-Replayed"] == "true"
    assert stored() == 1


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"dentist_id": "00000000-0000-0000-0000-000000000000"}, 404, "unknown_dentist", "dentist_id"),
        ({"dentist_id": "nobody"}, 404, "unknown_dentist", "dentist_id"),
        ({"treatment": "magic"}, 404, "unknown_treatment", "treatment"),
        ({"dentist_id": "chidi-okafor", "treatment": "filling"}, 422, "wrong_treatment", "treatment"),
        ({"appointment_date": "2020-01-06"}, 422, "in_the_past", "start"),
        ({"appointment_time": "12:30"}, 422, "outside_hours", "start"),
        ({"appointment_time": "09:31"}, 422, "outside_hours", "start"),
        ({"appointment_time": "25:00"}, 400, "malformed", "appointment_time"),
        ({"appointment_date": "2026-02-30"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "2027-02-29"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "tomorrow"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "20261130"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": 20261130}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "2026-W49-1"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "\u0662\u0660\u0662\u0666-11-30"}, 400, "malformed", "appointment_date"),
        ({"appointment_date": "9999-12-31"}, 422, "too_far_ahead", "start"),
        ({"appointment_time": None}, 400, "malformed", "appointment_time"),
        ({"patient_name": "\x00"}, 400, "malformed", "patient_name"),
        ({"patient_name": "x" * 121}, 400, "malformed", "patient_name"),
        ({"patient_name": "\u200b"}, 400, "malformed", "patient_name"),
        ({"patient_name": "Mia \u202eelpmaS"}, 400, "malformed", "patient_name"),
        ({"patient_name": "!!!"}, 400, "malformed", "patient_name"),
        ({"patient_name": None}, 400, "malformed", "patient_name"),
        ({"patient_email": "nowhere"}, 400, "malformed", "patient_email"),
        ({"patient_phone": "call me"}, 400, "malformed", "patient_phone"),
        ({"birth_date": "2999-01-01"}, 400, "malformed", "birth_date"),
        ({"payment_method": "gold"}, 400, "malformed", "payment_method"),
        ({"booking_source": "staff"}, 400, "malformed", "booking_source"),
        ({"symptoms": "x" * 4001}, 400, "malformed", "symptoms"),
        ({"reservation_id": "7"}, 400, "malformed", "reservation_id"),
    ],
)
def test_bad_input_is_told_and_stores_nothing(
    cast: Cast, client: Client, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    answer = post(client, "/api/appointments", wish(cast, **changes))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (status, code, [field])
    assert stored() == 0


def test_an_emoji_is_part_of_a_name(cast: Cast, client: Client) -> None:
    answer = post(client, "/api/appointments", wish(cast, patient_name="Gus 🦷 Guest"))
    assert (answer.status_code, answer.json()["patient_name"]) == (201, "Gus 🦷 Guest")


def test_ten_megabytes_are_refused_unread(cast: Cast, client: Client) -> None:
    answer = client.post("/api/appointments", b"{" + b" " * 10_000_000, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_booking_at_all(cast: Cast, client: Client, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/api/appointments", body, content_type=kind)
    assert answer.status_code == status
    assert "error" in answer.json()


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "0001-01-01"])
def test_a_malformed_day_has_no_slots(cast: Cast, client: Client, day: str) -> None:
    answer = client.get(f"/api/availability/{cast.weber.pk}/slots?date={day}&treatment=check-up")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["date"])


def test_only_the_holder_releases(cast: Cast, client: Client) -> None:
    body = {"dentist_id": str(cast.weber.pk), "treatment": "check-up", "start": cast.at(9).isoformat()}
    hold = post(client, "/api/availability/reserve", body).json()
    path = f"/api/availability/reserve/{hold['id']}"
    assert client.delete(path, headers={"Reservation-Token": "guess"}).status_code == 204
    assert post(client, "/api/availability/reserve", body).status_code == 409
    assert client.delete(path, headers={"Reservation-Token": hold["token"]}).status_code == 204
    assert post(client, "/api/availability/reserve", body).status_code == 201
