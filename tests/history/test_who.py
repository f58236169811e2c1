"""Who, through what and when: from the caller's signed context, whichever door they came in by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from appointments import transitions
from appointments.models import Appointment
from clinic.core import clock, db
from clinic.core.actor import SERVICE, Actor, Role, Source
from clinic.core.db import signed_context
from clinic.history.models import Change
from tests.admin.conftest import signed_in
from tests.api.calling import sign_in
from tests.factories import Cast, make_user
from tests.factories.time import clock_at
from tests.history.noted import heard, line, lines, run

APPOINTMENTS = "appointments_appointment"


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """Ana's visit with Dr. Weber, booked on the website."""
    return cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment


def by(change: Change) -> tuple[object, ...]:
    return change.user_id, change.role, change.source, change.login


def last(visit: Appointment) -> Change:
    return lines(table_name=APPOINTMENTS, row_id=str(visit.pk))[-1]


def test_a_patient_books_in_the_portal(cast: Cast, visit: Appointment) -> None:
    booked = line(table_name=APPOINTMENTS)
    assert by(booked) == (cast.ana.pk, "patient", "portal", "")
    assert (booked.action, booked.row_id, booked.visit_id, booked.dentist_id) == (
        "created", str(visit.pk), visit.pk, cast.weber.pk,
    )  # fmt: skip
    assert {name: booked.after[name] for name in ("status", "payment_amount", "booking_source")} == {
        "status": "confirmed", "payment_amount": 60.0, "booking_source": "manual",
    }  # fmt: skip
    assert abs(booked.at - clock.now()) < timedelta(minutes=1)


def test_a_guest_books(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(10))
    assert {by(one) for one in lines()} == {(None, "anonymous", "portal", "")}
    assert {one.table_name for one in lines()} == {APPOINTMENTS, "patients_patient"}


def test_a_dentist_checks_in_in_the_portal(cast: Cast, visit: Appointment, client: Client) -> None:
    with db.signing_in():
        client.force_login(cast.weber.user)
    with clock_at(visit.starts_at):
        assert client.post(f"/dentist/visits/{visit.pk}/check-in").status_code == 302
    step = last(visit)
    assert by(step) == (cast.weber.user_id, "dentist", "portal", "")
    assert (step.before["status"], step.after["status"]) == ("confirmed", "checked_in")
    assert step.fields == ["checked_in_at", "status"]


def test_the_api(cast: Cast, visit: Appointment) -> None:
    desk = sign_in(cast.dana)
    with clock_at(visit.starts_at):
        assert desk.post(f"appointments/{visit.pk}/check-in").status == 200
    assert by(last(visit)) == (cast.dana.pk, "desk", "api", "")


def test_the_api_from_a_browser(cast: Cast, visit: Appointment) -> None:
    browser = signed_in(cast.dana)
    with clock_at(visit.starts_at):
        answer = browser.post(f"/api/appointments/{visit.pk}/check-in", content_type="application/json")
    assert answer.status_code == 200
    assert by(last(visit)) == (cast.dana.pk, "desk", "api", "")


def test_admin(cast: Cast, visit: Appointment) -> None:
    office = signed_in(cast.ada)
    with clock_at(visit.starts_at):
        office.post(
            reverse("admin:appointments_appointment_changelist"),
            {"action": "check_in", "_selected_action": [str(visit.pk)]},
        )
    assert by(last(visit)) == (cast.ada.pk, "admin", "admin", "")
    office.post(reverse("admin:availability_closure_add"), {"date": cast.monday.isoformat(), "name": "Outing"})
    assert by(line(table_name="availability_closure")) == (cast.ada.pk, "admin", "admin", "")


def test_the_chatbot_and_the_services(cast: Cast, visit: Appointment) -> None:
    transitions.cancel(Actor(Role.PATIENT, cast.ana.pk, source=Source.CHATBOT), visit.pk)
    assert by(last(visit)) == (cast.ana.pk, "patient", "chatbot", "")
    with db.transaction(SERVICE):
        Appointment.objects.filter(pk=visit.pk).update(payment_status="failed")
    assert by(last(visit)) == (None, "service", "service", "")
    with db.as_owner():
        bot = Actor(Role.BOT, make_user("Bea Bot", "bot").pk, source=Source.API)
    cast.booked(bot, cast.at(11), source="chatbot")
    assert by(lines(table_name=APPOINTMENTS)[-1]) == (bot.user_id, "bot", "api", "")


def test_bare_sql_of_the_owner_names_the_login(cast: Cast, visit: Appointment) -> None:
    run("UPDATE appointments_appointment SET payment_status = 'paid'")
    with db.as_owner():
        owner = db.value("SELECT session_user::text")
    assert by(last(visit)) == (None, "", "sql", owner)


def test_reading_medical_text_is_a_line_too(cast: Cast) -> None:
    told = {"symptoms": "ache"}
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical=told).appointment
    weber, read = cast.as_dentist(cast.weber), "SELECT appointments_read_medical(%s)"
    assert heard(weber, read, [visit.pk]) == "done"
    noted = line(action="read")
    assert by(noted) == (cast.weber.user_id, "dentist", "portal", "")
    assert (noted.table_name, noted.row_id, noted.visit_id) == ("appointments_medicalrecord", str(visit.pk), visit.pk)
    assert heard(cast.as_dentist(cast.okafor), read, [visit.pk]) == "done"
    assert lines(action="read") == [noted]


def test_where_nothing_was_told_nothing_is_read(cast: Cast, visit: Appointment) -> None:
    assert heard(cast.as_admin, "SELECT appointments_read_medical(%s)", [visit.pk]) == "done"
    assert lines(action="read") == []


FORGED = [
    "",
    "admin|{admin}||||portal|" + "0" * 64,
    "patient|{admin}||||portal|" + "f" * 64,
    "admin|{admin}||||admin",
]


SLY = (
    "WITH mine AS (UPDATE patients_patient SET name = name || 'x' RETURNING id)"
    " SELECT set_config('clinic.context', %s, true) FROM mine"
)


@pytest.mark.parametrize("context", FORGED)
def test_a_forged_context_does_not_give_another_actor(cast: Cast, visit: Appointment, context: str) -> None:
    before = len(lines())
    forged = context.format(admin=cast.ada.pk)
    ana = cast.as_ana
    # Before the change: row-level security no longer sees her.
    heard(ana, "SELECT set_config('clinic.context', %s, true); UPDATE patients_patient SET name = 'x'", [forged])
    # In the middle of one statement, after the policies have let it pass.
    assert heard(ana, SLY, [forged]) == "who changes this must be known"
    # A function with definer rights that asks for no context.
    guest = "SELECT set_config('clinic.context', %s, true); SELECT patients_guest(gen_random_uuid(), 'x', 'x@x.x', '', NULL)"
    assert heard(ana, guest, [forged]) == "who changes this must be known"
    assert len(lines()) == before


def test_control_the_same_statement_with_her_own_context_passes(cast: Cast, visit: Appointment) -> None:
    ana = cast.as_ana
    with db.transaction(ana):
        own = signed_context(ana, db.connection().connection.info.backend_pid, settings.IDENTITY_KEY)
        db.rows(SLY, [own])
    assert by(line(table_name="patients_patient")) == (cast.ana.pk, "patient", "portal", "")


def test_control_without_the_refusal_the_change_hides_who_made_it(cast: Cast, visit: Appointment) -> None:
    signature = "history_write(text, text, text, uuid, uuid, text[], jsonb, jsonb)"
    with db.as_owner():
        strict = db.value("SELECT pg_get_functiondef(%s::regprocedure)", [signature])
    run(strict.replace("IF who IS NULL AND NOT", "IF false AND NOT"))
    try:
        assert heard(cast.as_ana, SLY, [""]) == "done"
    finally:
        run(strict)
    assert by(line(table_name="patients_patient")) == (None, "", "sql", "clinic_web")
    assert heard(cast.as_ana, SLY, [""]) == "who changes this must be known"


def test_another_role_in_the_same_request_changes_nothing(cast: Cast, visit: Appointment) -> None:
    said = heard(cast.as_ana, "SET LOCAL ROLE app_admin; UPDATE appointments_appointment SET payment_status = 'paid'")
    assert said == "done"
    assert last(visit).action == "created"
    said = heard(
        cast.as_ana, "SET LOCAL ROLE app_admin; INSERT INTO availability_closure (date, name) VALUES ('2030-01-01', '')"
    )
    assert said == 'new row violates row-level security policy for table "availability_closure"'
