"""200 people want one slot, or slots that overlap, at the same moment: over HTTP, in process, and bare."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg

from appointments.booking import Request, book
from appointments.contact import Contact
from appointments.references import new_reference
from availability.catalogue import Offered
from availability.errors import SlotTaken
from availability.queries import slots_on
from bench.clinic_days import shortest_offers
from bench.crowd import Heard, together
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.load import at_once
from bench.wishes import booking
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor, Role

CROWD = 200
ROUNDS = 12
HTTP, VERB, BARE = HOW = "over HTTP", "by the verb in process", "bare INSERT"
WHERE = "one slot", "overlapping starts"

# What the verb's own insert comes to, with the triggers and constraints behind it.
INSERT: LiteralString = """
INSERT INTO appointments_appointment (
    id, booking_reference, patient_id, dentist_id, treatment_id, treatment_name, starts_at, ends_at,
    buffer_before_minutes, buffer_after_minutes, status, booking_source, dentist_name, dentist_email,
    patient_name, patient_email, patient_phone, payment_method, payment_status, payment_amount, currency,
    stripe_session_id, triage_band, consent_version, sequence, outside_rules, cancellation_reason, cancelled_by)
SELECT %(id)s, %(reference)s, p.id, %(dentist)s, %(treatment)s, 'Race', %(start)s, %(end)s, 0, 0, 'confirmed', 'manual', '', '',
    p.name, p.email, p.phone, 'cash', 'pending', 60, 'EUR', '', '', '', 0, false, '', ''
  FROM patients_patient p WHERE p.id = %(person)s"""


@dataclass
class Race:
    """What came of many rounds of one race."""

    last: list[float]  # seconds until the last answer, a round each
    heard: Counter[str]
    most: int = 0  # winners of a round, at the most
    least: int = CROWD

    def add(self, answers: Sequence[Heard]) -> None:
        told = Counter(code for code, _ in answers)
        self.heard += told
        self.last.append(max(seconds for _, seconds in answers))
        self.most, self.least = max(self.most, told["done"]), min(self.least, told["done"])


def measure(ground: Ground) -> list[Figure]:
    before = ground.deadlocks()
    offered = shortest_offers()[0]
    days = _free_days(offered)
    races = {(how, where): Race([], Counter()) for how in HOW for where in WHERE}
    with ground.owner() as owner, ExitStack() as stack:
        people = [row[0] for row in owner.execute("SELECT id FROM patients_patient ORDER BY id LIMIT %s", [CROWD])]
        ports = [stack.enter_context(ground.daphne()).port for _ in range(2)]
        bare = [stack.enter_context(ground.connect("clinic_owner")) for _ in range(CROWD)]
        for number in range(-1, ground.times(ROUNDS)):
            for (how, where), race in races.items():
                starts = next(days)
                if where == "one slot":
                    places = starts[:1] * CROWD
                elif how == HTTP:  # on the grid, as the rules want it
                    places = [starts[n % len(starts)] for n in range(CROWD)]
                else:
                    places = [starts[0] + timedelta(minutes=n % 60) for n in range(CROWD)]
                stored = _stored(owner, offered)
                if how == HTTP:
                    heard = _over_http(ports, offered, places, f"{number}{where[0]}")
                elif how == VERB:
                    heard = together([_verb(offered, at, f"v{number}{where[0]}{n}") for n, at in enumerate(places)])
                else:
                    heard = together([_insert(*one, offered) for one in zip(bare, places, people, strict=True)])
                assert _stored(owner, offered) - stored == Counter(code for code, _ in heard)["done"]
                if number >= 0:
                    race.add(heard)
    found = ground.deadlocks() - before
    return [*_told(races), Figure("deadlocks", "", Spread.of([float(found)]), None, "0", found == 0)]


def _free_days(offered: Offered) -> Iterator[list[datetime]]:
    """The starts of days on which at least eight are free."""
    for number in range(2, 450):
        with db.reading(ANONYMOUS):
            starts = [slot.start for slot in slots_on(ANONYMOUS, offered, clock.today() + timedelta(days=number))]
        if len(starts) >= 8:
            yield starts


def _stored(owner: psycopg.Connection[Any], offered: Offered) -> int:
    sql = "SELECT count(*) FROM appointments_appointment WHERE dentist_id = %s"
    return int((owner.execute(sql, [offered.dentist.pk]).fetchone() or (0,))[0])


def _over_http(ports: Sequence[int], offered: Offered, places: Sequence[datetime], tag: str) -> list[Heard]:
    requests = [booking(offered, at.isoformat(), f"h{tag}x{n}") for n, at in enumerate(places)]
    answers = at_once(ports, requests)
    told = {201: "done", 409: "slot_taken"}
    return [(told.get(answer.status, answer.body.decode()), answer.seconds) for answer in answers]


def _verb(offered: Offered, start: datetime, tag: str) -> Callable[[], object]:
    """The front desk books knowingly, so that nothing but the constraint stands in the way."""
    contact = Contact(name=f"Guest {tag}", email=f"{tag}@example.net", phone="030 1234567")
    wish = Request(
        contact=contact, dentist=offered.dentist.pk, treatment=offered.treatment.pk, start=start, outside_rules=True
    )
    return lambda: book(Actor(Role.DESK, uuid.UUID(int=7)), wish)


def _insert(
    connection: psycopg.Connection[Any], start: datetime, person: uuid.UUID, offered: Offered
) -> Callable[[], object]:
    values = {
        "id": uuid.uuid4(),
        "reference": new_reference(),
        "person": person,
        "dentist": offered.dentist.pk,
        "treatment": offered.treatment.pk,
        "start": start,
        "end": start + offered.duration,
    }

    def job() -> None:
        try:
            connection.execute(INSERT, values)
        except psycopg.errors.ExclusionViolation as taken:
            raise SlotTaken() from taken

    return job


def _told(races: dict[tuple[str, str], Race]) -> list[Figure]:
    figures = []
    for (how, where), race in races.items():
        codes = ", ".join(f"{count} {code}" for code, count in sorted(race.heard.items()))
        winners = str(race.most) if race.most == race.least else f"{race.least} to {race.most}"
        last = Spread.of([seconds * 1000 for seconds in race.last])
        floor = None if how == BARE else Spread.of([seconds * 1000 for seconds in races[BARE, where].last])
        in_order = race.heard.keys() <= {"done", "slot_taken"} and (where != "one slot" or winners == "1")
        wanted = "" if how == BARE else "< 1000 (400), 1 winner" if where == "one slot" else "< 1000 (400)"
        figures.append(
            Figure(f"{CROWD} on {where}, {how}: last answer ({winners} won; {codes})", "ms", last, floor, wanted,
                   None if how == BARE else in_order and last.p99 < 1000)
        )  # fmt: skip
    return figures
