"""One `Idempotency-Key` a hundred times at once: one visit, one answer."""

from __future__ import annotations

from dataclasses import replace

from appointments.booking import Request, book
from clinic.core.actor import Actor
from clinic.core.idempotency import Answer, once
from tests.concurrency.crowd import Told, at_once, codes, no_deadlock
from tests.concurrency.guards import without_constraint
from tests.concurrency.law import faults, stored_visits
from tests.factories import Cast

TIMES = 100


def repeated(cast: Cast, times: int, prints: list[str] | None = None) -> list[Told]:
    """The same person sends the same booking so many times at once; a page that nobody answered in time."""
    ana, wish = cast.as_ana, cast.wish(cast.at(9), contact=cast.guest("Ana Ruiz"))

    def send(print_of_request: str) -> Answer:
        return once(ana, "a key", print_of_request, lambda caller: perform(caller, wish))

    return at_once([lambda one=one: send(one) for one in prints or ["the body"] * times])


def perform(caller: Actor, wish: Request) -> Answer:
    done = book(replace(caller, visit_id=None), wish)
    return Answer(201, {"id": str(done.appointment.pk)})


def answers_given(answers: list[Told]) -> set[tuple[int, str]]:
    return {(answer.result.status, str(answer.result.body)) for answer in answers if answer.error is None}


def test_a_hundred_times_is_once(cast: Cast) -> None:
    with no_deadlock():
        answers = repeated(cast, TIMES)
    assert codes(answers) == {"done": TIMES}
    ((status, body),) = answers_given(answers)
    (stored,) = stored_visits()
    assert (status, body) == (201, str({"id": str(stored)}))
    assert sum(answer.result.replayed for answer in answers) == TIMES - 1
    assert faults() == []


def test_a_refusal_is_repeated_too(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    answers = repeated(cast, 20)
    assert codes(answers) == {"done": 20}
    ((status, body),) = answers_given(answers)
    assert (status, "slot_taken" in body) == (409, True)


def test_one_key_for_two_bodies_serves_one_of_them(cast: Cast) -> None:
    answers = repeated(cast, 20, ["one body", "another body"] * 10)
    assert codes(answers) == {"done": 10, "idempotency_key_reused": 10}
    assert len(stored_visits()) == 1


def test_control_without_the_constraint_the_answers_differ(cast: Cast) -> None:
    with without_constraint("core_idempotencykey", "idempotency_once"):
        answers = repeated(cast, 20)
        assert len(answers_given(answers)) > 1
