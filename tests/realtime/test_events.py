"""What a change in the database tells, and whom: written by triggers, whoever changes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from clinic.core import db
from clinic.realtime.models import RealtimeEvent
from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _nothing_yet(cast: Cast) -> None:
    with db.as_owner():
        RealtimeEvent.objects.all().delete()


def told() -> list[RealtimeEvent]:
    """The events so far, in the order of writing."""
    with db.as_owner():
        return list(RealtimeEvent.objects.order_by("id"))


def sql(statement: str, *params: Any) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement, params)


def instant(at: Any) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at.utcoffset() == timedelta(0) else instant(at.astimezone(_utc()))


def _utc() -> Any:
    from datetime import UTC

    return UTC


def test_a_booking_tells_its_patient_its_dentist_the_clinic_and_everybody_that_the_time_is_taken(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    (event,) = told()
    assert event.kind == "appointment.created"
    assert set(event.channels) == {
        f"account.{cast.ana.pk}", f"schedule.{cast.weber.pk}", f"visit.{visit.pk}", "clinic", "sync",
        "availability", f"availability.{cast.weber.pk}",
    }  # fmt: skip
    assert event.body == {
        "id": str(visit.pk), "status": visit.status, "dentist_id": str(cast.weber.pk), "start": instant(visit.starts_at),
        "end": instant(visit.ends_at), "source": "manual",
    }  # fmt: skip
    assert event.open_kind == "slots.changed"
    span = {"dentist_id": str(cast.weber.pk)}
    assert event.open_body == {
        "freed": [],
        "taken": [
            span
            | {
                "start": instant(visit.starts_at - timedelta(minutes=visit.buffer_before_minutes)),
                "end": instant(visit.ends_at + timedelta(minutes=visit.buffer_after_minutes)),
            }
        ],
    }
