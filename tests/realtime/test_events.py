"""What a change in the database tells, and whom: written by triggers, whoever changes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments import moving, transitions
from availability import reservations
from clinic.accounts.models import User
from clinic.core import db
from clinic.realtime.models import RealtimeEvent
from dentists.models import Dentist
from tests.factories import Cast
from tests.factories.holds import let_run_out

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _nothing_yet(cast: Cast) -> None:
    told()


def told() -> list[RealtimeEvent]:
    """The events since the last call, in the order of writing."""
    with db.as_owner():
        found = list(RealtimeEvent.objects.order_by("id"))
        RealtimeEvent.objects.all().delete()
    return found


def sql(statement: str, *params: Any) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement, params)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(dentist: UUID, start: datetime, end: datetime) -> dict[str, str]:
    return {"dentist_id": str(dentist), "start": instant(start), "end": instant(end)}


def all_see(dentist: UUID) -> set[str]:
    return {"availability", f"availability.{dentist}"}


def test_a_booking_tells_its_patient_its_dentist_the_clinic_and_everybody_that_the_time_is_taken(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), treatment=cast.filling.pk).appointment
    (event,) = told()
    assert event.kind == "appointment.created"
    assert set(event.channels) == {
        f"account.{cast.ana.pk}", f"schedule.{cast.weber.pk}", f"visit.{visit.pk}", "clinic", "sync", *all_see(cast.weber.pk),
    }  # fmt: skip
    assert event.body == {
        "id": str(visit.pk), "status": "confirmed", "source": "manual", **span(cast.weber.pk, visit.starts_at, visit.ends_at),
    }  # fmt: skip
    with_buffers = span(cast.weber.pk, visit.starts_at - timedelta(minutes=5), visit.ends_at + timedelta(minutes=10))
    assert (event.open_kind, event.open_body) == ("slots.changed", {"freed": [], "taken": [with_buffers]})


def test_a_step_is_told_to_those_who_know_the_visit_and_nobody_else(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    told()
    sql("UPDATE appointments_appointment SET status = 'checked_in', checked_in_at = now() WHERE id = %s", visit.pk)
    (event,) = told()
    assert (event.kind, event.body["status"], event.body["previous"]) == (
        "appointment.updated", "checked_in", {"status": "confirmed"},
    )  # fmt: skip
    assert (event.open_kind, [name for name in event.channels if name.startswith("availability")]) == (None, [])


def test_a_cancelled_visit_frees_its_time(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    told()
    transitions.cancel(cast.as_ana, visit.pk)
    (event,) = told()
    assert event.open_body == {"taken": [], "freed": [span(cast.weber.pk, visit.starts_at, visit.ends_at)]}
    assert event.body["previous"] == {"status": "confirmed"}


def test_a_visit_that_moves_to_another_dentist_is_one_event_that_both_hear(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    told()
    moved = moving.reschedule(cast.as_desk, visit.pk, start=cast.at(10), dentist=cast.okafor.pk)
    (event,) = told()
    assert {f"schedule.{cast.weber.pk}", f"schedule.{cast.okafor.pk}"} <= set(event.channels)
    assert all_see(cast.weber.pk) | all_see(cast.okafor.pk) <= set(event.channels)
    assert event.body["dentist_id"] == str(cast.okafor.pk)
    was = span(cast.weber.pk, visit.starts_at, visit.ends_at)
    assert event.body["previous"] == was
    assert event.open_body == {"freed": [was], "taken": [span(cast.okafor.pk, moved.starts_at, moved.ends_at)]}


def test_raw_sql_is_news_too_and_a_row_that_stays_as_it_is_is_none(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    told()
    sql("UPDATE appointments_appointment SET status = status")
    assert told() == []
    sql("DELETE FROM appointments_appointment WHERE id = %s", visit.pk)
    (event,) = told()
    assert event.kind == "appointment.deleted"
    assert event.open_body["freed"] == [span(cast.weber.pk, visit.starts_at, visit.ends_at)]


def test_a_visit_that_comes_under_an_account_is_news_there(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    told()
    sql("UPDATE appointments_appointment SET account_id = %s WHERE id = %s", cast.ben.pk, visit.pk)
    (event,) = told()
    assert f"account.{cast.ben.pk}" in event.channels


def test_a_hold_takes_time_and_gives_it_back(cast: Cast) -> None:
    held = reservations.reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(9))
    (event,) = told()
    taken = span(cast.weber.pk, held.starts_at, held.ends_at)
    assert (event.kind, event.open_body) == ("reservation.created", {"freed": [], "taken": [taken]})
    assert set(event.channels) == {"clinic", "sync", *all_see(cast.weber.pk)}
    reservations.release(cast.nobody(), held.id)
    (event,) = told()
    assert (event.kind, event.open_body) == ("reservation.deleted", {"freed": [taken], "taken": []})


def test_a_hold_that_moves_frees_one_slot_and_takes_another(cast: Cast) -> None:
    first = reservations.reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(9))
    told()
    second = reservations.reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(11))
    bodies = [event.open_body for event in told() if event.open_body]
    assert [one for body in bodies for one in body["freed"]] == [span(cast.weber.pk, first.starts_at, first.ends_at)]
    assert [one for body in bodies for one in body["taken"]] == [span(cast.weber.pk, second.starts_at, second.ends_at)]


def test_a_hold_that_ran_out_is_swept_and_told(cast: Cast) -> None:
    held = reservations.reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(9))
    let_run_out(held.id)
    told()
    reservations.sweep()
    (event,) = told()
    assert event.open_body == {"freed": [span(cast.weber.pk, held.starts_at, held.ends_at)], "taken": []}


def test_a_hold_that_becomes_a_visit_frees_nothing_in_between(cast: Cast) -> None:
    held = reservations.reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(9))
    told()
    cast.booked(cast.nobody(), None, reservation_id=held.id)
    found = told()
    assert sorted(event.kind for event in found) == ["appointment.created", "reservation.deleted"]
    assert [event.open_body["freed"] for event in found if event.open_body] == [[]]


def test_hours_absences_and_closures_redraw_days(cast: Cast) -> None:
    sql(
        "UPDATE availability_workinghours SET end_time = end_time - interval '30 minutes'"
        " WHERE dentist_id = %s AND day_of_week = 0",
        cast.weber.pk,
    )
    (hours,) = {json.dumps(event.open_body): event for event in told()}.values()
    assert (hours.kind, hours.body) == ("hours.changed", {"dentist_id": str(cast.weber.pk), "day_of_week": 0})
    assert set(hours.channels) == {f"schedule.{cast.weber.pk}", "clinic", "sync", *all_see(cast.weber.pk)}
    assert hours.open_body == {"dentist_id": str(cast.weber.pk), "reason": "hours", "from": None, "until": None}

    sql(
        "INSERT INTO availability_dateoverride (dentist_id, date, access) VALUES (%s, %s, 'everyone')",
        cast.weber.pk,
        cast.monday,
    )
    (override,) = told()
    day = cast.monday.isoformat()
    assert override.open_body == {"dentist_id": str(cast.weber.pk), "reason": "override", "from": day, "until": day}

    sql("INSERT INTO availability_timeoff (dentist_id, starts_at, ends_at, reason) VALUES (%s, %s, %s, 'hernia')",
        cast.weber.pk, cast.at(9), cast.at(12))  # fmt: skip
    (away,) = told()
    assert (away.kind, away.open_body["reason"]) == ("time_off.changed", "time_off")
    assert away.open_body["from"] <= day <= away.open_body["until"]
    assert "hernia" not in json.dumps([away.body, away.open_body])

    sql("INSERT INTO availability_closure (date, name) VALUES (%s, 'Spring cleaning')", cast.monday)
    (closed,) = told()
    assert closed.open_body == {"dentist_id": None, "reason": "closure", "from": day, "until": day}
    assert all_see(cast.weber.pk) | all_see(cast.okafor.pk) <= set(closed.channels)


def test_hours_that_go_to_another_dentist_are_news_of_both(cast: Cast) -> None:
    sql(
        "INSERT INTO availability_dateoverride (dentist_id, date, access) VALUES (%s, %s, 'everyone')",
        cast.weber.pk,
        cast.monday,
    )
    told()
    sql("UPDATE availability_dateoverride SET dentist_id = %s", cast.okafor.pk)
    assert {event.open_body["dentist_id"] for event in told()} == {str(cast.weber.pk), str(cast.okafor.pk)}


def test_treatments_offers_and_settings_change_what_is_offered(cast: Cast) -> None:
    sql("UPDATE dentists_treatment SET duration_minutes = 50 WHERE id = %s", cast.filling.pk)
    (treatment,) = told()
    assert treatment.body == {"treatment_id": str(cast.filling.pk)}
    assert {name for name in treatment.channels if name.startswith("availability")} == all_see(cast.weber.pk)
    sql("DELETE FROM dentists_offer WHERE dentist_id = %s AND treatment_id = %s", cast.weber.pk, cast.filling.pk)
    (offer,) = told()
    assert (offer.kind, offer.open_body["reason"]) == ("offer.changed", "offer")
    sql("UPDATE core_clinicsettings SET slot_step_minutes = 20")
    (settings,) = told()
    assert settings.open_body["reason"] == "settings"
    assert all_see(cast.weber.pk) | all_see(cast.okafor.pk) <= set(settings.channels)


def test_a_renamed_dentist_is_one_event_for_everybody_whose_visit_bears_the_name(cast: Cast) -> None:
    visits = [cast.booked(cast.as_ana, cast.at(9 + n), contact=cast.guest("Ana Ruiz")).appointment for n in range(3)]
    visits.append(cast.booked(cast.nobody(), cast.at(13)).appointment)
    told()
    sql("UPDATE dentists_dentist SET name = 'Dr. Eva Stein' WHERE id = %s", cast.weber.pk)
    (event,) = told()
    assert (event.kind, event.body) == ("dentist.updated", {"dentist_id": str(cast.weber.pk)})
    assert {f"account.{cast.ana.pk}", f"schedule.{cast.weber.pk}", *(f"visit.{visit.pk}" for visit in visits)} <= set(
        event.channels
    )
    with db.as_owner():
        assert db.value("SELECT array_agg(DISTINCT dentist_name) FROM appointments_appointment") == ["Dr. Eva Stein"]


def test_a_dentist_comes_changes_and_leaves(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    told()
    sql("UPDATE dentists_dentist SET is_active = false WHERE id = %s", cast.okafor.pk)
    assert [event.kind for event in told()] == ["dentist.updated"]
    with db.as_owner():
        Dentist.objects.get(pk=cast.weber.pk).delete()
    found = told()
    (cancelled,) = [event for event in found if event.kind.startswith("appointment.")]
    assert (cancelled.body["id"], cancelled.body["status"]) == (str(visit.pk), "cancelled")
    assert found[-1].kind == "dentist.deleted"
    assert all_see(cast.weber.pk) <= set(found[-1].channels)


def test_no_event_names_anybody_or_says_what_ails_them(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "canary ache"})
    sql("UPDATE dentists_dentist SET name = 'Dr. Canary', bio = 'canary' WHERE id = %s", cast.weber.pk)
    sql("UPDATE appointments_appointment SET patient_phone = '+49301111', cancellation_reason = 'canary'")
    with db.as_owner():
        text = json.dumps(db.rows("SELECT to_jsonb(e) FROM realtime_events e"))
    for personal in ("Ana", "Ruiz", "ana@", "+49", "anary", "Weber"):
        assert personal not in text


def test_what_the_owner_loads_quietly_is_no_news_and_nobody_else_can_be_quiet(cast: Cast) -> None:
    quiet = "SELECT set_config('clinic.quiet', 'on', false)"
    sql(quiet)
    try:
        sql("UPDATE core_clinicsettings SET slot_step_minutes = 20")
        assert told() == []
    finally:
        sql("RESET clinic.quiet")
    with db.transaction(cast.as_admin):
        db.rows(quiet)
        db.connection().cursor().execute("UPDATE core_clinicsettings SET slot_step_minutes = 30")
        db.rows("SELECT set_config('clinic.quiet', '', false)")
    assert [event.kind for event in told()] == ["settings.changed"]


def test_of_an_erased_account_no_event_says_whose_it_was(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    sql("SELECT realtime_drain(100)")
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(is_active=False)
        db.rows("SELECT realtime_write('planted', ARRAY['sync', %s], '{}')", [f"account.{cast.ana.pk}"])
    with db.transaction(cast.as_ana):
        pass
    sql("DELETE FROM appointments_medicalrecord; DELETE FROM appointments_appointment; DELETE FROM patients_patient"
        " WHERE account_id = %s; DELETE FROM accounts_user WHERE id = %s", cast.ana.pk, cast.ana.pk)  # fmt: skip
    with db.as_owner():
        assert RealtimeEvent.objects.filter(channels__contains=[f"account.{cast.ana.pk}"]).count() == 0
        assert db.value("SELECT count(*) FROM realtime_channels WHERE name = %s", [f"account.{cast.ana.pk}"]) == 0
