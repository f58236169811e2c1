"""One person is in one chair, and any dentist means a different one for everybody."""

from __future__ import annotations

from appointments.models import Appointment
from clinic.core import db
from tests.concurrency.crowd import Told, at_once, codes, no_deadlock
from tests.concurrency.guards import with_function_changed, without_constraint
from tests.concurrency.law import faults, stored_visits
from tests.factories import Cast, make_dentist

DENTISTS = 8


def in_two_chairs(cast: Cast) -> dict[str, int]:
    """One person, two dentists, the same time, at the same moment."""
    ana = cast.as_ana
    return codes(at_once([
        lambda dentist=dentist: cast.booked(ana, cast.at(9), dentist=dentist.pk, contact=cast.guest("Ana Ruiz"))
        for dentist in (cast.weber, cast.okafor)
    ]))  # fmt: skip


def test_one_person_at_two_dentists_at_once(cast: Cast) -> None:
    with no_deadlock():
        for _ in range(5):
            assert in_two_chairs(cast) == {"done": 1, "already_booked": 1}
            assert faults() == []
            with db.as_owner():
                Appointment.objects.all().delete()


def test_control_without_the_rule_somebody_is_in_two_chairs(cast: Cast) -> None:
    blind = ("WHERE o.person_id = p_person", "WHERE false AND o.person_id = p_person")
    with (
        without_constraint("availability_occupancy", "occupancy_person_time"),
        with_function_changed("availability_take", blind),
    ):
        assert in_two_chairs(cast) == {"done": 2}
        assert [fault[:6] for fault in faults()] == ["person"]


def test_a_new_account_in_two_tabs_is_one_person(cast: Cast) -> None:
    # Nobody is under the account yet: both bookings would make the person they are for.
    with db.as_owner():
        cast.ana_herself.delete()
    assert in_two_chairs(cast) == {"done": 1, "already_booked": 1}
    assert faults() == []


def everybody_anywhere(cast: Cast, people: int) -> list[Told]:
    """So many guests at nine, with whichever dentist."""
    return at_once([
        lambda n=n: cast.booked(cast.nobody(f"guest {n}"), cast.at(9), dentist=None, contact=cast.guest(f"guest{n}"))
        for n in range(people)
    ])  # fmt: skip


def test_as_many_guests_as_dentists_all_find_one(cast: Cast) -> None:
    with db.as_owner():
        for number in range(DENTISTS - 2):
            make_dentist(f"Dr. Number {number}", cast.checkup)
    with no_deadlock():
        answers = everybody_anywhere(cast, DENTISTS + 1)
    assert codes(answers) == {"done": DENTISTS, "slot_taken": 1}
    assert len({visit.dentist_id for visit in stored_visits().values()}) == DENTISTS
    assert faults() == []
