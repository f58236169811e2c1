"""From hold to visit: whose hold it is, what it is a hold of, and what becomes of one that ran out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from appointments.booking import Booked, book
from appointments.models import Appointment
from availability.errors import HoldExpired, SlotTaken
from availability.models import Reservation, TimeOff
from availability.reservations import reserve, sweep
from clinic.core import db
from clinic.core.actor import Actor, Source
from dentists.models import Treatment
from tests.appointments.told import told
from tests.concurrency.law import faults
from tests.factories import Cast
from tests.factories.holds import hold, let_run_out
from tests.factories.stored import nothing_stored


def confirm(cast: Cast, actor: Actor, reservation_id: UUID, **changes: Any) -> Booked:
    """The last click: the hold, and the slot that the page showed."""
    values = {"reservation_id": reservation_id, "contact": cast.guest("Ben Krause")} | changes
    return book(actor, cast.wish(values.pop("start", cast.at(9)), **values))


def test_a_hold_becomes_a_visit_and_is_gone(cast: Cast) -> None:
    held = hold(cast, cast.as_ben, cast.at(9), runs_for=60_000)
    assert confirm(cast, cast.as_ben, held).appointment.reservation_id == held
    with db.as_owner():
        assert Reservation.objects.count() == 0
    assert faults() == []


def test_the_hold_alone_says_what_is_booked(cast: Cast) -> None:
    held = hold(cast, cast.nobody(), cast.at(9), runs_for=60_000)
    booked = confirm(cast, cast.nobody(), held, start=None, dentist=None, treatment=None).appointment
    assert (booked.starts_at, booked.dentist_id, booked.treatment_name) == (cast.at(9), cast.weber.pk, "Check-up")


def test_somebody_elses_hold_is_of_no_use(cast: Cast) -> None:
    of_nobody = hold(cast, cast.nobody("one secret"), cast.at(9), runs_for=60_000)
    of_ben = hold(cast, cast.as_ben, cast.at(10), runs_for=60_000)
    with nothing_stored():
        for actor in (cast.nobody("another secret"), cast.nobody(""), cast.as_ana, cast.as_desk):
            assert told(lambda actor=actor: confirm(cast, actor, of_nobody)) == "hold_expired"
            assert told(lambda actor=actor: confirm(cast, actor, of_ben, start=cast.at(10))) == "hold_expired"
            assert told(lambda actor=actor: confirm(cast, actor, of_ben, start=None)) == "hold_expired"


def test_who_signs_in_while_holding_keeps_the_hold(cast: Cast) -> None:
    held = hold(cast, cast.nobody("before"), cast.at(9), runs_for=60_000)
    booked = confirm(cast, cast.as_ben.with_secret("before"), held).appointment
    assert booked.account_id == cast.ben.pk
    assert faults() == []


def test_a_hold_is_of_one_slot(cast: Cast) -> None:
    # Another tab has moved the hold: what this page shows is not what would be booked.
    held = hold(cast, cast.as_ben, cast.at(9), runs_for=60_000)
    with nothing_stored():
        ben = cast.as_ben
        assert told(lambda: confirm(cast, ben, held, start=cast.at(10))) == "hold_moved"
        assert told(lambda: confirm(cast, ben, held, dentist="chidi-okafor")) == "hold_moved"
        assert told(lambda: confirm(cast, ben, held, treatment="filling")) == "hold_moved"


def test_ones_own_hold_is_not_in_the_way_of_booking_directly(cast: Cast) -> None:
    # A page that lost the hold's number, or a hold of the neighbouring quarter.
    ben = cast.as_ben
    for start, booked_at in ((cast.at(9), cast.at(9)), (cast.at(14), cast.at(14, 15))):
        hold(cast, ben, start, runs_for=60_000)
        assert cast.booked(ben, booked_at, contact=cast.guest("Ben Krause")).appointment.starts_at == booked_at
        with db.as_owner():
            assert Reservation.objects.count() == 0
        assert faults() == []


def test_a_hold_elsewhere_stays(cast: Cast) -> None:
    ben = cast.as_ben
    hold(cast, ben, cast.at(14), runs_for=60_000)
    cast.booked(ben, cast.at(9), contact=cast.guest("Ben Krause"))
    with db.as_owner():
        assert Reservation.objects.get().starts_at == cast.at(14)
    assert faults() == []


@pytest.mark.parametrize("swept", [False, True])
def test_a_hold_that_ran_out_gets_the_slot_if_it_is_free(cast: Cast, swept: bool) -> None:
    held = hold(cast, cast.as_ben, cast.at(9), runs_for=-1)
    if swept:
        assert sweep() == 1
    assert confirm(cast, cast.as_ben, held).appointment.starts_at == cast.at(9)
    assert faults() == []


def test_a_hold_that_ran_out_and_whose_slot_is_gone(cast: Cast) -> None:
    ben, held = cast.as_ben, hold(cast, cast.as_ben, cast.at(9), runs_for=-1)
    cast.booked(cast.nobody(), cast.at(9))
    with nothing_stored(), pytest.raises(HoldExpired) as refusal:
        confirm(cast, ben, held)
    starts = [one["start"] for one in refusal.value.details["alternatives"]]
    assert starts[0] == cast.at(9, 30).isoformat()


def test_a_hold_that_ran_out_while_the_dentist_took_leave(cast: Cast) -> None:
    held = hold(cast, cast.as_ben, cast.at(9), runs_for=60_000)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(8), ends_at=cast.at(12))
    # A live hold is a promise; one that ran out is none.
    let_run_out(held)
    with nothing_stored():
        assert told(lambda: confirm(cast, cast.as_ben, held)) == "time_off"


def test_a_live_hold_is_kept_whatever_the_schedule_says_by_now(cast: Cast) -> None:
    held = hold(cast, cast.as_ben, cast.at(9), runs_for=60_000)
    with db.as_owner():
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(8), ends_at=cast.at(12))
    assert told(lambda: confirm(cast, cast.as_ben, held)) == "done"


def test_a_hold_keeps_its_length_and_buffers_whatever_becomes_of_the_treatment(cast: Cast) -> None:
    held = reserve(cast.as_ben, dentist=cast.weber.pk, treatment="filling", start=cast.at(10))
    cast.booked(cast.nobody(), cast.at(9, 15))
    with db.as_owner():
        Treatment.objects.filter(pk=cast.filling.pk).update(duration_minutes=120, buffer_before_minutes=60)
    booked = confirm(cast, cast.as_ben, held.id, start=cast.at(10), treatment="filling").appointment
    assert (booked.duration_minutes, booked.buffer_before_minutes, booked.buffer_after_minutes) == (45, 5, 10)
    assert faults() == []


def test_any_dentist_is_the_least_busy_of_that_day(cast: Cast) -> None:
    assert cast.booked(cast.nobody(), cast.at(9), dentist=None).appointment.dentist_name == "Dr. Chidi Okafor"
    ana, ben = cast.guest("Ana Ruiz"), cast.guest("Ben Krause")
    assert cast.booked(cast.as_ana, cast.at(11), dentist=None, contact=ana).appointment.dentist_name == "Dr. Eva Weber"
    cast.booked(cast.as_ana, cast.at(14), dentist=cast.weber.pk, contact=ana)
    # Dr. Weber has two visits by now: at eleven both could, Dr. Okafor has less to do.
    assert (
        cast.booked(cast.as_ben, cast.at(10), dentist=None, contact=ben).appointment.dentist_name == "Dr. Chidi Okafor"
    )
    with pytest.raises(SlotTaken) as refusal:
        cast.booked(cast.as_desk, cast.at(9), contact=cast.guest("Olga Other"), dentist=cast.okafor.pk)
    assert refusal.value.details["alternatives"][0]["dentist_id"] == str(cast.okafor.pk)


def test_the_source_is_what_it_was_staff_what_the_practice_enters(cast: Cast) -> None:
    bot = replace(cast.nobody(), source=Source.CHATBOT)
    assert book(bot, cast.wish(cast.at(9), source="chatbot")).appointment.booking_source == "chatbot"
    held = reserve(cast.as_desk, dentist=cast.weber.pk, treatment="check-up", start=cast.at(10))
    entered = confirm(cast, cast.as_desk, held.id, start=cast.at(10), source="chatbot").appointment
    assert entered.booking_source == "staff"
    with db.as_owner():
        assert Appointment.objects.count() == 2
