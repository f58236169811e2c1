"""A verb's transaction: all or nothing, one at a time, and told in typed errors."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError

from availability.errors import SlotTaken
from clinic.core import db
from clinic.core.errors import Busy, Malformed
from clinic.patients.models import Patient
from tests.appointments.told import told
from tests.concurrency.crowd import at_once, codes, deadlocks
from tests.factories import Cast
from tests.factories.stored import nothing_stored


def person(cast: Cast, name: str) -> Patient:
    return Patient.objects.create(account=cast.ana, name=name, relation="other")


def names() -> set[str]:
    with db.as_owner():
        return set(Patient.objects.filter(relation="other").values_list("name", flat=True))


def test_all_or_nothing(cast: Cast) -> None:
    def add(name: str, share: int) -> None:
        with db.transaction(cast.as_ana):
            person(cast, name)
            assert 1 / share

    with nothing_stored(), pytest.raises(ZeroDivisionError):
        add("Leo", 0)
    add("Mia", 1)
    assert names() == {"Mia"}


def test_a_verb_does_not_begin_inside_another(cast: Cast) -> None:
    ana = cast.as_ana
    with nothing_stored():
        for block in (db.transaction, db.reading):
            with pytest.raises(RuntimeError, match="owns its transaction"), block(ana), db.transaction(ana):
                pass


def test_verbs_join_an_enclosing_transaction_and_go_with_it(cast: Cast) -> None:
    ana = cast.as_ana

    def twice_and_fail() -> None:
        with db.enclosing(ana):
            cast.booked(ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
            cast.booked(ana, cast.at(10), contact=cast.guest("Ana Ruiz"))
            raise ZeroDivisionError

    with nothing_stored(), pytest.raises(ZeroDivisionError):
        twice_and_fail()
    with db.enclosing(ana):
        cast.booked(ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
        # A refused verb takes back what it did itself, and nothing else.
        with pytest.raises(SlotTaken):
            cast.booked(ana, cast.at(9, 15), contact=cast.guest("Mia Ruiz"))
        person(cast, "Leo")
    assert names() == {"Leo"}
    with db.reading(ana):
        assert db.value("SELECT count(*) FROM appointments_appointment") == 1


def test_after_a_verb_the_enclosing_identity_is_back(cast: Cast) -> None:
    ana = cast.as_ana
    with db.enclosing(ana):
        before = db.value("SELECT current_setting('clinic.context')")
        booked = cast.booked(ana, cast.at(9), contact=cast.guest("Mia Ruiz")).appointment
        assert db.value("SELECT current_setting('clinic.context')") == before
        with pytest.raises(SlotTaken):
            cast.booked(ana, cast.at(9), contact=cast.guest("Leo Ruiz"))
        assert db.value("SELECT current_setting('clinic.context')") == before
        assert str(booked.pk) not in before


def test_a_savepoint_takes_back_an_attempt(cast: Cast) -> None:
    def attempt() -> None:
        with db.savepoint():
            person(cast, "Leo")
            person(cast, "")

    with db.transaction(cast.as_ana):
        person(cast, "Mia")
        with pytest.raises(IntegrityError):
            attempt()
        person(cast, "Zoe")
    assert names() == {"Mia", "Zoe"}


def test_what_the_database_refuses_is_told_in_our_words(cast: Cast) -> None:
    def raw(statement: str) -> str:
        def run() -> None:
            with db.transaction(cast.as_ana), db.connection().cursor() as cursor:
                cursor.execute(statement)

        return told(run)

    with nothing_stored():
        overlap = "DO $$ BEGIN RAISE exclusion_violation USING CONSTRAINT = 'occupancy_dentist_time'; END $$"
        assert raw(overlap) == "slot_taken"
        assert raw(overlap.replace("dentist", "person")) == "already_booked"
        assert raw("SELECT 'x'::int") == "malformed"
        assert raw("SELECT 1 / 0") == "malformed"
        assert raw("SET LOCAL statement_timeout = 20; SELECT pg_sleep(9)") == "busy"
        # What is our own fault stays one.
        with pytest.raises(IntegrityError):
            raw("DO $$ BEGIN RAISE check_violation USING CONSTRAINT = 'unheard_of'; END $$")
        with pytest.raises(ProgrammingError):
            raw("SELECT nonsense")
    assert (Malformed.status, Busy.status, SlotTaken.status) == (400, 503, 409)


def test_a_lock_that_does_not_come_in_time_is_told_as_busy(cast: Cast) -> None:
    def impatient() -> None:
        with db.transaction(cast.as_ana):
            db.rows("SELECT set_config('lock_timeout', '30ms', true)")
            db.rows("SELECT FROM patients_patient WHERE id = %s FOR UPDATE", [cast.ana_herself.pk])

    with db.transaction(cast.as_ana):
        db.rows("SELECT FROM patients_patient WHERE id = %s FOR UPDATE", [cast.ana_herself.pk])
        assert codes(at_once([impatient])) == {"busy": 1}
    assert told(impatient) == "done"


def test_a_deadlock_is_counted_and_told_as_busy(cast: Cast) -> None:
    # Also the control of every test that counts deadlocks: this one is seen.
    before, ana = deadlocks(), cast.as_ana

    def crossing(first: int, second: int) -> None:
        with db.transaction(ana):
            db.rows("SELECT pg_advisory_xact_lock(%s)", [first])
            while not db.value("SELECT count(*) >= 2 FROM pg_locks WHERE locktype = 'advisory' AND objid IN (1, 2)"):
                pass
            db.rows("SELECT pg_advisory_xact_lock(%s)", [second])

    heard = codes(at_once([lambda: crossing(1, 2), lambda: crossing(2, 1)]))
    assert heard == {"done": 1, "busy": 1}
    assert deadlocks() == before + 1


def test_after_a_refusal_the_connection_is_good(cast: Cast) -> None:
    for _ in range(3):
        with pytest.raises(DatabaseError), db.transaction(cast.as_ana):
            db.rows("SELECT nonsense")
        with db.reading(cast.as_ana):
            assert Patient.objects.get().pk == cast.ana_herself.pk
