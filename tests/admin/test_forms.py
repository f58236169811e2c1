"""What admin's forms and actions answer to the odd thing: nothing yet, nothing any more, or nothing that can be."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from availability.models import TimeOff
from clinic.core import clock, db
from clinic.patients.models import Patient
from tests.admin.forms import errors_of, filled
from tests.factories import Cast

PERSON = reverse("admin:patients_patient_add")


def test_no_page_shows_what_only_a_programmer_reads(office: Client) -> None:
    told = {}
    for model in admin.site._registry:
        answer = office.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        if answer.status_code == 200:
            told[model._meta.model_name] = " object at 0x" in answer.content.decode()
    assert told == dict.fromkeys(
        ["closure", "dateoverride", "dentist", "patient", "timeoff", "treatment", "user", "workinghours"], False
    )


@pytest.mark.parametrize("days", [1, 400 * 365])
def test_nobody_is_born_tomorrow_or_in_another_age(office: Client, days: int) -> None:
    born = clock.today() + timedelta(days=1 if days == 1 else -days)
    answer = office.post(PERSON, filled(office.get(PERSON), name="Nele Neu", birth_date=born))
    assert (answer.status_code, errors_of(answer)) == (200, ["Please give a date of birth in the past."])
    with db.as_owner():
        assert not Patient.objects.filter(name="Nele Neu").exists()


def test_time_off_is_called_by_the_clinics_clock(cast: Cast) -> None:
    with db.as_owner():
        away = TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(0), ends_at=cast.at(0, days=1))
        away.refresh_from_db()
    assert str(away) == f"{cast.monday} 00:00–{cast.monday + timedelta(days=1)} 00:00"


@pytest.mark.parametrize(
    ("name", "action", "ticked"),
    [
        ("appointments_appointment", "cancel", "uuid"), ("appointments_appointment", "cancel", "not a key"),
        ("notifications_message", "send_again", "uuid"), ("history_change", "export", "not a key"),
        ("history_change", "export", "99999999999999999999"), ("dentists_dentist", "delete_selected", "uuid"),
        ("patients_patient", "erase", "uuid"), ("availability_closure", "delete_selected", "77"),
    ],
)  # fmt: skip
def test_what_is_ticked_and_gone_is_said(office: Client, name: str, action: str, ticked: str) -> None:
    fields = {"action": action, "_selected_action": str(uuid4()) if ticked == "uuid" else ticked}
    answer = office.post(reverse(f"admin:{name}_changelist"), fields, follow=True)
    assert answer.status_code == 200
    assert [str(one) for one in answer.context["messages"]] == ["What was chosen is no longer there."]
