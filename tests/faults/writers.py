"""Those who change appointments at the same time, by raw SQL, and commit in whatever order."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections
from psycopg.types.json import Jsonb

from appointments.models import Appointment
from appointments.references import new_reference
from clinic.core import db
from tests.factories import Cast
from tests.polling import until

COMMON = 4  # visits that all writers change
_BOOK = """
    INSERT INTO appointments_appointment
    SELECT (jsonb_populate_record(like_this, %s)).* FROM appointments_appointment like_this WHERE id = %s
"""
_TOGGLE = """
    UPDATE appointments_appointment SET status = CASE status WHEN 'confirmed' THEN 'checked_in' ELSE 'confirmed' END
     WHERE id = %s
"""
_MOVE = """
    UPDATE appointments_appointment
       SET dentist_id = CASE dentist_id WHEN %(a)s THEN %(b)s::uuid ELSE %(a)s::uuid END,
           starts_at = %(start)s, ends_at = %(start)s + interval '30 minutes'
     WHERE id = %(id)s
"""


@contextmanager
def writer() -> Iterator[psycopg.Connection[Any]]:
    """Another connection that writes as the owner, and commits when it is told to."""
    given = {
        name: value
        for name, value in connections[db.OWNER].get_connection_params().items()
        if name not in ("cursor_factory", "context")
    }
    with psycopg.connect(**given) as connection:
        yield connection


def visit(cast: Cast, day: int, hour: int = 9) -> Appointment:
    """A visit of Ana's with Dr. Weber, not stored."""
    start = cast.at(hour, days=day)
    return Appointment(
        booking_reference=new_reference(), patient=cast.ana_herself, dentist=cast.weber, treatment=cast.checkup,
        treatment_name="Check-up", starts_at=start, ends_at=start + timedelta(minutes=30), patient_name="Ana Ruiz",
        payment_amount=60,
    )  # fmt: skip


class Writers:
    """So many threads, each with transactions that stay open for up to `pause` seconds."""

    def __init__(self, cast: Cast, number: int, *, pause: float = 0.02) -> None:
        with db.as_owner():
            self._common = Appointment.objects.bulk_create(visit(cast, 100 + day) for day in range(COMMON))
        self._cast, self._pause = cast, pause
        self._stop = threading.Event()
        self._wanted = threading.Semaphore(0)
        self._done = itertools.count()
        self.done = 0
        self._failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(one,)) for one in range(number)]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        if self._failed:
            raise self._failed[0]

    def go_on(self, transactions: int = 24) -> None:
        """So many more transactions; when this returns half of them are done, and the others go on meanwhile. They are
        counted, so that on a slow machine no more is missed than is told one by one."""
        goal = self.done + transactions // 2
        self._wanted.release(transactions)
        until(lambda: self.done >= goal or bool(self._failed))

    def _run(self, number: int) -> None:
        try:
            self._write(number)
        except BaseException as error:  # the test tells of it
            self._failed.append(error)
        finally:
            connections.close_all()

    def _write(self, number: int) -> None:
        chance = Random(number)
        own: UUID | None = None
        with writer() as connection:
            while not self._stop.is_set():
                if not self._wanted.acquire(timeout=0.05):
                    continue
                after = self._change(connection, chance, own, day=2 * number)
                self._stop.wait(chance.random() * self._pause)  # whoever wrote first does not commit first
                if chance.random() < 0.1:
                    connection.rollback()
                else:
                    connection.commit()
                    own = after
                self.done = next(self._done) + 1

    def _change(
        self, connection: psycopg.Connection[Any], chance: Random, own: UUID | None, *, day: int
    ) -> UUID | None:
        """One step of a visit that everybody changes, or of one's own on a day of one's own; the own one after it."""
        kind = chance.randrange(4)
        if kind == 0:
            connection.execute(_TOGGLE, (chance.choice(self._common).pk,))
        elif own is None:
            new = visit(self._cast, day)
            values = {name: str(getattr(new, name)) for name in ("id", "booking_reference", "starts_at", "ends_at")}
            connection.execute(_BOOK, (Jsonb(values), self._common[0].pk))
            return new.pk
        elif kind == 1:
            connection.execute("DELETE FROM appointments_appointment WHERE id = %s", (own,))
            return None
        else:
            start = self._cast.at(9 + chance.randrange(7), days=day)
            pair = {"a": self._cast.weber.pk, "b": self._cast.okafor.pk}
            connection.execute(_MOVE, {**pair, "id": own, "start": start})
        return own
