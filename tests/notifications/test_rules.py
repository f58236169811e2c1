"""Which changes of a visit become a message, whoever makes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from appointments import booking, moving, transitions
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from clinic.notifications.quiet import keep_quiet
from dentists.models import Dentist
from tests.factories import Cast
from tests.factories.time import clock_at
from tests.notifications.post import change, jobs, kinds, messages, the_message


def wants_confirmation() -> None:
    with db.as_owner():
        ClinicSettings.objects.update(confirms_at_once=False)


def test_a_booking_becomes_one_message_and_one_job_that_says_only_which(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    message = the_message()
    assert (message.appointment_id, message.kind, message.status, message.state) == (
        visit.pk, "booked", "confirmed", "queued",
    )  # fmt: skip
    assert (message.starts_at, message.ends_at, message.dentist_name) == (cast.at(9), cast.at(9, 30), "Dr. Eva Weber")
    assert jobs() == [("notifications.send", f"visit:{visit.pk}", {"message_id": str(message.pk)})]


def test_a_booking_that_failed_leaves_nothing(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with pytest.raises(booking.SlotTaken):
        cast.booked(cast.nobody("another"), cast.at(9), contact=cast.guest("Hal Other"))
    assert kinds() == ["booked"]
    assert len(jobs()) == 1


def test_a_request_is_answered_and_its_confirmation_told(cast: Cast) -> None:
    wants_confirmation()
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    transitions.confirm(cast.as_desk, visit.pk)
    assert [(message.kind, message.status) for message in messages()] == [
        ("booked", "pending"), ("confirmed", "confirmed"),
    ]  # fmt: skip


def test_a_move_keeps_what_was_before(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    moving.reschedule(cast.as_ana, visit.pk, start=cast.at(10), dentist=cast.okafor.pk)
    moved = messages()[1]
    assert (moved.kind, moved.starts_at, moved.was_starts_at) == ("moved", cast.at(10), cast.at(9))
    assert (moved.dentist_name, moved.was_dentist_name) == ("Dr. Chidi Okafor", "Dr. Eva Weber")


def test_another_dentist_at_the_same_time_is_a_move(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    moving.reschedule(cast.as_desk, visit.pk, start=cast.at(9), dentist=cast.okafor.pk)
    assert kinds() == ["booked", "moved"]


@pytest.mark.parametrize(("by", "by_patient"), [("as_ana", True), ("as_desk", False)])
def test_a_cancellation_says_by_whom(cast: Cast, by: str, by_patient: bool) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    actor: Actor = getattr(cast, by)
    transitions.cancel(actor, visit.pk, reason="dentist_left" if by_patient else "burst pipe")
    cancelled = messages()[1]
    assert (cancelled.kind, cancelled.by_patient) == ("cancelled", by_patient)


def test_a_dentist_who_goes_is_told_to_those_who_were_still_to_come(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    other = cast.booked(cast.as_ben, cast.at(9), dentist=cast.okafor.pk).appointment
    with db.transaction(cast.as_admin):
        Dentist.objects.filter(pk=cast.weber.pk).delete()
    assert kinds(visit) == ["booked", "dentist_unavailable"]
    assert kinds(other) == ["booked"]
    assert messages(visit)[1].dentist_name == "Dr. Eva Weber"


def test_the_steps_of_the_day_are_told_to_nobody(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    desk = cast.as_desk
    with clock_at(cast.at(9)):
        for step in (transitions.check_in, transitions.undo, transitions.mark_no_show, transitions.undo):
            step(desk, visit.pk)
    assert kinds() == ["booked"]


def test_raw_sql_is_told_like_everything_else(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    move = "UPDATE appointments_appointment SET starts_at = %s, ends_at = %s WHERE id = %s"
    change(move, cast.at(10), cast.at(10, 30), visit.pk)
    cancel = "UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now() WHERE id = %s"
    change(cancel, visit.pk)
    change("UPDATE appointments_appointment SET status = 'confirmed' WHERE id = %s", visit.pk)
    assert kinds() == ["booked", "moved", "cancelled", "booked"]


def test_what_does_not_concern_the_patient_is_told_to_nobody(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    change(
        "UPDATE appointments_appointment SET payment_status = 'paid', booking_source = 'staff' WHERE id = %s", visit.pk
    )
    change("UPDATE dentists_dentist SET name = 'Dr. Eva Weber-Lang' WHERE id = %s", cast.weber.pk)
    assert kinds() == ["booked"]


def test_a_visit_that_has_begun_is_told_to_nobody(cast: Cast) -> None:
    past = cast.at(9) - timedelta(days=21)
    visit = cast.booked(cast.as_desk, past, outside_rules=True).appointment
    transitions.cancel(cast.as_desk, visit.pk)
    assert kinds() == []


def test_without_an_address_there_is_no_message(cast: Cast) -> None:
    visit = cast.booked(cast.as_desk, cast.at(9), contact=cast.guest(email="")).appointment
    transitions.cancel(cast.as_desk, visit.pk)
    assert kinds() == []


def test_the_owner_loads_in_quiet(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    with db.as_owner(), transaction.atomic(using=db.OWNER):
        keep_quiet()
        to_status = "UPDATE appointments_appointment SET status = %s WHERE id = %s"
        for status in ("pending", "confirmed"):
            change(to_status, status, visit.pk)
    assert kinds() == ["booked"]
    transitions.cancel(cast.as_desk, visit.pk)  # the quiet ended with its transaction
    assert kinds() == ["booked", "cancelled"]


def test_nobody_else_can_keep_it_quiet(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    with db.enclosing(cast.as_ana):
        keep_quiet()
        transitions.cancel(cast.as_ana, visit.pk)
    assert kinds() == ["booked", "cancelled"]


def test_control_without_the_trigger_nobody_is_told(cast: Cast) -> None:
    change("ALTER TABLE appointments_appointment DISABLE TRIGGER notes_booking, DISABLE TRIGGER notes_change")
    try:
        visit = cast.booked(cast.as_ana, cast.at(9)).appointment
        transitions.cancel(cast.as_ana, visit.pk)
        assert (kinds(), jobs()) == ([], [])
    finally:
        change("ALTER TABLE appointments_appointment ENABLE TRIGGER notes_booking, ENABLE TRIGGER notes_change")
