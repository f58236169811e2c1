"""Holds under fire: one for a slot, one for a holder, gone when their time is over, and nobody is told a lie."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appointments.booking import book
from availability.models import Reservation
from availability.reservations import reserve, sweep
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from tests.concurrency.crowd import Told, at_once, codes, no_deadlock, slowest
from tests.concurrency.guards import with_function_changed
from tests.concurrency.law import faults, stored_visits
from tests.factories import Cast
from tests.factories.holds import hold

CROWD = 200
WAVES, HOLDS = 12, 14  # of the race between confirming and sweeping


def booking(cast: Cast, actor: Actor, hour: int, minute: int, guest: str, **changes: Any) -> Callable[[], Any]:
    wish = cast.wish(cast.at(hour, minute), contact=cast.guest(guest), **changes)
    return lambda: book(actor, wish)


def test_two_hundred_want_a_slot_whose_hold_ran_out(cast: Cast) -> None:
    hold(cast, cast.as_ben, cast.at(9), runs_for=-1)
    with no_deadlock():
        answers = at_once([booking(cast, cast.nobody(f"guest {n}"), 9, 0, f"guest{n} of many") for n in range(CROWD)])
    print(slowest(answers))
    assert codes(answers) == {"done": 1, "slot_taken": CROWD - 1}
    assert faults() == []
    with db.as_owner():
        assert Reservation.objects.count() == 0


def test_one_holds_and_one_books_the_same_slot(cast: Cast) -> None:
    ben = cast.as_ben
    with no_deadlock():
        for quarter in range(12):
            hour, minute = 9 + quarter // 2, quarter % 2 * 30
            if hour == 12:
                break
            start = cast.at(hour, minute)
            answers = at_once([
                lambda start=start: reserve(ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=start),
                booking(cast, cast.nobody(), hour, minute, "Gus Guest"),
            ])  # fmt: skip
            assert codes(answers) == {"done": 1, "slot_taken": 1}
            assert faults() == []


def confirmed_or_swept(cast: Cast, chance: random.Random) -> tuple[list[Told], list[str]]:
    """One wave: holds that run out about now, whose holders confirm while sweeps run and rivals book the same slots.

    Gives all answers, and what somebody was told that is not so.
    """
    starts = [cast.at(9 + n // 2 if n < 6 else 10 + n // 2, n % 2 * 30) for n in range(HOLDS)]
    jobs: list[Callable[[], Any]] = [sweep, sweep]
    for number, start in enumerate(starts):
        holder, rival = cast.nobody(f"holder {number}"), cast.nobody(f"rival {number}")
        own = hold(cast, holder, start, runs_for=chance.uniform(-20, 400))
        wish = cast.wish(start, contact=cast.guest(f"holder{number} of many"), reservation_id=own)
        jobs.append(lambda holder=holder, wish=wish: book(holder, wish))
        if chance.random() < 0.5:
            other = cast.wish(start, contact=cast.guest(f"rival{number} of many"))
            jobs.append(lambda rival=rival, other=other: book(rival, other))
    chance.shuffle(jobs)
    answers = at_once(jobs)
    booked = [answer.result.appointment.pk for answer in answers if hasattr(answer.result, "appointment")]
    stored = stored_visits()
    lies = [f"told booked, but {pk} is not stored" for pk in booked if pk not in stored]
    lies += [f"{pk} is stored, and nobody was told" for pk in stored if pk not in booked]
    per_slot = [sum(visit.starts_at == start for visit in stored.values()) for start in starts]
    lies += [f"{count} visits in slot {n}" for n, count in enumerate(per_slot) if count != 1]
    return answers, lies


def test_nobody_is_told_a_lie_when_holds_run_out_while_they_are_confirmed(cast: Cast) -> None:
    chance, heard = random.Random(4), {}
    with no_deadlock():
        for _ in range(WAVES):
            answers, lies = confirmed_or_swept(cast, chance)
            assert (faults(), lies) == ([], [])
            for code, count in codes(answers).items():
                heard[code] = heard.get(code, 0) + count
            clear_away()
    print(heard)
    assert heard.keys() == {"done", "slot_taken", "hold_expired"}
    assert heard["done"] == WAVES * (HOLDS + 2)


def clear_away() -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointment")
        cursor.execute("DELETE FROM availability_reservation")


def test_control_a_confirmation_that_keeps_no_time_is_a_lie(cast: Cast) -> None:
    # The hold is given up and nothing is taken instead: the next one can have the slot.
    with with_function_changed("availability_take", ("IF mine.source_id IS NULL THEN", "RETURN; IF true THEN")):
        _, lies = confirmed_or_swept(cast, random.Random(4))
        assert any(lie.startswith("2 visits") for lie in lies)
        assert any("takes no time" in fault for fault in faults())


def test_one_account_in_many_tabs_has_one_hold(cast: Cast) -> None:
    ben, starts = cast.as_ben, [cast.at(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 30)]
    with no_deadlock():
        answers = at_once([
            lambda start=start: reserve(ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=start)
            for start in starts
        ])  # fmt: skip
    assert codes(answers) == {"done": len(starts)}
    with db.as_owner():
        assert Reservation.objects.get().holder == f"u:{cast.ben.pk}"
    assert faults() == []


def test_a_double_click_on_a_slot_is_one_hold_and_no_refusal(cast: Cast) -> None:
    nobody = cast.nobody()
    answers = at_once([
        lambda: reserve(nobody, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9)) for _ in range(8)
    ])  # fmt: skip
    assert codes(answers) == {"done": 8}
    assert len({answer.result.id for answer in answers}) == 1


def test_many_secrets_at_one_address_cannot_hold_the_day(cast: Cast) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(holds_per_address=3)
    answers = at_once([
        lambda n=n: reserve(
            replace(cast.nobody(f"secret {n}"), address="one address"),
            dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(9 + n // 2, n % 2 * 30),
        )
        for n in range(6)
    ])  # fmt: skip
    assert codes(answers) == {"done": 3, "too_many_holds": 3}
