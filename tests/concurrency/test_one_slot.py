"""Two hundred people want the same time: one has it, everybody else is told so, and nobody waits for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from appointments.booking import Booked
from tests.concurrency.crowd import Told, at_once, codes, no_deadlock, slowest
from tests.concurrency.guards import without_constraint
from tests.concurrency.law import faults, stored_visits
from tests.factories import Cast

CROWD = 200
EXCLUSION = ("availability_occupancy", "occupancy_dentist_time")


def rush(cast: Cast, people: int, *, apart: timedelta = timedelta(0), by_phone: bool = False) -> list[Told]:
    """So many guests book a check-up with Dr. Weber at once, each so much later than the one before.

    By phone: the front desk books for them knowingly, so that nothing but the constraint stands in the way.
    """
    desk = cast.as_desk

    def caller(number: int) -> Callable[[], Booked]:
        actor = desk if by_phone else cast.nobody(f"guest {number}")
        guest = cast.guest(f"guest{number} of {people}")
        start = cast.at(9) + number * apart
        return lambda: cast.booked(actor, start, contact=guest, outside_rules=by_phone)

    return at_once([caller(number) for number in range(people)])


def lies(answers: list[Told]) -> list[str]:
    """Whom we told something that is not so: a visit that is not stored, or a refusal and a visit all the same."""
    told = {answer.result.appointment.pk for answer in answers if answer.code == "done"}
    found = [f"told {code} to {count}" for code, count in codes(answers).items() if code not in ("done", "slot_taken")]
    if told != stored_visits().keys():
        found.append("what was told is not what is stored")
    return found


def test_one_of_two_hundred_has_the_slot(cast: Cast) -> None:
    with no_deadlock():
        answers = rush(cast, CROWD)
    print(slowest(answers))
    assert codes(answers) == {"done": 1, "slot_taken": CROWD - 1}
    assert (faults(), lies(answers)) == ([], [])


def test_of_two_hundred_staggered_starts_no_two_that_overlap_are_booked(cast: Cast) -> None:
    # Starts a minute apart and visits of half an hour: the constraint alone decides who fits in.
    with no_deadlock():
        answers = rush(cast, CROWD, apart=timedelta(minutes=1), by_phone=True)
    print(slowest(answers))
    assert (faults(), lies(answers)) == ([], [])
    # Each visit keeps at most 59 starts from the others, so at least four fit whoever comes first, and at most seven.
    assert 4 <= codes(answers)["done"] <= 7


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)])
def test_control_without_the_constraint_the_slot_is_sold_twice(cast: Cast, apart: timedelta) -> None:
    with without_constraint(*EXCLUSION):
        answers = rush(cast, 12, apart=apart, by_phone=True)
        assert codes(answers) == {"done": 12}
        assert len([fault for fault in faults() if fault.startswith("dentist")]) == 12 * 11 / 2


def test_what_the_losers_are_offered_is_free(cast: Cast) -> None:
    answers = rush(cast, 6)
    offered = {one["start"] for answer in answers if answer.error for one in answer.error.details["alternatives"]}
    assert cast.at(9).isoformat() not in offered
    assert len(offered) == 5
