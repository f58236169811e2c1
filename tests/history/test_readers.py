"""Who reads which part of the history, in bare SQL under each caller's identity."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

import pytest

from appointments import moving
from appointments.models import Appointment
from availability.models import Closure, WorkingHours
from clinic.core import db
from clinic.core.actor import ANONYMOUS, AUTH, SERVICE, Actor, Role
from clinic.history.models import Change
from clinic.history.queries import history_of, history_of_visit, staff_names
from tests.factories import Cast
from tests.history.noted import heard, run


@pytest.fixture
def busy(cast: Cast) -> dict[str, Appointment]:
    """A line of every kind: visits of both dentists, hours, a closure, a person, an account."""
    visits = {
        "weber": cast.booked(
            cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"notes": "x"}
        ).appointment,
        "okafor": cast.booked(cast.nobody(), cast.at(9), dentist=cast.okafor.pk).appointment,
    }
    with db.as_owner():
        for dentist in (cast.weber, cast.okafor):
            WorkingHours.objects.create(dentist=dentist, day_of_week=6, start_time=time(9), end_time=time(12))
        Closure.objects.create(date=cast.monday + timedelta(days=5))
    run("UPDATE accounts_user SET is_active = false WHERE id = %s", [cast.ben.pk])
    run("UPDATE dentists_treatment SET price = 61 WHERE id = %s", [cast.checkup.pk])
    return visits


def seen(actor: Actor) -> list[tuple[str, UUID | None]]:
    with db.reading(actor):
        found = db.rows("SELECT table_name, dentist_id FROM history_change ORDER BY id")
    return [(table.partition("_")[2], dentist) for table, dentist in found]


def test_who_reads_what(cast: Cast, busy: dict[str, Appointment]) -> None:
    weber, okafor = cast.weber.pk, cast.okafor.pk
    everything = [
        ("appointment", weber), ("medicalrecord", None), ("patient", None), ("appointment", okafor),
        ("workinghours", weber), ("workinghours", okafor), ("closure", None), ("user", None), ("treatment", None),
    ]  # fmt: skip
    assert seen(cast.as_admin) == everything
    assert seen(cast.as_desk) == everything[:4]
    assert seen(cast.as_dentist(cast.weber)) == [everything[0], everything[1], everything[4]]
    assert seen(cast.as_dentist(cast.okafor)) == [everything[3], everything[5]]


def test_patients_strangers_and_services_read_nothing(cast: Cast, busy: dict[str, Appointment]) -> None:
    nobody = (ANONYMOUS, ANONYMOUS.with_visit(busy["weber"].pk), cast.as_ana, Actor(Role.BOT), AUTH, SERVICE)
    for actor in nobody:
        assert heard(actor, "SELECT * FROM history_change") == "permission denied for table history_change"
        assert heard(actor, "SELECT history_names('{}')") == "permission denied for function history_names"


def test_control_without_row_security_a_dentist_reads_it_all(cast: Cast, busy: dict[str, Appointment]) -> None:
    run("ALTER TABLE history_change DISABLE ROW LEVEL SECURITY")
    try:
        assert len(seen(cast.as_dentist(cast.weber))) == 9
    finally:
        run("ALTER TABLE history_change ENABLE ROW LEVEL SECURITY")


def test_the_history_goes_with_the_visit_to_another_dentist(cast: Cast, busy: dict[str, Appointment]) -> None:
    visit = busy["weber"]
    moving.reschedule(cast.as_admin, visit.pk, start=cast.at(11), dentist=cast.okafor.pk)
    weber, okafor = cast.as_dentist(cast.weber), cast.as_dentist(cast.okafor)
    for actor, actions in (
        (weber, []),
        (okafor, ["changed", "created", "created"]),
        (cast.as_desk, ["changed", "created", "created"]),
    ):
        with db.reading(actor):
            assert [one.action for one in history_of_visit(actor, visit.pk)] == actions


def test_the_history_of_a_row(cast: Cast, busy: dict[str, Appointment]) -> None:
    run("UPDATE dentists_treatment SET price = 62, description = 'Gentle' WHERE id = %s", [cast.checkup.pk])
    with db.reading(cast.as_admin):
        found = list(history_of(cast.as_admin, type(cast.checkup), cast.checkup.pk))
        assert list(history_of(cast.as_admin, type(cast.checkup), cast.filling.pk)) == []
    assert [one.fields for one in found] == [["description", "price"], ["price"]]
    assert found[0].values() == [("price", 61, 62)]
    with db.reading(cast.as_desk):
        assert list(history_of(cast.as_desk, type(cast.checkup), cast.checkup.pk)) == []


def test_staff_learn_the_names_of_staff_and_no_others(cast: Cast) -> None:
    asked = [cast.dana.pk, cast.ana.pk, cast.weber.user_id]
    for actor in (cast.as_desk, cast.as_dentist(cast.okafor), cast.as_admin):
        with db.reading(actor):
            assert staff_names(asked) == {cast.dana.pk: "Dana Desk", cast.weber.user_id: "Dr. Eva Weber"}
            assert staff_names([]) == {}
    # With the role and without the identity there are none.
    with db.reading(cast.as_desk):
        db.rows("SELECT set_config('clinic.context', '', true)")
        assert staff_names(asked) == {}
        assert Change.objects.count() == 0
