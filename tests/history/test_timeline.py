"""The history of a visit in words, on the dentist's page and in admin, at the price of a few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from appointments import editing, medical, moving, transitions
from appointments.models import Appointment
from appointments.timeline import timeline
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from tests.admin.conftest import signed_in
from tests.factories import Cast
from tests.factories.time import clock_at
from tests.history.noted import line, run


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """Ana's visit with Dr. Weber, with a word about her health, waiting for confirmation."""
    with db.as_owner():
        ClinicSettings.objects.update(confirms_at_once=False)
    return cast.booked(
        cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "ache"}
    ).appointment


def said(actor: Actor, visit: Appointment) -> list[str]:
    """What the timeline says, oldest first, without when."""
    with db.reading(actor):
        return [f"{entry.what} {entry.source}" for entry in reversed(timeline(actor, visit.pk))]


def test_the_life_of_a_visit_in_words(cast: Cast, visit: Appointment) -> None:
    weber, desk = cast.as_dentist(cast.weber), cast.as_desk
    transitions.confirm(weber, visit.pk)
    moving.reschedule(desk, visit.pk, start=cast.at(10))
    editing.edit(desk, visit.pk, contact={"patient_phone": "030 7654321"})
    with clock_at(cast.at(10)):
        transitions.check_in(desk, visit.pk)
        transitions.undo(weber, visit.pk)
    run("UPDATE appointments_appointment SET payment_status = 'paid', triage_band = 'soon'")
    transitions.cancel(cast.as_ana, visit.pk)
    assert said(cast.as_admin, visit) == [
        "Requested by the patient, portal",
        "Health details told by the patient, portal",
        "Confirmed by Dr. Eva Weber, portal",
        f"Moved from {told(cast.at(9))} to {told(cast.at(10))} by Dana Desk, portal",
        "Contact details changed by Dana Desk, portal",
        "Checked in by Dana Desk, portal",
        "Back to “Confirmed” by Dr. Eva Weber, portal",
        "Payment: Paid, Changed: urgency directly in the database",
        "Cancelled by the patient, portal",
    ]


def told(start: datetime) -> str:
    return date_format(clock.local(start), "DATETIME_FORMAT")


def test_a_visit_goes_to_a_colleague_and_its_dentist_leaves(cast: Cast, visit: Appointment) -> None:
    moving.reschedule(cast.as_admin, visit.pk, start=cast.at(9), dentist=cast.okafor.pk)
    with db.transaction(cast.as_admin), db.connection().cursor() as cursor:
        cursor.execute("DELETE FROM dentists_dentist WHERE id = %s", [cast.okafor.pk])
    assert said(cast.as_admin, visit)[2:] == [
        "Given from Dr. Eva Weber to a former dentist by Ada Admin, portal",
        "Cancelled by Ada Admin, portal",
        "Left without a dentist by Ada Admin, portal",
    ]


def test_reading_many_times_is_one_line_for_each_reader(cast: Cast, visit: Appointment) -> None:
    for actor in (cast.as_dentist(cast.weber), cast.as_dentist(cast.weber), cast.as_admin):
        with db.transaction(actor):
            medical.read_for(actor, visit.pk)
    assert said(cast.as_desk, visit)[2:] == [
        "Health details read 2 times by Dr. Eva Weber, portal",
        "Health details read by Ada Admin, portal",
    ]


def test_who_is_no_longer_there_is_named_by_the_role(cast: Cast, visit: Appointment) -> None:
    transitions.confirm(cast.as_desk, visit.pk)
    with db.as_owner():
        db.connection().cursor().execute("DELETE FROM accounts_user WHERE id = %s", [cast.dana.pk])
    assert said(cast.as_dentist(cast.weber), visit)[-1] == "Confirmed by the front desk, portal"


def portal_of(cast: Cast) -> Client:
    """Dr. Weber's browser."""
    with db.signing_in():
        account = User.objects.get(pk=cast.weber.user_id)
    return signed_in(account)


def text_of(answer: object) -> str:
    content = answer.content.decode()  # type: ignore[attr-defined]  # an HTTP response
    return " ".join(re.sub(r"<[^>]+>", " ", content).split())


def test_the_dentists_page_and_admins_show_it(cast: Cast, visit: Appointment) -> None:
    transitions.confirm(cast.as_dentist(cast.weber), visit.pk)
    portal, office = portal_of(cast), signed_in(cast.ada)
    page = text_of(portal.get(f"/dentist/visits/{visit.pk}"))
    assert "Confirmed by Dr. Eva Weber, portal, " in page
    assert "Health details read by Dr. Eva Weber, portal, " in page
    assert page.index("Confirmed by Dr. Eva Weber") < page.index("Requested by the patient, portal, ")
    page = text_of(office.get(reverse("admin:appointments_appointment_change", args=[visit.pk])))
    confirmed = line(table_name="appointments_appointment", action="changed")
    assert f"Confirmed by Dr. Eva Weber, portal, {told(confirmed.at)}" in page
    found = text_of(office.get(reverse("admin:history_change_changelist")))
    assert re.search(r"Dr\. Eva Weber Changed appointment confirmed_at, status portal", found)


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(db.connection()) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


PAGES: dict[str, Callable[[Appointment], str]] = {
    "portal": lambda visit: f"/dentist/visits/{visit.pk}",
    "admin": lambda visit: reverse("admin:appointments_appointment_change", args=[visit.pk]),
    "list": lambda _visit: reverse("admin:history_change_changelist"),
}


@pytest.mark.parametrize("where", PAGES)
def test_a_page_costs_the_same_at_one_change_and_at_thirty(cast: Cast, visit: Appointment, where: str) -> None:
    client = portal_of(cast) if where == "portal" else signed_in(cast.ada)
    path = PAGES[where](visit)
    transitions.confirm(cast.as_dentist(cast.weber), visit.pk)
    few = queries(client, path)
    for _ in range(5):
        for actor in (cast.as_desk, cast.as_dentist(cast.weber), cast.as_admin):
            with clock_at(cast.at(9)):
                transitions.check_in(actor, visit.pk)
                transitions.undo(actor, visit.pk)
    assert queries(client, path) == few
    with db.as_owner():
        assert (
            db.value("SELECT count(*) FROM history_change WHERE action = 'changed' AND visit_id = %s", [visit.pk]) == 31
        )


def test_the_list_in_admin_is_narrowed_and_searched(cast: Cast, visit: Appointment) -> None:
    transitions.confirm(cast.as_dentist(cast.weber), visit.pk)
    office, path = signed_in(cast.ada), reverse("admin:history_change_changelist")

    def found(**query: str) -> list[str]:
        answer = office.get(path, query)
        assert answer.status_code == 200
        return [f"{one.table_name} {one.action}" for one in answer.context["cl"].result_list]

    step, told, booked = (
        "appointments_appointment changed", "appointments_medicalrecord created", "appointments_appointment created",
    )  # fmt: skip
    settings = "core_clinicsettings changed"
    assert found() == [step, told, booked, settings]
    assert found(table="appointments_medicalrecord") == [told]
    assert found(table="nothing_of_the_kind") == [step, told, booked, settings]
    assert found(role="dentist") == [step]
    assert found(source="sql") == [settings]
    assert found(action="created") == [told, booked]
    assert found(q=str(visit.pk)) == [step, told, booked]
    assert found(q=cast.weber.email.upper()) == [step]
    assert found(q="nobody@example.org") == []
    assert found(q="no number") == []
