"""Slots on dates on which the clock changes, with the dates and zones in which that is at its oddest."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from availability.slots import Busy, Hours, Rules, Slot, Visit, free_slots, is_free
from availability.wallclock import to_utc

BERLIN = ZoneInfo("Europe/Berlin")
HOWE = ZoneInfo("Australia/Lord_Howe")
CAIRO = ZoneInfo("Africa/Cairo")
ST_JOHNS = ZoneInfo("America/St_Johns")
APIA = ZoneInfo("Pacific/Apia")
TORONTO = ZoneInfo("America/Toronto")
SPRING = date(2025, 3, 30)  # Berlin: from 02:00 to 03:00
AUTUMN = date(2025, 10, 26)  # Berlin: from 03:00 back to 02:00


def asked(day, hours, *, minutes=30, step=30, zone=BERLIN, busy=(), notice=0, now=None):
    """Keyword arguments of a question about hours like "09:00-12:00", asked three days before."""
    begin, end = hours.split("-")
    return {
        "day": day,
        "hours": [Hours(time.fromisoformat(begin), time.fromisoformat(end))],
        "visit": Visit(timedelta(minutes=minutes)),
        "busy": busy,
        "time_off": (),
        "rules": Rules(
            zone=zone,
            step=timedelta(minutes=step),
            min_notice=timedelta(hours=notice),
            max_advance=timedelta(days=90),
            same_day_release=timedelta(0),
        ),
        "now": now or datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=3),
    }


def starts(day, hours, **changes) -> list[str]:
    return [f"{slot.start:%H:%M%z}" for slot in free_slots(**asked(day, hours, **changes))]


def last(day, hours, **changes) -> str:
    slot: Slot = free_slots(**asked(day, hours, **changes))[-1]
    return f"{slot.start:%H:%M%z} to {slot.end:%H:%M%z}"


class TestTheHourThatIsSkipped:
    def test_has_no_slots(self):
        assert starts(SPRING, "01:00-04:00") == ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]

    def test_does_not_move_the_grid(self):
        assert starts(SPRING, "00:30-05:00", step=45) == [
            "00:30+0100",
            "01:15+0100",
            "03:30+0200",
            "04:15+0200",
        ]

    def test_does_not_shorten_a_visit_across_it(self):
        assert last(SPRING, "01:30-03:30", minutes=60) == "01:30+0100 to 03:30+0200"

    def test_as_the_opening_leaves_the_grid_counted_from_it(self):
        assert starts(SPRING, "02:10-04:00", minutes=15, step=15) == [
            "03:10+0200",
            "03:25+0200",
            "03:40+0200",
        ]

    def test_as_the_closing_closes_at_the_jump(self):
        assert last(SPRING, "01:00-02:30") == "01:30+0100 to 03:00+0200"

    def test_as_the_whole_interval_is_nothing(self):
        assert starts(SPRING, "02:00-03:00", minutes=5, step=5) == []

    def test_does_not_count_as_notice(self):
        now = datetime(2025, 3, 29, 20, tzinfo=BERLIN)
        assert starts(SPRING, "08:00-10:00", notice=12, now=now) == ["09:00+0200", "09:30+0200"]


class TestTheHourThatComesTwice:
    def test_is_offered_once_and_first(self):
        assert starts(AUTUMN, "01:30-03:30") == ["01:30+0200", "02:00+0200", "02:30+0200", "03:00+0100"]

    def test_does_not_lengthen_a_visit_across_it(self):
        assert last(AUTUMN, "02:00-03:00", minutes=90) == "02:30+0200 to 03:00+0100"

    def test_as_the_closing_closes_the_first_time(self):
        assert last(AUTUMN, "01:00-02:30", minutes=60) == "01:30+0200 to 02:30+0200"

    def test_as_the_opening_opens_the_first_time(self):
        assert starts(AUTUMN, "02:30-04:00", minutes=60) == ["02:30+0200", "03:00+0100"]

    def test_is_not_free_the_second_time(self):
        question = asked(AUTUMN, "01:30-03:30")
        first, second = (datetime(2025, 10, 26, 2, tzinfo=BERLIN, fold=fold) for fold in (0, 1))
        assert [is_free(start, **question) for start in (first, second)] == [True, False]

    def test_can_be_taken_the_second_time_without_hiding_the_first(self):
        second = Busy(datetime(2025, 10, 26, 1, tzinfo=UTC), datetime(2025, 10, 26, 2, tzinfo=UTC))
        assert starts(AUTUMN, "02:00-03:00", busy=[second]) == ["02:00+0200", "02:30+0200"]

    def test_is_understood_in_rows_of_the_clinics_zone(self):
        # By the wall clock this row would end before it begins.
        row = Busy(datetime(2025, 10, 26, 2, 45, tzinfo=BERLIN), datetime(2025, 10, 26, 2, 15, tzinfo=BERLIN, fold=1))
        assert starts(AUTUMN, "01:30-03:30", step=15, busy=[row]) == [
            "01:30+0200",
            "01:45+0200",
            "02:00+0200",
            "02:15+0200",
            "03:00+0100",
        ]


class TestChangesOfHalfAnHour:
    def test_in_spring(self):
        assert starts(date(2025, 10, 5), "01:30-03:00", minutes=15, step=15, zone=HOWE) == [
            "01:30+1030",
            "01:45+1030",
            "02:30+1100",
            "02:45+1100",
        ]

    def test_in_autumn(self):
        assert starts(date(2025, 4, 6), "01:15-02:30", minutes=15, step=15, zone=HOWE) == [
            "01:15+1100",
            "01:30+1100",
            "01:45+1100",
            "02:00+1030",
            "02:15+1030",
        ]


class TestChangesAroundMidnight:
    def test_a_date_whose_first_hour_is_skipped(self):
        assert starts(date(2024, 4, 26), "00:00-03:00", minutes=60, step=60, zone=CAIRO) == [
            "01:00+0300",
            "02:00+0300",
        ]

    def test_a_date_whose_last_midnight_is_skipped(self):
        assert last(date(2024, 4, 25), "22:00-00:00", zone=CAIRO) == "23:30+0200 to 01:00+0300"

    def test_a_midnight_in_the_middle_of_the_hour_that_is_skipped(self):
        # The clock went from 23:30 of the 30th to 00:30 of the 31st.
        assert last(date(1919, 3, 30), "22:30-00:00", zone=TORONTO) == "23:00-0500 to 00:30-0400"
        assert starts(date(1919, 3, 31), "00:00-01:30", zone=TORONTO) == ["00:30-0400", "01:00-0400"]

    def test_a_date_whose_last_hour_comes_twice(self):
        assert starts(date(2024, 10, 31), "22:00-00:00", minutes=60, step=60, zone=CAIRO) == [
            "22:00+0300",
            "23:00+0300",
        ]

    def test_a_visit_may_last_through_the_last_hour_twice(self):
        assert last(date(2024, 10, 31), "22:00-00:00", minutes=120, zone=CAIRO) == "23:00+0300 to 00:00+0200"

    def test_the_date_after_it_begins_with_its_own_midnight(self):
        assert starts(date(2024, 11, 1), "00:00-01:00", zone=CAIRO) == ["00:00+0200", "00:30+0200"]

    def test_a_date_that_begins_twice_begins_the_first_time(self):
        # The clock went from 00:01 of the 7th back to 23:01 of the 6th.
        assert starts(date(2010, 11, 6), "23:00-00:00", zone=ST_JOHNS) == ["23:00-0230", "23:30-0230"]
        assert starts(date(2010, 11, 7), "00:00-01:00", zone=ST_JOHNS) == ["00:00-0230", "00:30-0330"]

    def test_a_date_that_was_skipped_as_a_whole(self):
        assert starts(date(2011, 12, 30), "00:00-00:00", zone=APIA) == []


class TestInstants:
    def test_are_brought_to_utc(self):
        instant = to_utc(datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN, fold=1))
        assert instant == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
        assert instant.tzinfo is UTC

    @pytest.mark.parametrize("name", ["now", "busy"])
    def test_without_a_zone_are_refused(self, name):
        naive = datetime(2025, 3, 27, 8)  # noqa: DTZ001 - what is refused here
        with pytest.raises(ValueError, match="needs a time zone"):
            free_slots(**asked(SPRING, "09:00-12:00", **{name: naive if name == "now" else [Busy(naive, naive)]}))
