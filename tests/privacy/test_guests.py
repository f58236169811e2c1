"""A guest who asked the practice is erased by an admin."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from appointments.booking import book
from appointments.models import Appointment, Status
from clinic.core import db
from clinic.core.errors import NotAllowed, NotFound
from clinic.patients.models import Patient
from clinic.privacy.erasing import REASON, erase_guest
from clinic.privacy.errors import HasAccount
from tests.admin.conftest import signed_in
from tests.api.calling import sign_in
from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.privacy.canaries import NAME, places
from tests.privacy.conftest import Quilla, over, wish

LIST = reverse("admin:patients_patient_changelist")


@pytest.fixture
def guest(cast: Cast) -> Patient:
    """Somebody for whom the front desk booked twice under a key; the first visit is over."""
    desk = sign_in(cast.dana)
    for hour in ("09:00", "10:00"):
        answer = desk.post("appointments", wish(cast, hour, NAME, "canarymail@example.net"), Idempotency_Key=hour)
        assert answer.status == 201, answer
        if hour == "09:00":
            over(uuid.UUID(answer.json["id"]))
    with db.as_owner():
        return Patient.objects.get(name=NAME)


def test_a_guest_goes_and_the_books_stay(cast: Cast, guest: Patient) -> None:
    assert places().keys() == {
        "patients_patient", "appointments_appointment", "appointments_medicalrecord", "core_idempotencykey",
    }  # fmt: skip
    erase_guest(cast.as_admin, guest.pk)
    assert places() == {}
    with db.as_owner():
        left = list(
            Appointment.objects.order_by("starts_at").values_list("status", "cancellation_reason", "treatment_name")
        )
    assert left == [(Status.COMPLETED, "", "Check-up"), (Status.CANCELLED, REASON, "Check-up")]
    before = everything()
    erase_guest(cast.as_admin, guest.pk)
    assert changed_since(before) == []


def test_the_same_guest_comes_back_as_somebody_new(cast: Cast, guest: Patient) -> None:
    erase_guest(cast.as_admin, guest.pk)
    contact = cast.guest(NAME, email="canarymail@example.net")
    again = book(cast.nobody(), cast.wish(cast.at(11), contact=contact)).appointment
    assert again.patient_id != guest.pk


def test_somebody_under_an_account_is_not_for_admins_to_erase(quilla: Quilla) -> None:
    before = everything()
    with pytest.raises(HasAccount):
        erase_guest(quilla.cast.as_admin, quilla.herself.pk)
    assert changed_since(before) == []


@pytest.mark.parametrize("who", [lambda cast: cast.as_desk, lambda cast: cast.as_ana, lambda cast: cast.nobody()])
def test_only_admins_may(cast: Cast, guest: Patient, who: Callable[[Cast], object]) -> None:
    with pytest.raises(NotAllowed):
        erase_guest(who(cast), guest.pk)  # type: ignore[arg-type]  # an actor of the cast
    with pytest.raises(NotFound):
        erase_guest(cast.as_admin, uuid.uuid4())


def test_admin_asks_before_it_erases(cast: Cast, guest: Patient) -> None:
    office = signed_in(cast.ada)
    chosen = {"action": "erase", "_selected_action": [str(guest.pk)]}
    before = everything()
    asked = office.post(LIST, chosen)
    assert (asked.status_code, NAME in asked.content.decode()) == (200, True)
    assert [table for table in changed_since(before) if not table.startswith("accounts_session")] == []
    done = office.post(LIST, {**chosen, "sure": "yes"}, follow=True)
    assert [str(message) for message in done.context["messages"]] == ["1 person was erased."]
    assert places() == {}


def test_whoever_left_the_filter_since_it_asked_is_erased_too(cast: Cast, guest: Patient) -> None:
    office = signed_in(cast.ada)
    narrowed, chosen = f"{LIST}?q=quilla", {"action": "erase", "_selected_action": [str(guest.pk)]}
    asked = office.post(narrowed, chosen)
    assert [one.pk for one in asked.context["people"]] == [guest.pk]
    with db.as_owner():
        Patient.objects.filter(pk=guest.pk).update(name="Somebody Else")
    done = office.post(narrowed, {**chosen, "sure": "yes"}, follow=True)
    assert [str(message) for message in done.context["messages"]] == ["1 person was erased."]


def test_admin_says_who_stays(quilla: Quilla) -> None:
    office = signed_in(quilla.cast.ada)
    chosen = {"action": "erase", "_selected_action": [str(quilla.herself.pk)], "sure": "yes"}
    done = office.post(LIST, chosen, follow=True)
    assert [str(message) for message in done.context["messages"]] == [f"{HasAccount.text} (1)"]


def test_the_front_desk_has_no_such_page(cast: Cast, guest: Patient) -> None:
    assert Client().get(LIST).status_code == 302
    assert signed_in(cast.dana).post(LIST, {"action": "erase", "_selected_action": [str(guest.pk)]}).status_code == 302
