"""Visits that move at the same moment: into each other's place, by a little, and to where somebody else wants to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from appointments.models import Appointment
from appointments.moving import reschedule
from clinic.core import db
from clinic.core.actor import Actor
from dentists.models import Dentist
from tests.concurrency.crowd import at_once, codes, no_deadlock
from tests.concurrency.law import faults
from tests.factories import Cast

ROUNDS = 12
QUARTER = timedelta(minutes=15)


def visit(cast: Cast, start: datetime, guest: str, dentist: Dentist | None = None) -> Appointment:
    wanted = (dentist or cast.weber).pk
    return cast.booked(cast.as_desk, start, contact=cast.guest(guest), dentist=wanted, outside_rules=True).appointment


def move(actor: Actor, moved: Appointment, start: datetime, dentist: Dentist | None = None) -> Callable[[], Any]:
    to = None if dentist is None else dentist.pk
    return lambda: reschedule(actor, moved.pk, start=start, dentist=to, outside_rules=True)


def test_two_who_want_each_others_time_both_stay(cast: Cast) -> None:
    desk, one, other = cast.as_desk, visit(cast, cast.at(9), "One"), visit(cast, cast.at(10), "Other")
    with no_deadlock():
        for _ in range(ROUNDS):
            answers = at_once([move(desk, one, cast.at(10)), move(desk, other, cast.at(9))])
            assert codes(answers) == {"slot_taken": 2}
    assert faults() == []
    with db.as_owner():
        assert Appointment.objects.get(pk=one.pk).starts_at == cast.at(9)


def test_two_who_want_each_others_dentist_both_stay(cast: Cast) -> None:
    desk = cast.as_desk
    one, other = visit(cast, cast.at(9), "One"), visit(cast, cast.at(9), "Other", cast.okafor)
    with no_deadlock():
        for _ in range(ROUNDS):
            answers = at_once([move(desk, one, cast.at(9), cast.okafor), move(desk, other, cast.at(9), cast.weber)])
            assert codes(answers) == {"slot_taken": 2}
    assert faults() == []


def test_a_queue_that_moves_up_by_a_little_never_overlaps(cast: Cast) -> None:
    # Each can move up only when the one before has: who comes too early is refused and stays.
    desk = cast.as_desk
    queue = [visit(cast, cast.at(9) + n * 2 * QUARTER, f"guest{n}") for n in range(6)]
    with no_deadlock():
        for number in range(5):
            by = -QUARTER if number % 2 == 0 else QUARTER
            with db.as_owner():
                now = dict(Appointment.objects.values_list("pk", "starts_at"))
            answers = at_once([move(desk, one, now[one.pk] + by) for one in queue])
            assert codes(answers).keys() <= {"done", "slot_taken"}
            with db.as_owner():
                stored = dict(Appointment.objects.values_list("pk", "starts_at"))
            for one, answer in zip(queue, answers, strict=True):
                assert stored[one.pk] == now[one.pk] + (by if answer.code == "done" else timedelta(0))
            assert faults() == []


def test_the_new_time_is_won_before_the_old_one_is_given_up(cast: Cast) -> None:
    desk, moved = cast.as_desk, visit(cast, cast.at(9), "Moved")
    with no_deadlock():
        for number in range(ROUNDS):
            new = cast.at(10) if number % 2 == 0 else cast.at(9)
            guest = cast.guest(f"rival{number}")
            answers = at_once([
                move(desk, moved, new),
                lambda new=new, guest=guest: cast.booked(desk, new, contact=guest, outside_rules=True),
            ])  # fmt: skip
            assert codes(answers) == {"done": 1, "slot_taken": 1}
            assert faults() == []
            with db.as_owner():
                Appointment.objects.exclude(pk=moved.pk).delete()
                Appointment.objects.filter(pk=moved.pk).update(starts_at=new, ends_at=new + 2 * QUARTER)
