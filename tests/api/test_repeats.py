"""The same request twice under one `Idempotency-Key`: one effect, and the same answer, also when it was a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from appointments.models import Appointment
from appointments.transitions import cancel as cancel_visit
from availability.models import Reservation
from chatbot.conversations import begin
from clinic.core import db
from clinic.core.models import ClinicSettings
from tests.api.calling import Answer, Caller
from tests.api.everything import changed_since, everything
from tests.factories import Cast

KEY = "8d7f0c52-a-random-key"


def wish(cast: Cast, minute: int = 0, **more: Any) -> dict[str, Any]:
    """A check-up with Dr. Weber on that Monday, at nine or a little later."""
    when = {"appointment_date": cast.monday.isoformat(), "appointment_time": f"09:{minute:02}"}
    return {"dentist_id": "eva-weber", "treatment": "check-up"} | when | more


def guest(cast: Cast, minute: int = 0) -> dict[str, Any]:
    contact = {"patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "030 1234567"}
    return wish(cast, minute, **contact)


def hold(cast: Cast, minute: int = 0) -> dict[str, Any]:
    return {"dentist_id": "eva-weber", "treatment": "check-up", "start": cast.at(9, minute).isoformat()}


def reason(cast: Cast, minute: int = 0) -> dict[str, Any]:
    return {"reason": f"away since {minute} past nine"}


def opening(cast: Cast, minute: int = 0) -> dict[str, Any]:
    return {"language": "de" if minute else "en"}


def saying(cast: Cast, minute: int = 0) -> dict[str, Any]:
    return {"text": f"a check-up next week at 10:{minute:02}, nothing hurts", "choice": ""}


@dataclass(frozen=True)
class Doing:
    """Something that can be asked for twice: where, with what (at nine or so many minutes later), and its status."""

    path: str
    body: Callable[[Cast, int], dict[str, Any]]
    status: int

    def where(self, cast: Cast) -> str:
        if "{conversation}" in self.path:
            return self.path.format(conversation=begin(cast.as_ana, "en").id)
        if "{visit}" not in self.path:
            return self.path
        visit = cast.booked(cast.as_ana, cast.at(14), contact=cast.guest("Ana Ruiz")).appointment
        return self.path.format(visit=visit.pk)


DOINGS = [
    Doing("appointments", guest, 201),
    Doing("availability/reserve", hold, 201),
    Doing("appointments/{visit}/cancel", reason, 200),
    Doing("appointments/{visit}/reschedule", wish, 200),
]
TALKING = [
    Doing("chatbot/conversations", opening, 201),
    Doing("chatbot/conversations/{conversation}/messages", saying, 200),
]
each = pytest.mark.parametrize("doing", DOINGS, ids=["book", "reserve", "cancel", "reschedule"])
all_of_them = pytest.mark.parametrize(
    "doing", DOINGS + TALKING, ids=["book", "reserve", "cancel", "reschedule", "begin a conversation", "say"]
)


@all_of_them
@pytest.mark.parametrize("ending", ["", "/"])
def test_the_same_again_is_answered_alike_and_changes_nothing(
    cast: Cast, ana: Caller, doing: Doing, ending: str
) -> None:
    path, body = doing.where(cast), doing.body(cast, 0)
    first = ana.post(path, body, Idempotency_Key=KEY)
    assert (first.status, "Idempotent-Replayed" in first.headers) == (doing.status, False)
    done = everything()
    # As another program writes it: in another order.
    again = ana.post(path + ending, dict(reversed(body.items())), Idempotency_Key=KEY)
    assert (again.status, again.json, again.headers["Idempotent-Replayed"]) == (first.status, first.json, "true")
    assert changed_since(done) == []


@each
def test_a_refusal_is_repeated_too(cast: Cast, ana: Caller, doing: Doing) -> None:
    path, body = doing.where(cast), doing.body(cast, 7)
    expected = (422, "outside_hours")
    if path.endswith("cancel"):
        ana.post(path)
        expected = (409, "invalid_transition")
    answers = [ana.post(path, body, Idempotency_Key=KEY) for _ in range(2)]
    assert [(answer.status, answer.code) for answer in answers] == [expected] * 2
    assert answers[0].json == answers[1].json
    assert answers[1].headers["Idempotent-Replayed"] == "true"


@all_of_them
def test_the_key_with_another_body_is_refused(cast: Cast, ana: Caller, doing: Doing) -> None:
    path = doing.where(cast)
    assert ana.post(path, doing.body(cast, 0), Idempotency_Key=KEY).status == doing.status
    done = everything()
    answer = ana.post(path, doing.body(cast, 30), Idempotency_Key=KEY)
    assert answer.told == (422, "idempotency_key_reused", ["Idempotency-Key"])
    assert changed_since(done) == []


def test_without_a_key_the_second_is_refused(cast: Cast, ana: Caller, anyone: Caller) -> None:
    """The control: what the key keeps from happening."""
    cancelled = DOINGS[2].where(cast)
    found = {
        "book": [anyone.post("appointments", guest(cast)) for _ in range(2)],
        "reserve": [anyone.post("availability/reserve", hold(cast, 30)) for _ in range(2)],
        "cancel": [ana.post(cancelled, {"reason": "away"}) for _ in range(2)],
    }
    assert {name: [answer.status for answer in answers] for name, answers in found.items()} == {
        "book": [201, 409], "reserve": [201, 409], "cancel": [200, 409],
    }  # fmt: skip
    assert [answers[1].code for answers in found.values()] == ["slot_taken", "slot_taken", "invalid_transition"]


def test_a_refusal_stays_when_its_reason_has_gone(cast: Cast, anyone: Caller) -> None:
    first = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    taken = anyone.post("appointments", guest(cast), Idempotency_Key=KEY)
    cancel_visit(cast.as_desk, first.pk)
    again = anyone.post("appointments", guest(cast), Idempotency_Key=KEY)
    assert (taken.status, again.status, again.json) == (409, 409, taken.json)
    assert anyone.post("appointments", guest(cast), Idempotency_Key="another").status == 201


def test_another_callers_same_key_is_another(
    cast: Cast, ana: Caller, ben: Caller, desk: Caller, anyone: Caller
) -> None:
    callers = [ana, ben, desk, anyone]
    answers = [
        caller.post(
            "appointments", guest(cast, 15 * number) | {"patient_name": f"Person {number}"}, Idempotency_Key=KEY
        )
        for number, caller in zip((0, 2), callers[:2], strict=True)
    ]
    answers += [
        caller.post("appointments", guest(cast) | {"appointment_time": time}, Idempotency_Key=KEY)
        for time, caller in zip(("10:00", "10:30"), callers[2:], strict=True)
    ]
    assert [answer.status for answer in answers] == [201] * 4
    assert len({answer.json["booking_reference"] for answer in answers}) == 4


def test_nobody_reads_anothers_answer_by_their_key(cast: Cast, ana: Caller, ben: Caller, anyone: Caller) -> None:
    booked = ana.post("appointments", guest(cast), Idempotency_Key=KEY)
    assert booked.status == 201
    assert [caller.post("appointments", guest(cast), Idempotency_Key=KEY).code for caller in (ben, anyone)] == [
        "slot_taken",
        "slot_taken",
    ]


def test_a_repeated_hold_gives_the_same_token_which_still_books(cast: Cast, anyone: Caller) -> None:
    first, again = (anyone.post("availability/reserve", hold(cast), Idempotency_Key=KEY).json for _ in range(2))
    assert (first, len(first["token"])) == (again, 32)
    with db.as_owner():
        assert Reservation.objects.count() == 1
    shown = {"reservation_id": first["id"], "reservation_token": first["token"]}
    assert anyone.post("appointments", guest(cast) | shown).status == 201


def test_too_often_is_not_kept(cast: Cast, anyone: Caller) -> None:
    limit(holds_per_address=0)
    refused = anyone.post("availability/reserve", hold(cast), Idempotency_Key=KEY)
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "too_many_holds", "300")
    limit(holds_per_address=12)
    assert anyone.post("availability/reserve", hold(cast), Idempotency_Key=KEY).status == 201


def limit(**values: int) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(**values)


@pytest.mark.parametrize("key", ["", "k" * 201, "ключ", "tab\there"])
def test_a_key_that_is_none_is_refused(cast: Cast, ana: Caller, anyone: Caller, key: str) -> None:
    done = everything()
    for caller in (ana, anyone):
        answer = caller.post("appointments", guest(cast), Idempotency_Key=key)
        assert answer.told == (400, "malformed", ["Idempotency-Key"])
    assert changed_since(done) == []


def test_what_is_kept_is_encrypted(cast: Cast, anyone: Caller) -> None:
    booked: Answer = anyone.post("appointments", guest(cast), Idempotency_Key=KEY)
    with db.as_owner():
        [(kept,)] = db.rows("SELECT body FROM core_idempotencykey")
        assert Appointment.objects.count() == 1
    assert [text in kept for text in ("Gus Guest", booked.json["booking_reference"], booked.json["link"])] == [
        False
    ] * 3
