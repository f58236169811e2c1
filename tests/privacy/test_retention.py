"""What the settings say is kept no longer goes by itself, by the database's clock."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError

from appointments.models import Appointment, Status
from clinic.core import db
from clinic.core.models import ClinicSettings
from clinic.jobs.rounds import ROUNDS
from clinic.patients.models import Patient
from clinic.privacy import tasks
from clinic.privacy.retention import forget_old
from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.privacy.conftest import told

BOUNDS = {
    "min_notice_minutes": 86400, "max_advance_days": 3660, "same_day_release_minutes": 86400, "cancel_cutoff_hours": 1440,
    "reschedule_cutoff_hours": 1440, "holds_per_address": 1000, "holds_per_hour": 1000, "guests_kept_months": 600,
    "cancelled_kept_months": 600,
}  # fmt: skip


def run(statement: str, values: object = None) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement, values)


def keep(**months: int) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(**months)


def visit(cast: Cast, name: str, hour: int, status: str, days_ago: int, *, actor: object = None) -> UUID:
    """A visit that ended so many days ago, with medical text; its person was written down a year before."""
    who = actor or cast.nobody()
    booked = cast.booked(who, cast.at(hour), contact=cast.guest(name), medical=told()).appointment  # type: ignore[arg-type]
    run(
        "UPDATE appointments_appointment SET status = %(status)s, starts_at = past - interval '30 minutes', ends_at = past,"
        " cancelled_at = CASE WHEN %(status)s = 'cancelled' THEN past END"
        " FROM (SELECT now() - make_interval(days => %(days)s, hours => %(hour)s) AS past) so WHERE id = %(id)s",
        {"status": status, "days": days_ago, "hour": hour, "id": booked.pk},
    )
    run("UPDATE patients_patient SET created_at = now() - interval '10 years' WHERE id = %s", [booked.patient_id])
    return booked.pk


def names() -> dict[str, list[str]]:
    """Whose name still stands on a person, and on a visit."""
    with db.as_owner():
        people = Patient.objects.filter(account=None).exclude(name="(erased)").order_by("name")
        visits = Appointment.objects.exclude(patient_name="(erased)").order_by("patient_name")
        return {
            "people": list(people.values_list("name", flat=True)),
            "visits": list(visits.values_list("patient_name", flat=True)),
        }


@pytest.fixture
def past(cast: Cast) -> dict[str, UUID]:
    return {
        "long ago": visit(cast, "Lea Longago", 9, Status.COMPLETED, 70),
        "lately": visit(cast, "Luis Lately", 10, Status.COMPLETED, 50),
        "no-show": visit(cast, "Nele Noshow", 11, Status.NO_SHOW, 70),
        "cancelled": visit(cast, "Cleo Cancelled", 13, Status.CANCELLED, 70),
        "own": visit(cast, "Ana Ruiz", 14, Status.COMPLETED, 70, actor=cast.as_ana),
        "own cancelled": visit(cast, "Ana Ruiz", 15, Status.CANCELLED, 70, actor=cast.as_ana),
    }


def test_by_default_nothing_goes(past: dict[str, UUID]) -> None:
    before = everything()
    assert forget_old() == 0
    assert changed_since(before) == []


def test_guests_go_so_many_months_after_their_last_visit(past: dict[str, UUID]) -> None:
    keep(guests_kept_months=2)
    assert forget_old() == 3
    assert names() == {"people": ["Luis Lately"], "visits": ["Ana Ruiz", "Ana Ruiz", "Luis Lately"]}
    with db.as_owner():
        kept = Appointment.objects.get(pk=past["long ago"])
        assert db.value("SELECT count(*) FROM appointments_medicalrecord") == 3
    assert (kept.status, kept.treatment_name, kept.patient_email) == (Status.COMPLETED, "Check-up", "")
    assert forget_old() == 0


def test_a_guest_who_comes_again_stays(cast: Cast, past: dict[str, UUID]) -> None:
    cast.booked(cast.nobody(), cast.at(16), contact=cast.guest("Lea Longago"))
    keep(guests_kept_months=2)
    assert forget_old() == 2
    assert names()["people"] == ["Lea Longago", "Luis Lately"]


def test_cancelled_visits_become_nobodys_so_many_months_after_their_day(cast: Cast, past: dict[str, UUID]) -> None:
    keep(cancelled_kept_months=2)
    assert forget_old() == 2
    assert names()["visits"] == ["Ana Ruiz", "Lea Longago", "Luis Lately", "Nele Noshow"]
    with db.as_owner():
        theirs = list(
            Appointment.objects.filter(status="cancelled").values_list("account", "patient__name", "starts_at")
        )
        assert [row[:2] for row in theirs] == [(None, "(erased)")] * 2
        assert Patient.objects.filter(account=cast.ana).count() == 1
    with db.reading(cast.as_ana):
        assert [one.pk for one in Appointment.objects.all()] == [past["own"]]
    assert forget_old() == 0


def test_one_round_takes_them_all_in_small_transactions(past: dict[str, UUID]) -> None:
    keep(guests_kept_months=1, cancelled_kept_months=1)
    forget_old(at_once=1)
    assert names() == {"people": [], "visits": ["Ana Ruiz"]}
    assert forget_old() == 0


def test_it_is_a_round_of_the_worker() -> None:
    assert [one.seconds for one in ROUNDS if one.act is tasks.retention.forget_old] == [3600]


@pytest.mark.parametrize(("name", "most"), BOUNDS.items())
def test_the_database_takes_no_setting_beyond_its_bound(cast: Cast, name: str, most: int) -> None:
    run(f"UPDATE core_clinicsettings SET {name} = %s", [most])
    with pytest.raises(IntegrityError, match="settings_"):
        run(f"UPDATE core_clinicsettings SET {name} = %s", [most + 1])
