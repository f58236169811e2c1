"""What cannot be booked, however it is asked: a typed error, and nothing stored."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from appointments.booking import book
from appointments.models import Appointment
from appointments.moving import reschedule
from availability.errors import NoSuchTime
from availability.models import Closure, DateOverride, TimeOff
from availability.placing import wall_start
from availability.reservations import reserve
from clinic.core import clock, db
from clinic.core.actor import Actor
from tests.appointments.told import told
from tests.factories import Cast
from tests.factories.stored import nothing_stored

KEYS = ["nobody-like-this", "", " ", "\0", "a\0b", "\ud83d", "🦷", "x" * 5000, "'; --", str(uuid.uuid4())]


def both(cast: Cast, actor: Actor, start: datetime, **changes: Any) -> tuple[str, str]:
    """What booking and holding the same slot is answered."""
    wish = cast.wish(start, **changes)
    assert wish.treatment is not None
    booked = told(lambda: book(actor, wish))
    held = told(lambda: reserve(actor, dentist=wish.dentist, treatment=wish.treatment or "", start=start))
    return booked, held


def test_unknown_dentists_and_treatments(cast: Cast) -> None:
    nobody = cast.nobody()
    with nothing_stored():
        for key in [*KEYS, uuid.uuid4()]:
            assert both(cast, nobody, cast.at(9), dentist=key) == ("unknown_dentist",) * 2
            assert both(cast, nobody, cast.at(9), treatment=key) == ("unknown_treatment",) * 2
        assert both(cast, nobody, cast.at(9), dentist=cast.okafor.pk, treatment="filling") == ("wrong_treatment",) * 2


def test_known_ones_by_every_name(cast: Cast) -> None:
    names: list[Any] = [cast.checkup.pk, str(cast.checkup.pk), "check-up", "CHECK-UP", " Check-up "]
    for number, name in enumerate(names):
        guest = cast.guest(f"guest{number}")
        booked = cast.booked(cast.nobody(), cast.at(9 + number % 3, 30 * (number // 3)), treatment=name, contact=guest)
        assert booked.appointment.treatment_id == cast.checkup.pk
    booked = cast.booked(cast.nobody(), cast.at(14), dentist="Eva-Weber", contact=cast.guest("Olga Other"))
    assert booked.appointment.dentist_id == cast.weber.pk


def test_times_that_are_none(cast: Cast) -> None:
    with db.as_owner():
        Closure.objects.create(date=cast.monday + timedelta(days=1))
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(13), ends_at=cast.at(15))
    now = clock.now()
    times: dict[datetime, str] = {
        cast.at(9, days=-21): "in_the_past",
        now: "in_the_past",
        now + timedelta(minutes=59): "too_soon",
        cast.at(9, days=470): "too_far_ahead",
        cast.at(8, 45): "outside_hours",
        cast.at(11, 45): "outside_hours",
        cast.at(12): "outside_hours",
        cast.at(17): "outside_hours",
        cast.at(9, days=5): "outside_hours",
        cast.at(9, 7): "outside_hours",
        cast.at(9) + timedelta(seconds=1): "outside_hours",
        cast.at(9) + timedelta(microseconds=1): "outside_hours",
        cast.at(9, days=1): "outside_hours",
        cast.at(13): "time_off",
        cast.at(14, 45): "time_off",
        cast.at(9).replace(tzinfo=None): "malformed",
        cast.at(9).replace(year=9999): "too_far_ahead",
        datetime.max.replace(tzinfo=UTC): "too_far_ahead",
        datetime.min.replace(tzinfo=UTC): "too_far_ahead",
        datetime.max.replace(tzinfo=clock.zone()): "too_far_ahead",
        datetime.min.replace(tzinfo=clock.zone()): "too_far_ahead",
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC): "too_far_ahead",
    }
    anybody = {start: code for start, code in times.items() if code != "time_off"}  # Dr. Okafor is there all day
    with nothing_stored():
        for dentist, wanted in ((cast.weber.pk, times), (None, anybody)):
            heard = {start: both(cast, cast.nobody(), start, dentist=dentist) for start in wanted}
            assert heard == {start: (code, code) for start, code in wanted.items()}


def test_a_leap_day_is_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    leap_day = date(2028, 2, 29)
    monkeypatch.setattr(clock, "now", lambda: clock.at(date(2028, 2, 1), time(8)))
    booked = cast.booked(cast.nobody(), clock.at(leap_day, time(9))).appointment
    assert (booked.appointment_date, booked.appointment_time) == (leap_day, time(9))


def test_an_hour_that_the_clock_skips_is_no_time() -> None:
    with pytest.raises(NoSuchTime):
        wall_start(date(2027, 3, 28), time(2, 30))
    assert wall_start(date(2027, 3, 28), time(3)) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    # Of the two in autumn the first.
    assert wall_start(date(2027, 10, 31), time(2, 30)).astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_in_the_doubled_hour_a_hold_is_booked_like_any_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sunday = date(2027, 10, 31)
    monkeypatch.setattr(clock, "now", lambda: clock.at(sunday, time(0)))
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=sunday, start_time=time(2), end_time=time(6))
    start = wall_start(sunday, time(2, 30))
    hold = reserve(cast.as_ben, dentist=cast.weber.pk, treatment="check-up", start=start)
    wish = cast.wish(start, reservation_id=hold.id, contact=cast.guest("Ben Krause"))
    booked = book(cast.as_ben, wish).appointment
    assert (booked.starts_at, booked.duration_minutes) == (start.astimezone(UTC), 30)
    moved = reschedule(cast.as_desk, booked.pk, start=start)
    assert moved.sequence == 0


def test_choices_that_are_none(cast: Cast) -> None:
    with nothing_stored():
        for changes in (
            {"payment_method": "bitcoin"},
            {"payment_method": ""},
            {"source": "fax"},
            {"triage_band": "whenever"},
            {"treatment": None},
        ):
            wish = cast.wish(cast.at(9), **changes)
            assert told(lambda wish=wish: book(cast.nobody(), wish)) == "malformed"
        assert told(lambda: book(cast.nobody(), cast.wish(None))) == "malformed"


def test_holding_needs_a_holder(cast: Cast) -> None:
    with nothing_stored():
        nameless = cast.nobody("")
        code = told(lambda: reserve(nameless, dentist=None, treatment="check-up", start=cast.at(9)))
        assert code == "malformed"


def test_nothing_of_all_this_was_booked_and_the_slot_is_still_free(cast: Cast) -> None:
    both(cast, cast.nobody(), cast.at(9), dentist="\0")
    assert told(lambda: cast.booked(cast.nobody(), cast.at(9))) == "done"
    with db.as_owner():
        assert Appointment.objects.count() == 1
