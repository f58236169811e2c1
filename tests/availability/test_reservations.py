"""Holding a slot: whose it is, for how long, how many, and how it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from appointments.transitions import cancel
from availability.catalogue import offered
from availability.errors import SlotTaken, TooManyHolds
from availability.models import HoldAttempt, Occupancy, Reservation
from availability.queries import slots_on
from availability.reservations import LEFT_FOR, Hold, alternatives, forget_old, hold_for, leave, release, reserve, sweep
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.models import ClinicSettings
from tests.appointments.told import told
from tests.concurrency.crowd import at_once
from tests.concurrency.law import faults
from tests.factories import Cast
from tests.factories.holds import hold, let_run_out
from tests.factories.stored import nothing_stored


def held(cast: Cast, actor: Actor, hour: int = 9, minute: int = 0) -> Hold:
    return reserve(actor, dentist=cast.weber.pk, treatment="check-up", start=cast.at(hour, minute))


def free(cast: Cast, actor: Actor) -> list[str]:
    with db.reading(actor):
        what = offered(cast.weber, cast.checkup, actor=actor)
        return [f"{slot.start:%H:%M}" for slot in slots_on(actor, what, cast.monday)]


def test_a_hold_lasts_as_the_clinic_says_by_the_databases_clock(cast: Cast) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(hold_minutes=7)
        before = db.value("SELECT clock_timestamp()")
    one = held(cast, cast.as_ben)
    with db.as_owner():
        after = db.value("SELECT clock_timestamp()")
    assert before + timedelta(minutes=7) <= one.expires_at <= after + timedelta(minutes=7)
    assert (one.starts_at, one.ends_at) == (cast.at(9), cast.at(9, 30))
    assert faults() == []


def test_a_hold_hides_the_slot_from_others_and_not_from_its_holder(cast: Cast) -> None:
    held(cast, cast.as_ben, 10)
    ana, ben = free(cast, cast.as_ana), free(cast, cast.as_ben)
    assert [start for start in ben if start not in ana] == ["09:45", "10:00", "10:15"]
    assert set(ana) < set(ben)


def test_a_hold_that_ran_out_hides_nothing(cast: Cast) -> None:
    let_run_out(held(cast, cast.as_ben, 10).id)
    assert "10:00" in free(cast, cast.as_ana)


def test_a_filling_is_held_with_its_buffers(cast: Cast) -> None:
    reserve(cast.as_ben, dentist=cast.weber.pk, treatment="filling", start=cast.at(10))
    with db.as_owner():
        taken = Occupancy.objects.get()
    assert (taken.starts_at, taken.ends_at) == (cast.at(9, 55), cast.at(10, 55))
    assert (taken.visit_starts_at, taken.visit_ends_at) == (cast.at(10), cast.at(10, 45))


def test_another_slot_moves_the_hold(cast: Cast) -> None:
    first = held(cast, cast.as_ben, 9)
    second = held(cast, cast.as_ben, 9, 15)
    assert first.id == second.id
    assert told(lambda: held(cast, cast.as_ana, 9, 45)) == "done"
    with db.as_owner():
        assert set(Reservation.objects.values_list("starts_at", flat=True)) == {cast.at(9, 15), cast.at(9, 45)}
    assert faults() == []


def test_the_same_slot_again_starts_its_minutes_anew(cast: Cast) -> None:
    first, second = held(cast, cast.as_ben), held(cast, cast.as_ben)
    assert (first.id, first.expires_at < second.expires_at) == (second.id, True)


def test_a_hold_that_cannot_move_stays(cast: Cast) -> None:
    held(cast, cast.as_ben, 9)
    held(cast, cast.as_ana, 10)
    with nothing_stored(), pytest.raises(SlotTaken) as refusal:
        held(cast, cast.as_ben, 10)
    starts = [one["start"] for one in refusal.value.details["alternatives"]]
    assert starts == [cast.at(*wall).isoformat() for wall in ((9, 0), (9, 15), (9, 30), (10, 30), (10, 45))]


def test_whoever_signs_in_has_one_hold_all_the_same(cast: Cast) -> None:
    held(cast, cast.nobody("before"), 9)
    held(cast, cast.as_ben, 10)
    both = cast.as_ben.with_secret("before")
    assert held(cast, both, 11).starts_at == cast.at(11)
    with db.as_owner():
        assert Reservation.objects.get().starts_at == cast.at(11)
    assert faults() == []


def test_released_it_is_free_at_once(cast: Cast) -> None:
    one = held(cast, cast.as_ben)
    release(cast.as_ben, one.id)
    assert told(lambda: held(cast, cast.as_ana)) == "done"
    release(cast.as_ben, one.id)


def test_whoever_leaves_gives_it_back_in_seconds_unless_it_was_renewed_since(cast: Cast) -> None:
    first = held(cast, cast.as_ana)
    again = held(cast, cast.as_ana)
    assert again.id == first.id
    leave(cast.as_ana, first.id, expires_at=first.expires_at)  # late news of a page that is open again
    leave(cast.as_ben, again.id, expires_at=again.expires_at)  # somebody else's
    with db.reading(cast.as_ana):
        assert hold_for(cast.as_ana, again.id).expires_at == again.expires_at
    leave(cast.as_ana, again.id, expires_at=again.expires_at)
    with db.reading(cast.as_ana):
        left = hold_for(cast.as_ana, again.id).expires_at
    assert again.expires_at - left > timedelta(minutes=4)
    leave(cast.as_ana, again.id, expires_at=left)  # twice gives it no more time
    with db.reading(cast.as_ana):
        assert hold_for(cast.as_ana, again.id).expires_at == left
        assert left - db.value("SELECT clock_timestamp()") <= LEFT_FOR


def test_nobody_releases_or_reads_somebody_elses(cast: Cast) -> None:
    one, secret = held(cast, cast.as_ben), held(cast, cast.nobody("one secret"), 10)
    with nothing_stored():
        for actor in (cast.as_ana, cast.nobody("another secret"), cast.nobody(""), cast.as_desk, cast.as_admin):
            release(actor, one.id)
            release(actor, secret.id)
            with db.reading(actor):
                assert told(lambda actor=actor: hold_for(actor, one.id)) == "not_found"
                assert told(lambda actor=actor: hold_for(actor, secret.id)) == "not_found"
    with db.reading(cast.nobody("one secret")):
        assert hold_for(cast.nobody("one secret"), secret.id).starts_at == cast.at(10)


def test_the_secret_itself_is_not_stored(cast: Cast) -> None:
    held(cast, cast.nobody("a secret of mine"))
    with db.as_owner():
        everything = db.rows("SELECT row::text FROM availability_reservation row") + db.rows(
            "SELECT row::text FROM availability_occupancy row UNION ALL SELECT row::text FROM availability_holdattempt row"
        )
    assert len(everything) == 3
    assert "secret" not in str(everything)


def test_the_sweep_takes_what_ran_out_and_nothing_else(cast: Cast) -> None:
    for number in range(3):
        hold(cast, cast.nobody(f"{number}"), cast.at(9 + number), runs_for=-1)
    held(cast, cast.as_ben, 14)
    assert [sweep(), sweep()] == [3, 0]
    with db.as_owner():
        assert Reservation.objects.get().starts_at == cast.at(14)
    assert faults() == []


def test_the_sweep_leaves_alone_what_somebody_is_just_confirming(cast: Cast) -> None:
    one = hold(cast, cast.as_ben, cast.at(9), runs_for=-1)
    with db.transaction(cast.as_ben):
        Reservation.objects.select_for_update().get(pk=one)
        (elsewhere,) = at_once([sweep])
        assert elsewhere.result == 0
    assert sweep() == 1


def test_no_holder_and_no_address_holds_the_day(cast: Cast) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(holds_per_address=3, holds_per_hour=5)
    here = [replace(cast.nobody(f"secret {number}"), address="here") for number in range(4)]
    for number, actor in enumerate(here[:3]):
        held(cast, actor, 9 + number)
    with nothing_stored(), pytest.raises(TooManyHolds) as refusal:
        held(cast, here[3], 14)
    assert (refusal.value.status, refusal.value.retry_after) == (429, 300)
    # Whoever holds already may move, somebody elsewhere may hold, and a hold that ended makes room.
    assert told(lambda: held(cast, here[0], 14)) == "done"
    assert told(lambda: held(cast, replace(cast.as_ben, address="there"), 15)) == "done"
    with db.as_owner():
        Reservation.objects.filter(starts_at=cast.at(14)).delete()
    assert told(lambda: held(cast, here[3], 16)) == "done"
    restless = cast.as_ana
    heard = [told(lambda n=n: held(cast, restless, 13, 15 * (n % 2))) for n in range(6)]
    assert heard == ["done"] * 5 + ["too_many_holds"]


def test_attempts_are_forgotten_after_an_hour(cast: Cast) -> None:
    held(cast, cast.as_ben)
    held(cast, cast.as_ana, 10)
    with db.as_owner():
        HoldAttempt.objects.filter(holder=f"u:{cast.ben.pk}").update(at=clock.now() - timedelta(minutes=61))
    forget_old()
    with db.as_owner():
        assert HoldAttempt.objects.get().holder == f"u:{cast.ana.pk}"


def test_any_dentist_is_held_where_least_is_to_do(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(15), dentist=cast.okafor.pk, contact=cast.guest("Ana Ruiz")).appointment
    one = reserve(cast.as_ben, dentist=None, treatment="check-up", start=cast.at(9))
    assert one.offered.dentist.pk == cast.weber.pk
    other = reserve(cast.nobody(), dentist=None, treatment="check-up", start=cast.at(9))
    assert other.offered.dentist.pk == cast.okafor.pk
    with nothing_stored(), pytest.raises(SlotTaken):
        reserve(cast.nobody("third"), dentist=None, treatment="check-up", start=cast.at(9))
    cancel(cast.as_desk, visit.pk)
    assert faults() == []


def test_in_a_rush_those_who_hold_nothing_are_told_what_one_of_them_found(cast: Cast) -> None:
    held(cast, cast.as_ana, 9)

    def asked(actor: Actor) -> tuple[list[str], int]:
        with CaptureQueriesContext(connections["default"]) as asking:
            found = alternatives(actor, cast.weber.pk, "check-up", cast.at(9))
        return [one["start"] for one in found], sum("availability_busy" in query["sql"] for query in asking)

    around = [cast.at(9, 30).isoformat(), cast.at(9, 45).isoformat()]
    first, looked = asked(ANONYMOUS)
    assert (first[:2], looked > 0) == (around, True)
    assert asked(cast.as_ben) == (first, 0)
    held(cast, cast.as_ben, 9, 30)
    assert asked(cast.as_ben)[0][:2] == around, "one's own hold is not in the way"
    staff, looked = asked(cast.as_desk)
    assert (staff[0], looked > 0) == (cast.at(10).isoformat(), True)
