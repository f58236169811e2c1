"""The same transactions with row-level security and the caller's signed context, and in a copy without any policy."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.test import Client

from appointments.models import Appointment
from appointments.references import new_reference
from bench.clinic_days import apart, dentists_and_days, shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.replay import Statement, recorded, replayed
from bench.wire import address
from bench.wishes import PATH, wish
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor, Role

ROUNDS = 1000
WARM_UP = 20
RATIO = 1.25
CONTEXT = 0.3  # milliseconds a request

WITHOUT_POLICIES: LiteralString = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename);
    END LOOP;
    FOR one IN SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', one.relname);
    END LOOP;
END
$$"""


Turn = tuple[Actor, Sequence[Statement]]


@dataclass(frozen=True)
class Case:
    """A transaction, as who and with which statements it is sent the next time."""

    name: str
    turn: Callable[[], Turn]


def measure(ground: Ground) -> list[Figure]:
    cases = [_slots(), _own_visits(), _day(), _booking()]
    with ground.stand.copy("bench_without_policies") as other:
        with ground.owner(other) as owner:
            owner.execute(WITHOUT_POLICIES)
        with ground.connect() as guarded, ground.connect("clinic_owner", other) as free:
            return [_compared(ground, case, guarded, free) for case in cases] + [_context(ground, guarded)]


def _compared(ground: Ground, case: Case, guarded: psycopg.Connection[Any], free: psycopg.Connection[Any]) -> Figure:
    times: list[float] = []
    floor: list[float] = []
    for number in range(-WARM_UP, ground.times(ROUNDS, least=50)):
        actor, statements = case.turn()
        took, least = replayed(guarded, actor, statements), replayed(free, None, statements)
        if number >= 0:
            times.append(took * 1000)
            floor.append(least * 1000)
    spread, without = Spread.of(times), Spread.of(floor)
    met = spread.median <= RATIO * without.median
    return Figure(f"{case.name} ({len(statements)} statements)", "ms", spread, without, f"ratio <= {RATIO}", met)


def _context(ground: Ground, guarded: psycopg.Connection[Any]) -> Figure:
    """Signing, telling and once checking who asks, over a transaction that does nothing."""
    actor = Actor(Role.PATIENT, uuid.UUID(int=7))
    check, nothing = Statement("SELECT identity.acts_as('patient')", ()), Statement("SELECT true", ())
    pairs = [
        (replayed(guarded, actor, [check]), replayed(guarded, None, [nothing]))
        for _ in range(ground.times(ROUNDS, least=50))
    ]
    spent, empty = Spread.of([a * 1000 for a, _ in pairs]), Spread.of([b * 1000 for _, b in pairs])
    cost = Spread(spent.n, spent.median - empty.median, spent.p99 - empty.p99)
    return Figure("the context alone", "ms", cost, None, f"<= {CONTEXT}", cost.median <= CONTEXT)


def _slots() -> Case:
    (offered, day), *_ = dentists_and_days(shortest_offers(), 1)
    path = f"/api/availability/{offered.dentist.pk}/slots?date={day}&treatment={offered.treatment.pk}"
    with recorded() as statements:
        assert Client(SERVER_NAME="127.0.0.1").get(path).status_code == 200
    return Case("slots of a day, by nobody", lambda: (ANONYMOUS, statements))


def _own_visits() -> Case:
    with db.as_owner():
        account = Appointment.objects.exclude(account=None).values_list("account_id", flat=True).first()
    actor = Actor(Role.PATIENT, account)
    with db.reading(actor), recorded() as statements:
        assert list(Appointment.objects.filter(account_id=account)[:20])
    return Case("a patient's own visits", lambda: (actor, statements))


def _day() -> Case:
    offered = shortest_offers()[0]
    actor = Actor(Role.DENTIST, offered.dentist.user_id, dentist_id=offered.dentist.pk)
    begin = clock.day_bounds(clock.today() + timedelta(days=1))[0]
    with db.reading(actor), recorded() as statements:
        span = (begin, begin + timedelta(days=7))
        list(Appointment.objects.filter(dentist=offered.dentist, starts_at__range=span).order_by("starts_at"))
    return Case("a dentist's week", lambda: (actor, statements))


def _booking() -> Case:
    """One booking as it was sent, with another person, slot and reference in each round."""
    free = apart(shortest_offers(), clock.today() + timedelta(days=3), 400)
    offered, start = next(free)
    with recorded() as statements:
        body = json.dumps(wish(offered, start, "model"))
        answer = Client(SERVER_NAME="127.0.0.1").post(PATH, body, "application/json", headers=address(1))
    assert answer.status_code == 201, answer.content
    booked = answer.json()
    changing = _changing(booked, free)

    def turn() -> Turn:
        instead = next(changing)
        now = [one.changed(lambda value: _with(value, instead)) for one in statements]
        return ANONYMOUS.with_visit(instead[UUID(booked["id"])]), now

    return Case("a booking, by nobody", turn)


def _with(param: Any, instead: dict[Any, Any]) -> Any:
    if isinstance(param, list):
        return [_with(one, instead) for one in param]
    return instead.get(param, param) if isinstance(param, (UUID, str, datetime)) else param


def _changing(booked: dict[str, Any], free: Iterator[tuple[Any, str]]) -> Iterator[dict[Any, Any]]:
    start, end = (datetime.fromisoformat(booked[name]) for name in ("start", "end"))
    for number, (offered, other) in enumerate(free):
        begin = datetime.fromisoformat(other)
        yield {
            UUID(booked["id"]): uuid.uuid4(),
            UUID(booked["patient_id"]): uuid.uuid4(),
            UUID(booked["dentist_id"]): offered.dentist.pk,
            booked["booking_reference"]: f"{new_reference()}22",  # longer than any there is, so that none is taken
            booked["patient_name"]: f"Guest {number}",
            booked["patient_email"]: f"identity{number}@example.net",
            start: begin,
            end: begin + (end - start),
        }
