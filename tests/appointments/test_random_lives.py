"""Whatever people do in whatever order, taken time stays what visits and holds say: random sequences from fixed seeds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from appointments.booking import book
from appointments.models import ACTIVE, Appointment
from appointments.moving import reschedule
from appointments.transitions import cancel, check_in, complete, mark_no_show, undo
from availability.models import Reservation
from availability.reservations import release, reserve, sweep
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.models import ClinicSettings
from tests.appointments.told import told
from tests.concurrency.crowd import at_once
from tests.concurrency.law import faults
from tests.factories import Cast
from tests.factories.holds import let_run_out

# What the verbs of a random life may be told; anything else is a fault of ours.
EXPECTED = {
    "done", "slot_taken", "already_booked", "hold_expired", "hold_moved", "invalid_transition", "nothing_to_undo",
    "not_found", "wrong_treatment", "outside_hours", "unknown_dentist",
}  # fmt: skip


MOMENT: ContextVar[datetime | None] = ContextVar("moment", default=None)


@pytest.fixture(autouse=True)
def _each_has_their_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    actual = clock.now
    monkeypatch.setattr(clock, "now", lambda: MOMENT.get() or actual())


@dataclass
class Life:
    """A morning with few slots and many wishes, so that people meet."""

    cast: Cast
    chance: random.Random
    people: list[tuple[Actor, str]] = field(init=False)
    desk: Actor = field(init=False)

    def __post_init__(self) -> None:
        with db.as_owner():
            ClinicSettings.objects.update(holds_per_hour=1000)
        cast = self.cast
        self.desk = cast.as_desk
        self.people = [
            (cast.as_ana, "Ana Ruiz"), (cast.as_ana, "Mia Ruiz"), (cast.as_ben, "Ben Krause"),
            (cast.nobody("one"), "Gus Guest"), (cast.nobody("two"), "Olga Other"),
        ]  # fmt: skip

    def start(self) -> datetime:
        return self.cast.at(9 + self.chance.randrange(2), self.chance.choice((0, 15, 30, 45)))

    def visit(self) -> UUID:
        with db.as_owner():
            found = list(Appointment.objects.order_by("created_at", "id").values_list("pk", flat=True))
        return self.chance.choice(found) if found else self.cast.ana.pk

    def hold(self) -> tuple[UUID, Actor, str]:
        """A hold and whose it is; one that nobody has when there is none."""
        with db.as_owner():
            found = list(Reservation.objects.order_by("starts_at", "dentist__name").values_list("pk", "holder"))
        if not found:
            return self.cast.ana.pk, *self.people[0]
        held, holder = self.chance.choice(found)
        (actor, name) = next(one for one in self.people if holder in one[0].holders)
        return held, actor, name

    def later(self, verb: Callable[[Actor, UUID], Any], visit: UUID) -> None:
        """At noon of that day, when every visit has begun; only for who does this, others may book meanwhile."""
        token = MOMENT.set(self.cast.at(12))
        try:
            verb(self.desk, visit)
        finally:
            MOMENT.reset(token)

    def step(self) -> tuple[str, Callable[[], Any]]:
        """Something that somebody does now: its name, and the doing."""
        chance, cast = self.chance, self.cast
        (actor, name), start = chance.choice(self.people), self.start()
        dentist = chance.choice((cast.weber.pk, cast.weber.pk, cast.okafor.pk, None))
        treatment = chance.choice(("check-up", "check-up", "filling"))
        visit, (held, holder, holders_name) = self.visit(), self.hold()
        contact, holders = cast.guest(name), cast.guest(holders_name)
        steps: dict[str, Callable[[], Any]] = {
            "book": lambda: book(actor, cast.wish(start, dentist=dentist, treatment=treatment, contact=contact)),
            "hold": lambda: reserve(actor, dentist=dentist, treatment=treatment, start=start),
            "confirm": lambda: book(
                holder, cast.wish(None, treatment=None, dentist=None, contact=holders, reservation_id=held)
            ),
            "release": lambda: release(holder, held),
            "run out": lambda: let_run_out(held),
            "sweep": sweep,
            "cancel": lambda: cancel(self.desk, visit),
            "move": lambda: reschedule(self.desk, visit, start=start, dentist=dentist, outside_rules=chance.random() < 0.3),
            "check in": lambda: self.later(check_in, visit),
            "complete": lambda: self.later(complete, visit),
            "no show": lambda: self.later(mark_no_show, visit),
            "undo": lambda: self.later(undo, visit),
        }  # fmt: skip
        often = {"book": 5, "hold": 5, "confirm": 4, "move": 5, "cancel": 3, "no show": 3, "undo": 4}
        (chosen,) = chance.choices(list(steps), [often.get(name, 2) for name in steps])
        return chosen, steps[chosen]


def test_one_after_the_other(cast: Cast) -> None:
    life, heard = Life(cast, random.Random(7)), Counter[tuple[str, str]]()
    for number in range(110):
        name, doing = life.step()
        code = told(doing)
        heard[name, code] += 1
        assert code in EXPECTED, (number, name)
        assert faults() == [], (number, name, code)
    done = {name for name, code in heard if code == "done"}
    assert done >= {"book", "hold", "confirm", "release", "cancel", "move", "no show", "undo"}


def test_several_at_once(cast: Cast) -> None:
    life = Life(cast, random.Random(23))
    for number in range(14):
        steps = [life.step() for _ in range(5)]
        answers = at_once([doing for _, doing in steps])
        heard = [(name, answer.code) for (name, _), answer in zip(steps, answers, strict=True)]
        assert {code for _, code in heard} <= EXPECTED, (number, heard)
        assert faults() == [], (number, heard)
    with db.as_owner():
        assert Appointment.objects.filter(status__in=ACTIVE).exists()


def test_control_without_the_trigger_the_law_is_broken(cast: Cast) -> None:
    life = Life(cast, random.Random(7))
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("ALTER TABLE appointments_appointment DISABLE TRIGGER occupies")
    try:
        assert any(told(life.step()[1]) and faults() for _ in range(40))
    finally:
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute("ALTER TABLE appointments_appointment ENABLE TRIGGER occupies")
