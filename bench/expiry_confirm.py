"""Holds that run out while their holders confirm, rivals book the same time and sweeps run: does anybody hear a lie?

A lie is "booked" without a stored visit that takes its time, a refusal with one, or two visits in one slot.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.db import connections

from appointments.booking import Request, book
from appointments.contact import Contact
from availability.catalogue import Offered
from availability.queries import slots_on
from availability.reservations import sweep
from bench.clinic_days import CHANCE, shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, holder_of
from clinic.core.errors import ClinicError

ROUNDS = 10_000
AT_ONCE = 4  # slots of as many dentists, each with a holder and a rival
RIVALS = 0.5  # how often somebody else wants the same slot
JITTER = 0.040  # seconds around the moment at which the hold runs out

HOLD: LiteralString = """
INSERT INTO availability_reservation
    (id, dentist_id, treatment_id, holder, address, starts_at, ends_at, busy_from, busy_until, expires_at)
VALUES (%(id)s, %(dentist)s, %(treatment)s, %(holder)s, '', %(start)s, %(end)s, %(from)s, %(until)s,
        clock_timestamp() + make_interval(secs => %(secs)s))"""
STORED: LiteralString = """
SELECT a.id, count(o.source_id) FROM appointments_appointment a LEFT JOIN availability_occupancy o ON o.source_id = a.id
 WHERE a.dentist_id = %(dentist)s AND a.starts_at = %(start)s AND a.status = 'confirmed' GROUP BY a.id"""
CLEAR: LiteralString = """
DELETE FROM appointments_appointment WHERE dentist_id = %(dentist)s AND starts_at = %(start)s AND status = 'confirmed'"""


@dataclass(frozen=True)
class Place:
    """A free slot that is fought for again and again."""

    offered: Offered
    start: datetime
    end: datetime


def measure(ground: Ground) -> list[Figure]:
    before = ground.deadlocks()
    places = list(_places(AT_ONCE))
    each = ground.times(ROUNDS) // AT_ONCE
    began = perf_counter()
    with _sweeping() as swept, ThreadPoolExecutor(AT_ONCE * 2) as threads:
        fights = [threads.submit(_fight, ground, place, each, number, threads) for number, place in enumerate(places)]
        results = [fight.result() for fight in fights]
    seconds, locked = perf_counter() - began, ground.deadlocks() - before
    heard = sum((told for told, _ in results), Counter[str]())
    lies = [lie for _, found in results for lie in found]
    codes = ", ".join(f"{count} {code}" for code, count in sorted(heard.items()))
    for lie in lies[:10]:
        print(lie)
    return [
        Figure(f"lies in {each * AT_ONCE:,} rounds ({codes}; {swept[0]} swept)", "", _one(float(len(lies))), None, "0",
               not lies),
        Figure("rounds a second", "1/s", _one(each * AT_ONCE / seconds)),
        Figure("deadlocks", "", _one(float(locked)), None, "0", locked == 0),
    ]  # fmt: skip


def _one(number: float) -> Spread:
    return Spread(1, number, number)


def _places(count: int) -> Iterator[Place]:
    for offered in shortest_offers()[:count]:
        for day in range(3, 400):
            with db.reading(ANONYMOUS):
                found = slots_on(ANONYMOUS, offered, clock.today() + timedelta(days=day))
            if found:
                yield Place(offered, found[0].start, found[0].end)
                break


@contextmanager
def _sweeping() -> Iterator[list[int]]:
    """Sweeps hundreds of times as often as the worker does; how many holds they took away."""
    over, swept = threading.Event(), [0]

    def run() -> None:
        while not over.is_set():
            swept[0] += sweep()
            over.wait(0.005)
        connections.close_all()

    sweeper = threading.Thread(target=run)
    sweeper.start()
    try:
        yield swept
    finally:
        over.set()
        sweeper.join()


def _fight(
    ground: Ground, place: Place, rounds: int, number: int, threads: ThreadPoolExecutor
) -> tuple[Counter[str], list[str]]:
    chance, heard, lies = random.Random(CHANCE + number), Counter[str](), []
    with ground.owner() as owner:
        for attempt in range(rounds):
            tag = f"{number}x{attempt}"
            hold = _hold(owner, place, tag, chance.uniform(-JITTER / 4, JITTER))
            rival = threads.submit(_book, place, f"rival{tag}", None) if chance.random() < RIVALS else None
            if chance.random() < 0.5:
                threading.Event().wait(chance.uniform(0, JITTER))
            told = [_book(place, f"holder{tag}", hold)] + ([rival.result()] if rival else [])
            heard.update(code for code, _ in told)
            lies += _lies(owner, place, [visit for _, visit in told if visit is not None], len(told))
            owner.execute(CLEAR, {"dentist": place.offered.dentist.pk, "start": place.start})
    return heard, lies


def _hold(owner: psycopg.Connection[Any], place: Place, tag: str, seconds: float) -> UUID:
    visit, hold = place.offered.visit, uuid.uuid4()
    owner.execute(HOLD, {
        "id": hold, "dentist": place.offered.dentist.pk, "treatment": place.offered.treatment.pk,
        "holder": holder_of(f"holder{tag}"), "start": place.start, "end": place.end,
        "from": place.start - visit.buffer_before, "until": place.end + visit.buffer_after, "secs": seconds,
    })  # fmt: skip
    return hold


def _book(place: Place, who: str, hold: UUID | None) -> tuple[str, UUID | None]:
    """What somebody is told, and the visit that they think they have."""
    contact = Contact(name=f"Guest {who}", email=f"{who}@example.net", phone="030 1234567")
    wish = Request(
        contact=contact, dentist=place.offered.dentist.pk, treatment=place.offered.treatment.pk, start=place.start,
        reservation_id=hold,
    )  # fmt: skip
    try:
        return "booked", book(ANONYMOUS.with_secret(who), wish).appointment.pk
    except ClinicError as refusal:
        return refusal.code, None
    finally:
        connections.close_all()  # back into the pool, as after a request


def _lies(owner: psycopg.Connection[Any], place: Place, told: list[UUID], people: int) -> list[str]:
    values = {"dentist": place.offered.dentist.pk, "start": place.start}
    stored = dict(owner.execute(STORED, values).fetchall())
    lies = [f"{visit} is told, and not stored" for visit in told if visit not in stored]
    lies += [f"{visit} is stored, and nobody was told" for visit in stored if visit not in told]
    lies += [f"{visit} takes its time {count} times" for visit, count in stored.items() if count != 1]
    if len(stored) > 1:
        lies.append(f"{len(stored)} visits in one slot")
    if not stored and people == 1:
        lies.append("nobody has the slot, though only one wanted it")
    return lies
