"""Every step from every status by everybody: who may, who may not, who must not even know that the visit exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments import policies
from appointments.models import Appointment, Status
from appointments.moving import reschedule
from appointments.steps import open_steps
from appointments.transitions import cancel, check_in, complete, confirm, mark_no_show, undo
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor, Role
from clinic.patients.models import Patient
from tests.appointments.told import told
from tests.factories import Cast, make_user
from tests.factories.stored import nothing_stored
from tests.factories.time import clock_at

# From which status a verb leads where; from every other one it is refused.
LIFE = {
    "confirm": {"pending": "confirmed"},
    "check_in": {"confirmed": "checked_in"},
    "complete": {"checked_in": "completed"},
    "no_show": {"confirmed": "no_show", "checked_in": "no_show"},
    "cancel": {"pending": "cancelled", "confirmed": "cancelled"},
    "move": {"pending": "pending", "confirmed": "confirmed"},
    "undo": {"checked_in": "confirmed", "completed": "checked_in", "no_show": "checked_in"},
}
FOR_PATIENTS = ("cancel", "move")
STRANGERS = ("nobody", "another patient", "the other dentist", "a bot")
THEIRS = ("the patient", "nobody with the link", "a bot with the link")
STAFF = ("the dentist", "the front desk", "an admin")


def verbs(actor: Actor, visit: Appointment) -> dict[str, Callable[[], Any]]:
    return {
        "confirm": lambda: confirm(actor, visit.pk),
        "check_in": lambda: at_its_time(check_in, actor, visit),
        "complete": lambda: at_its_time(complete, actor, visit),
        "no_show": lambda: at_its_time(mark_no_show, actor, visit),
        "cancel": lambda: cancel(actor, visit.pk),
        "move": lambda: reschedule(actor, visit.pk, start=visit.starts_at + timedelta(hours=1)),
        "undo": lambda: undo(actor, visit.pk),
    }


def at_its_time(verb: Callable[[Actor, UUID], Appointment], actor: Actor, visit: Appointment) -> None:
    with clock_at(visit.starts_at):
        verb(actor, visit.pk)


def the_cast(cast: Cast, visit_id: UUID) -> dict[str, Actor]:
    with db.as_owner():
        bot = make_user("Bea Bot", "bot")
    actors = {
        "nobody": ANONYMOUS,
        "another patient": cast.as_ben,
        "the other dentist": cast.as_dentist(cast.okafor),
        "a bot": Actor(Role.BOT, bot.pk),
        "the patient": cast.as_ana,
        "the dentist": cast.as_dentist(cast.weber),
        "the front desk": cast.as_desk,
        "an admin": cast.as_admin,
    }
    actors["nobody with the link"] = ANONYMOUS.with_visit(visit_id)
    actors["a bot with the link"] = actors["a bot"].with_visit(visit_id)
    return actors


def put(visit: Appointment, status: str) -> None:
    """The visit is in this status and at its old time, as if the last step had been taken a moment ago."""
    now = clock.now()
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(
            status=status, starts_at=visit.starts_at, ends_at=visit.ends_at,
            confirmed_at=now, checked_in_at=now, completed_at=now, no_show_at=now, cancelled_at=now,
        )  # fmt: skip


def status_of(visit: Appointment) -> str:
    with db.as_owner():
        return str(Appointment.objects.get(pk=visit.pk).status)


def heard(cast: Cast, who: str, visit: Appointment) -> dict[tuple[str, str], str]:
    """What this caller hears for each verb and status: the new status, or the refusal, after which nothing has changed."""
    actor = the_cast(cast, visit.pk)[who]
    found = {}
    for verb, act in verbs(actor, visit).items():
        for status in Status.values if who not in STRANGERS else ("confirmed",):
            put(visit, status)
            code = told(act)
            found[verb, status] = status_of(visit) if code == "done" else code
            if code != "done":
                assert status_of(visit) == status
    return found


def by_the_book(who: str) -> dict[tuple[str, str], str]:
    if who in STRANGERS:
        return {(verb, "confirmed"): "not_found" for verb in LIFE}
    refusal = dict.fromkeys(LIFE, "invalid_transition") | {"undo": "nothing_to_undo"}
    if who in THEIRS:
        refusal |= dict.fromkeys(LIFE.keys() - set(FOR_PATIENTS), "not_allowed")
    return {
        (verb, status): LIFE[verb].get(status, refusal[verb]) if who in STAFF or verb in FOR_PATIENTS else refusal[verb]
        for verb in LIFE
        for status in Status.values
    }


@pytest.mark.parametrize("who", [*STRANGERS, *THEIRS, *STAFF])
def test_every_step_from_every_status(cast: Cast, who: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    assert heard(cast, who, visit) == by_the_book(who)


def test_control_without_the_policy_a_patient_runs_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    monkeypatch.setattr(policies, "runs", lambda *_: True)
    assert heard(cast, "the patient", visit) == by_the_book("an admin")


def test_a_refused_step_leaves_no_trace(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with nothing_stored():
        assert told(lambda: complete(cast.as_desk, visit.pk)) == "invalid_transition"
        assert told(lambda: check_in(cast.as_ana, visit.pk)) == "not_allowed"
        assert told(lambda: cancel(cast.as_ben, visit.pk)) == "not_found"


def test_each_step_keeps_its_time(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    desk = cast.as_desk
    for hour, step in enumerate((check_in, complete)):
        with clock_at(cast.at(9 + hour)):
            step(desk, visit.pk)
    with db.as_owner():
        stored = Appointment.objects.get()
    assert (stored.checked_in_at, stored.completed_at) == (cast.at(9), cast.at(10))


def test_nobody_has_failed_to_come_before_the_start(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    weber, second = cast.as_dentist(cast.weber), timedelta(seconds=1)
    with clock_at(cast.at(9) - second), nothing_stored():
        assert told(lambda: mark_no_show(weber, visit.pk)) == "not_begun"
    with clock_at(cast.at(9)):
        assert told(lambda: mark_no_show(weber, visit.pk)) == "done"


def test_who_was_checked_in_early_has_not_failed_to_come_either(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with clock_at(cast.at(8, 50)):
        assert told(lambda: check_in(cast.as_desk, visit.pk)) == "done"
        assert told(lambda: mark_no_show(cast.as_desk, visit.pk)) == "not_begun"
    assert status_of(visit) == "checked_in"


@pytest.mark.parametrize(
    ("days", "hour", "minute", "code"),
    [
        (-1, 23, 59, "not_yet_its_day"),
        (0, 0, 0, "done"),  # whenever they come on that day
        (0, 8, 50, "done"),
        (0, 18, 0, "done"),
        (1, 8, 0, "done"),  # forgotten yesterday
    ],
)
def test_check_in_from_the_visits_own_day_on(cast: Cast, days: int, hour: int, minute: int, code: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with clock_at(cast.at(hour, minute, days=days)):
        steps = [step.name for step in open_steps(cast.as_desk, visit)]
        assert told(lambda: check_in(cast.as_desk, visit.pk)) == code
    assert ("check-in" in steps) is (code == "done")


def test_the_day_is_that_of_the_clinics_clock(cast: Cast) -> None:
    """Half past midnight in Berlin is the day before in UTC."""
    wish = {"contact": cast.guest("Ana Ruiz"), "outside_rules": True}
    visit = cast.booked(cast.as_desk, cast.at(0, 30, days=1), **wish).appointment
    with clock_at(cast.at(23, 59)):
        assert told(lambda: check_in(cast.as_desk, visit.pk)) == "not_yet_its_day"
    with clock_at(cast.at(0, 5, days=1)):
        assert told(lambda: check_in(cast.as_desk, visit.pk)) == "done"


def test_a_dentist_is_a_patient_at_a_colleague(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with db.as_owner():
        Patient.objects.filter(pk=cast.ana_herself.pk).update(account=cast.okafor.user_id)
    okafor = cast.as_dentist(cast.okafor)
    with clock_at(cast.at(9)):
        assert told(lambda: check_in(okafor, visit.pk)) == "not_allowed"
    assert told(lambda: cancel(okafor, visit.pk)) == "done"
