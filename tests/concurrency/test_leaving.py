"""A dentist is deleted while people book, hold and move: nobody ends up with somebody who is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from appointments.models import Appointment
from appointments.moving import reschedule
from availability.reservations import reserve
from clinic.core import db
from dentists.models import Dentist
from tests.concurrency.crowd import at_once, codes, no_deadlock
from tests.concurrency.law import faults
from tests.factories import Cast, make_dentist

GONE = {"unknown_dentist", "wrong_treatment", "outside_hours"}


def delete(dentist: Dentist, pause: int) -> None:
    """Deletes the dentist after so many questions of no interest, so that the others are further along."""
    with db.as_owner(), db.connection().cursor() as cursor:
        for _ in range(pause):
            cursor.execute("SELECT count(*) FROM dentists_dentist")
        cursor.execute("DELETE FROM dentists_dentist WHERE id = %s", [dentist.pk])


def test_a_dentist_leaves_in_the_middle_of_it(cast: Cast) -> None:
    desk = cast.as_desk
    moving = cast.booked(desk, cast.at(9), contact=cast.guest("Mona Moving")).appointment
    heard: dict[str, int] = {}
    with no_deadlock():
        for number in range(8):
            with db.as_owner():
                leaving = make_dentist(f"Dr. Leaving {number}", cast.checkup)
            jobs: list[Callable[[], Any]] = [lambda leaving=leaving, pause=number * 25: delete(leaving, pause)]
            for hour in (9, 10, 11):
                guest = cast.guest(f"guest{number}at{hour}")
                jobs += [
                    lambda leaving=leaving, hour=hour, guest=guest: cast.booked(
                        desk, cast.at(hour), dentist=leaving.pk, contact=guest, outside_rules=True
                    ),
                    lambda leaving=leaving, hour=hour: reserve(
                        cast.nobody(f"holder {hour}"), dentist=leaving.pk, treatment="check-up", start=cast.at(hour + 4)
                    ),
                ]
            jobs.append(lambda leaving=leaving: reschedule(desk, moving.pk, start=cast.at(16), dentist=leaving.pk))
            answers = at_once(jobs)
            for code, count in codes(answers).items():
                heard[code] = heard.get(code, 0) + count
            assert codes(answers).keys() <= {"done", "invalid_transition"} | GONE
            assert faults() == []
            with db.as_owner():
                left = Appointment.objects.filter(dentist_name=leaving.name)
                assert {(visit.status, visit.dentist_id) for visit in left} <= {("cancelled", None)}
                Appointment.objects.filter(pk=moving.pk).update(
                    status="confirmed", dentist_id=cast.weber.pk, starts_at=cast.at(9), ends_at=cast.at(9, 30)
                )
    print(heard)
    assert {"done", "unknown_dentist"} <= heard.keys()
