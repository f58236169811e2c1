"""Somebody who left something in every place where the clinic keeps what people say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from appointments import moving, transitions
from appointments.models import MEDICAL_FIELDS, Appointment
from availability.reservations import reserve
from clinic.accounts.models import EmailChange, SecondFactor, User
from clinic.accounts.requests import actor_for
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.patients.models import Patient
from clinic.patients.people import Details, add_person
from tests.api.calling import Caller, sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD, make_person, make_user
from tests.privacy.canaries import BORN, CHILD, CONTACT, EMAIL, NAME, PHONE


@dataclass
class Quilla:
    """An account with a past; `visits` are the ids of its visits by what became of them."""

    cast: Cast
    user: User
    herself: Patient
    visits: dict[str, UUID]
    browser: Client
    program: Caller

    @property
    def actor(self) -> Actor:
        return actor_for(self.user)

    def stored(self, what: str) -> Appointment:
        with db.as_owner():
            return Appointment.objects.get(pk=self.visits[what])


def told() -> dict[str, str]:
    return {name: f"canaryage {name}" for name in MEDICAL_FIELDS}


def wish(cast: Cast, hour: str, name: str, email: str) -> dict[str, Any]:
    when = {"appointment_date": cast.monday.isoformat(), "appointment_time": hour}
    who = {"patient_name": name, "patient_email": email, "patient_phone": PHONE, "birth_date": BORN.isoformat()}
    return {"dentist_id": "eva-weber", "treatment": "check-up", "consent": True} | when | who | told()


def over(visit_id: UUID) -> None:
    """Puts a visit into the past, three weeks before its day, and completes it."""
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(
            "UPDATE appointments_appointment SET starts_at = starts_at - interval '3 weeks', status = 'completed',"
            " ends_at = ends_at - interval '3 weeks', completed_at = now() WHERE id = %s", [visit_id]
        )  # fmt: skip


@pytest.fixture
def quilla(cast: Cast) -> Quilla:
    with db.as_owner():
        user = make_user(NAME, "patient", email=EMAIL, email_verified_at=clock.now())
        herself = make_person(user, phone=PHONE, birth_date=BORN)
    actor, program, browser = actor_for(user), sign_in(user), Client()
    browser.post("/accounts/sign-in", {"email": EMAIL, "password": PASSWORD})
    add_person(actor, Details(name="Pixel Neverhere", birth_date=BORN))
    booked = {}
    for what, hour in (("past", "09:00"), ("moved", "10:00"), ("cancelled", "11:00")):
        answers = [
            program.post("appointments", wish(cast, hour, NAME, CONTACT), Idempotency_Key=what) for _ in range(2)
        ]
        assert [one.status for one in answers] == [201, 201], answers[0]
        assert answers[1].headers["Idempotent-Replayed"] == "true"
        booked[what] = UUID(answers[0].json["id"])
    guest = Caller().post("appointments", wish(cast, "13:00", NAME, EMAIL), Idempotency_Key="as a guest")
    child = program.post("appointments", wish(cast, "14:00", CHILD, CONTACT))
    booked |= {"guest": UUID(guest.json["id"]), "child": UUID(child.json["id"])}
    over(booked["past"])
    moving.reschedule(actor, booked["moved"], start=cast.at(15, days=1))
    transitions.cancel(actor, booked["cancelled"], reason="canaryreason is mine")
    reserve(actor, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9, days=2))
    with db.as_owner():
        EmailChange.objects.create(user=user, email="canarynew@example.org")
        SecondFactor.objects.create(user=user, secret="canarynew secret", last_step=1)
        for model, row in ((User, user.pk), (Patient, herself.pk), (Appointment, booked["past"])):
            LogEntry.objects.create(
                user=cast.ada, content_type=ContentType.objects.get_for_model(model), object_id=str(row),
                object_repr=f"{NAME} {EMAIL}", action_flag=CHANGE, change_message="",
            )  # fmt: skip
    return Quilla(cast, user, herself, booked, browser, program)
