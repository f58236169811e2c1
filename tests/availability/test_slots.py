"""The rules of slots in written examples, on a Monday on which the clock does not change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from availability.slots import (
    Access,
    Audience,
    Busy,
    DateOverride,
    Hours,
    Rules,
    Slot,
    Taken,
    Visit,
    WeeklyHours,
    first_free,
    free_slots,
    hours_of_day,
    is_free,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2025, 6, 16)
TUESDAY = MONDAY + timedelta(days=1)
NOTHING = timedelta(0)
MORNING = Hours(time(9), time(12))
AFTERNOON = Hours(time(13), time(17))
RULES = Rules(
    zone=BERLIN,
    step=timedelta(minutes=30),
    min_notice=timedelta(hours=2),
    max_advance=timedelta(days=90),
    same_day_release=timedelta(hours=4),
)
HALF_HOUR = Visit(timedelta(minutes=30))


def at(clock: str, day: date = MONDAY) -> datetime:
    """Instant in UTC at which the clinic's clock shows this."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=BERLIN).astimezone(UTC)


def taken(*clocks: str) -> list[Busy]:
    """Rows like "09:00-09:30" on the Monday."""
    return [Busy(*(at(clock) for clock in row.split("-"))) for row in clocks]


def asked(hours=(MORNING,), **changes):
    """Keyword arguments of a question on the Monday, asked the day before."""
    question = {
        "day": MONDAY,
        "hours": hours,
        "visit": HALF_HOUR,
        "busy": [],
        "time_off": [],
        "rules": RULES,
        "now": at("08:00", MONDAY - timedelta(days=1)),
        "audience": Audience.EVERYONE,
    }
    return question | changes


def starts(hours=(MORNING,), **changes) -> list[str]:
    return [f"{slot.start:%H:%M}" for slot in free_slots(**asked(hours, **changes))]


class TestHoursOfADay:
    WEEKLY = [WeeklyHours(0, AFTERNOON), WeeklyHours(0, MORNING), WeeklyHours(6, Hours(time(10), time(11)))]

    def of(self, day, *, overrides=(), closures=()):
        return hours_of_day(day, weekly=self.WEEKLY, overrides=overrides, closures=closures)

    def test_day_0_is_monday_and_a_lunch_break_is_a_gap(self):
        assert self.of(MONDAY) == [MORNING, AFTERNOON]

    def test_day_6_is_sunday(self):
        assert self.of(MONDAY - timedelta(days=1)) == [Hours(time(10), time(11))]

    def test_a_weekday_without_rows_is_closed(self):
        assert self.of(TUESDAY) == []

    def test_a_row_that_is_not_available_does_not_count(self):
        weekly = [WeeklyHours(0, MORNING, is_available=False), WeeklyHours(0, AFTERNOON)]
        assert hours_of_day(MONDAY, weekly=weekly, overrides=[], closures=[]) == [AFTERNOON]

    def test_an_override_replaces_all_weekly_hours_of_its_date(self):
        late, early = Hours(time(18), time(20)), Hours(time(6), time(7))
        overrides = [DateOverride(MONDAY, late), DateOverride(MONDAY, early), DateOverride(TUESDAY, MORNING)]
        assert self.of(MONDAY, overrides=overrides) == [early, late]

    def test_an_override_of_another_date_changes_nothing(self):
        assert self.of(MONDAY, overrides=[DateOverride(TUESDAY, None)]) == [MORNING, AFTERNOON]

    def test_an_override_opens_a_date_without_weekly_hours(self):
        assert self.of(TUESDAY, overrides=[DateOverride(TUESDAY, MORNING)]) == [MORNING]

    def test_an_override_can_close_a_date(self):
        assert self.of(MONDAY, overrides=[DateOverride(MONDAY, None)]) == []

    def test_of_contradicting_overrides_closed_wins(self):
        assert self.of(MONDAY, overrides=[DateOverride(MONDAY, MORNING), DateOverride(MONDAY, None)]) == []

    def test_a_closure_wins_over_an_override(self):
        assert self.of(MONDAY, overrides=[DateOverride(MONDAY, MORNING)], closures={MONDAY}) == []


class TestGrid:
    def test_counts_from_the_opening_of_each_interval(self):
        hours = [Hours(time(9, 10), time(10, 20)), Hours(time(13, 5), time(14, 5))]
        assert starts(hours) == ["09:10", "09:40", "13:05", "13:35"]

    def test_the_last_visit_ends_with_the_interval(self):
        assert starts(visit=Visit(timedelta(minutes=90))) == ["09:00", "09:30", "10:00", "10:30"]

    def test_a_visit_longer_than_the_interval_has_no_slot(self):
        assert starts(visit=Visit(timedelta(minutes=181))) == []

    def test_a_visit_must_fit_into_one_of_two_touching_intervals(self):
        hours = [Hours(time(9), time(10)), Hours(time(10), time(11))]
        assert starts(hours, visit=Visit(timedelta(minutes=60))) == ["09:00", "10:00"]

    def test_an_end_at_midnight_is_the_end_of_the_date(self):
        assert starts([Hours(time(23), time(0))]) == ["23:00", "23:30"]

    @pytest.mark.parametrize("way", [1, -1])
    def test_overlapping_intervals_offer_no_start_twice_and_keep_the_order(self, way):
        hours = [Hours(time(9), time(10, 45)), Hours(time(9, 30), time(10, 30))]
        assert starts(hours[::way]) == ["09:00", "09:30", "10:00"]

    def test_slots_are_in_the_clinics_zone_and_last_as_long_as_the_visit(self):
        slot = free_slots(**asked(visit=Visit(timedelta(minutes=50))))[0]
        assert slot == Slot(datetime(2025, 6, 16, 9, tzinfo=BERLIN), datetime(2025, 6, 16, 9, 50, tzinfo=BERLIN))
        assert slot.start.tzinfo is BERLIN
        assert slot.end.tzinfo is BERLIN


class TestTakenTime:
    def test_a_booking_shifts_no_other_slot(self):
        assert starts(busy=taken("09:40-10:10")) == ["09:00", "10:30", "11:00", "11:30"]

    def test_visits_may_touch(self):
        assert starts(busy=taken("09:30-11:30")) == ["09:00", "11:30"]

    def test_buffers_of_both_visits_add(self):
        # The visit there ends at 09:45 with 15 minutes after it; the new one wants 10 minutes before.
        visit = replace(HALF_HOUR, buffer_before=timedelta(minutes=10))
        assert starts(busy=taken("09:00-10:00"), visit=visit) == ["10:30", "11:00", "11:30"]

    def test_a_buffer_may_end_where_the_next_visit_begins(self):
        visit = replace(HALF_HOUR, buffer_after=timedelta(minutes=30))
        assert starts(busy=taken("10:00-12:00"), visit=visit) == ["09:00"]

    def test_a_buffer_may_reach_outside_the_hours(self):
        visit = replace(HALF_HOUR, buffer_before=timedelta(hours=9), buffer_after=timedelta(hours=9))
        assert starts([Hours(time(9), time(10))], visit=visit) == ["09:00", "09:30"]

    def test_a_buffer_outside_the_hours_still_meets_other_visits(self):
        visit = replace(HALF_HOUR, buffer_before=timedelta(minutes=30))
        assert starts(busy=taken("08:30-08:45"), visit=visit) == ["09:30", "10:00", "10:30", "11:00", "11:30"]

    def test_time_off_hides_what_it_meets(self):
        assert starts(time_off=taken("10:15-11:00")) == ["09:00", "09:30", "11:00", "11:30"]

    def test_no_buffer_reaches_into_time_off(self):
        visit = replace(HALF_HOUR, buffer_before=timedelta(minutes=5), buffer_after=timedelta(minutes=5))
        assert starts(time_off=taken("10:00-11:00"), visit=visit) == ["09:00", "11:30"]

    def test_time_off_of_weeks_wins_over_an_override(self):
        hours = hours_of_day(MONDAY, weekly=[], overrides=[DateOverride(MONDAY, MORNING)], closures=[])
        holiday = Busy(at("00:00", date(2025, 6, 1)), at("00:00", date(2025, 7, 1)))
        assert starts(hours, time_off=[holiday]) == []

    def test_a_long_row_counts_behind_a_short_one_that_began_later(self):
        rows = [Busy(at("12:00", date(2025, 6, 15)), at("11:00")), *taken("08:00-08:30")]
        assert starts(busy=rows) == ["11:00", "11:30"]

    def test_visits_and_time_off_count_together(self):
        assert starts(busy=taken("09:00-10:00", "11:00-11:30"), time_off=taken("09:30-10:30")) == [
            "10:30",
            "11:30",
        ]

    def test_an_empty_row_takes_nothing(self):
        assert starts(busy=taken("09:15-09:15", "12:00-12:00")) == starts()

    def test_rows_of_other_dates_take_nothing(self):
        rows = [Busy(at("09:00", day), at("12:00", day)) for day in (date(2025, 6, 15), TUESDAY)]
        assert starts(busy=rows) == starts()

    def test_prepared_rows_can_be_asked_together_with_plain_time_off(self):
        assert starts(busy=Taken(taken("09:00-10:00")), time_off=taken("11:00-12:00")) == ["10:00", "10:30"]

    def test_prepared_rows_are_a_sequence_in_order(self):
        late, early = taken("11:00-12:00", "09:00-10:00")
        assert list(Taken([late], [early])) == [early, late]


class TestNoticeAndAdvance:
    def test_a_slot_exactly_at_the_notice_is_offered(self):
        assert starts(now=at("08:00")) == ["10:00", "10:30", "11:00", "11:30"]

    def test_a_slot_within_the_notice_is_not(self):
        assert starts(now=at("08:00") + timedelta(microseconds=1)) == ["10:30", "11:00", "11:30"]

    def test_without_notice_a_slot_must_begin_after_now(self):
        assert starts(now=at("11:00"), rules=replace(RULES, min_notice=NOTHING)) == ["11:30"]

    def test_without_notice_a_slot_may_begin_at_once_after_now(self):
        now = at("11:00") - timedelta(microseconds=1)
        assert starts(now=now, rules=replace(RULES, min_notice=NOTHING)) == ["11:00", "11:30"]

    def test_a_slot_exactly_at_the_advance_is_the_last_one(self):
        assert starts(now=at("10:00"), day=TUESDAY, rules=replace(RULES, max_advance=timedelta(days=1))) == [
            "09:00",
            "09:30",
            "10:00",
        ]

    def test_the_past_has_no_slots(self):
        assert starts(now=at("00:00", TUESDAY)) == []

    @pytest.mark.parametrize("audience", Audience)
    def test_notice_holds_for_everyone(self, audience):
        assert starts(now=at("09:30"), audience=audience) == ["11:30"]


class TestHoursThatAreKept:
    SAME_DAY = [Hours(time(11), time(13), Access.SAME_DAY)]
    URGENT = [MORNING, Hours(time(12), time(13), Access.URGENT)]

    def test_same_day_hours_appear_to_everyone_with_their_lead_time(self):
        assert starts(self.SAME_DAY, now=at("07:30")) == ["11:00", "11:30"]

    def test_same_day_hours_are_hidden_before(self):
        assert starts(self.SAME_DAY) == []

    @pytest.mark.parametrize("audience", [Audience.URGENT, Audience.STAFF])
    def test_same_day_hours_are_always_open_to_urgent_people_and_staff(self, audience):
        assert starts(self.SAME_DAY, audience=audience) == ["11:00", "11:30", "12:00", "12:30"]

    def test_urgent_hours_are_never_open_to_everyone(self):
        assert starts(self.URGENT, now=at("09:30")) == ["11:30"]

    @pytest.mark.parametrize("audience", [Audience.URGENT, Audience.STAFF])
    def test_urgent_hours_are_open_to_urgent_people_and_staff_with_all_others(self, audience):
        assert starts(self.URGENT, now=at("09:30"), audience=audience) == ["11:30", "12:00", "12:30"]


class TestFirstFree:
    def test_is_the_first_of_the_list(self):
        assert first_free(**asked(busy=taken("09:00-10:00"))).start == at("10:00")

    def test_is_nothing_when_all_is_taken(self):
        assert first_free(**asked(busy=taken("09:00-12:00"))) is None

    def test_looks_no_further(self):
        every_microsecond = replace(RULES, step=timedelta(microseconds=1))  # a list of 10 thousand million
        assert first_free(**asked(rules=every_microsecond)).start == at("09:00")


class TestIsFree:
    def test_a_slot_of_the_list_is_in_any_zone(self):
        assert is_free(at("09:30").astimezone(ZoneInfo("Asia/Tokyo")), **asked())

    @pytest.mark.parametrize("start", ["08:30", "09:15", "12:00"])
    def test_outside_hours_and_off_the_grid_is_not(self, start):
        assert not is_free(at(start), **asked())

    def test_taken_time_is_not(self):
        assert not is_free(at("09:30"), **asked(busy=taken("09:45-09:50")))

    def test_the_same_time_of_another_date_is_not(self):
        assert not is_free(at("09:30", TUESDAY), **asked())


class TestRefusals:
    @pytest.mark.parametrize("end", [time(9), time(8, 59)])
    def test_hours_that_end_before_they_start(self, end):
        with pytest.raises(ValueError, match="must end after"):
            Hours(time(9), end)

    @pytest.mark.parametrize("minutes", [(0, 0, 0), (30, -1, 0), (30, 0, -1)])
    def test_a_visit_without_duration_or_with_a_negative_buffer(self, minutes):
        with pytest.raises(ValueError, match="must last"):
            Visit(*(timedelta(minutes=n) for n in minutes))

    @pytest.mark.parametrize("name", ["step", "min_notice", "max_advance", "same_day_release"])
    def test_negative_settings(self, name):
        with pytest.raises(ValueError, match="lead forward"):
            replace(RULES, **{name: timedelta(minutes=-1)})
