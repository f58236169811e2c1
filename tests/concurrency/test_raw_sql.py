"""Whatever writes: raw SQL over visits meets the same law, refused by name, one row or many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError

from appointments.models import Appointment
from clinic.core import db
from dentists.models import Dentist
from tests.concurrency.crowd import Told, at_once, deadlocks, no_deadlock
from tests.concurrency.guards import with_function_changed, without_constraint
from tests.concurrency.law import faults
from tests.factories import Cast

QUARTER = timedelta(minutes=15)


def visit(cast: Cast, start: datetime, guest: str, dentist: Dentist | None = None) -> Appointment:
    wanted = (dentist or cast.weber).pk
    return cast.booked(cast.as_desk, start, contact=cast.guest(guest), dentist=wanted, outside_rules=True).appointment


def shift(which: str, by: str) -> None:
    """Raw SQL over many visits at once."""
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(
            f"UPDATE appointments_appointment SET starts_at = starts_at + interval '{by}',"
            f" ends_at = ends_at + interval '{by}' WHERE {which}"
        )


def refused_by(error: IntegrityError) -> str | None:
    cause = error.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def raw_overlaps(cast: Cast) -> list[str | None]:
    """What refused to write a visit over another one, in raw SQL: inserted, moved, lengthened, woken, and in two chairs."""
    first, later = visit(cast, cast.at(9), "First"), visit(cast, cast.at(11), "Later")
    gone = visit(cast, cast.at(13), "Gone")
    with db.as_owner():
        Appointment.objects.filter(pk=gone.pk).update(status="no_show")
        Appointment.objects.filter(pk=gone.pk).update(starts_at=cast.at(9), ends_at=cast.at(9, 30))
    columns = ", ".join(
        field.column for field in Appointment._meta.concrete_fields
        if field.column not in ("id", "booking_reference", "starts_at", "ends_at", "dentist_id", "patient_id", "account_id")
    )  # fmt: skip
    copy = (
        "INSERT INTO appointments_appointment (id, booking_reference, starts_at, ends_at, dentist_id, patient_id,"
        f" {columns}) SELECT gen_random_uuid(), %s, starts_at + interval '10 minutes', ends_at, %s, %s, {columns}"
        " FROM appointments_appointment WHERE id = %s"
    )
    attempts: list[tuple[str, list[Any]]] = [
        (copy, ["DC-222222", cast.weber.pk, later.patient_id, first.pk]),
        ("UPDATE appointments_appointment SET starts_at = %s, ends_at = %s WHERE id = %s",
         [cast.at(9, 15), cast.at(9, 45), later.pk]),
        ("UPDATE appointments_appointment SET ends_at = %s WHERE id = %s", [cast.at(11, 15), first.pk]),
        ("UPDATE appointments_appointment SET status = 'confirmed' WHERE id = %s", [gone.pk]),
        (copy, ["DC-333333", cast.okafor.pk, first.patient_id, first.pk]),
    ]  # fmt: skip
    refusals: list[str | None] = []
    for statement, values in attempts:
        try:
            with db.as_owner(), db.connection().cursor() as cursor:
                cursor.execute(statement, values)
            refusals.append(None)
        except IntegrityError as error:
            refusals.append(refused_by(error))
    return refusals


def test_raw_sql_is_refused_by_name(cast: Cast) -> None:
    assert raw_overlaps(cast) == ["occupancy_dentist_time"] * 4 + ["occupancy_person_time"]
    assert faults() == []


def test_control_without_the_constraints_raw_sql_may_do_it_all(cast: Cast) -> None:
    table = "availability_occupancy"
    blind = ("WHERE o.person_id = p_person", "WHERE false AND o.person_id = p_person")
    with (
        without_constraint(table, "occupancy_dentist_time"),
        without_constraint(table, "occupancy_person_time"),
        with_function_changed("availability_take", blind),
    ):
        assert raw_overlaps(cast) == [None] * 5
        assert len(faults()) > 5


def test_many_visits_are_shifted_in_one_statement(cast: Cast) -> None:
    for number in range(24):
        visit(cast, cast.at(8) + number * 2 * QUARTER + number * timedelta(minutes=5), f"guest{number}")
    shift("true", "5 minutes")
    assert faults() == []
    with db.as_owner():
        assert Appointment.objects.earliest("starts_at").starts_at == cast.at(8, 5)


def test_a_shift_that_would_overlap_is_refused_as_a_whole(cast: Cast) -> None:
    for number in range(4):
        visit(cast, cast.at(9 + number), f"guest{number}")
    with pytest.raises(IntegrityError) as refusal:
        shift(f"starts_at < '{cast.at(12).isoformat()}'", "45 minutes")
    assert refused_by(refusal.value) == "occupancy_dentist_time"
    assert faults() == []
    with db.as_owner():
        assert list(Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True)) == [
            cast.at(9 + number) for number in range(4)
        ]


def crossing_shifts(cast: Cast) -> Iterator[list[Told]]:
    """Two statements that move many visits of one dentist towards each other, each beginning at another end of the day."""
    up: list[str] = []
    down: list[str] = []
    for number in range(8):
        for ids, place, minutes in ((up, number, 0), (down, 7 - number, 40)):
            start = cast.at(0) + timedelta(minutes=90 * place + minutes)
            ids.append(f"'{visit(cast, start, f'guest{place}at{minutes}').pk}'")
    for _ in range(8):
        moves = [(up, "10 minutes", "-10 minutes"), (down, "-10 minutes", "10 minutes")]
        answers = at_once([lambda ids=ids, by=by: shift(f"id IN ({', '.join(ids)})", by) for ids, by, _ in moves])
        yield answers
        for answer, (ids, _, back) in zip(answers, moves, strict=True):
            if answer.error is None:
                shift(f"id IN ({', '.join(ids)})", back)


def test_two_shifts_of_one_dentists_day_do_not_wait_for_each_other(cast: Cast) -> None:
    with no_deadlock():
        for answers in crossing_shifts(cast):
            (refusal,) = [answer.error for answer in answers if answer.error]
            assert isinstance(refusal, IntegrityError)
            assert refused_by(refusal) == "occupancy_dentist_time"
    assert faults() == []


def test_control_without_an_order_of_locks_they_do(cast: Cast) -> None:
    before = deadlocks()
    with with_function_changed(
        "appointments_occupies", ("pg_advisory_xact_lock(72034, of_dentist.key)", "of_dentist.key")
    ):
        any(isinstance(told.error, OperationalError) for answers in crossing_shifts(cast) for told in answers)
        assert deadlocks() > before
