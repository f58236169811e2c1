"""Time zones, the two days on which the clock changes, the present moment and the horizon."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.when import Problem, When, understand
from tests.chatbot.when_notation import written

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
BEFORE_SPRING = datetime(2026, 3, 27, 10, 0, tzinfo=BERLIN)  # the clock jumps from 2 to 3 on Sunday, the 29th
BEFORE_AUTUMN = datetime(2026, 10, 23, 10, 0, tzinfo=BERLIN)  # and back from 3 to 2 on Sunday, 25 October


def ask(text: str, now: datetime, zone: ZoneInfo = BERLIN, horizon_days: int = 400) -> When:
    when = understand(text, now=now, zone=zone, horizon_days=horizon_days)
    assert when is not None, text
    return when


def test_today_is_the_clinics_today_not_the_callers() -> None:
    late_in_new_york = datetime(2026, 11, 18, 20, 0, tzinfo=NEW_YORK)
    assert written(ask("today", late_in_new_york)) == "11-19 02:00-24:00"
    assert written(ask("tomorrow at 9", late_in_new_york)) == "11-20 09:00"
    assert written(ask("today", late_in_new_york, NEW_YORK)) == "11-18 20:00-24:00"


def test_windows_are_on_the_clinics_clock() -> None:
    window = ask("tomorrow at 9", datetime(2026, 11, 18, 9, 0, tzinfo=UTC)).windows[0]
    assert (window.start.tzinfo, window.start.isoformat()) == (BERLIN, "2026-11-19T09:00:00+01:00")


def test_a_day_of_23_hours_and_one_of_25() -> None:
    short, long = ask("sunday", BEFORE_SPRING).windows[0], ask("sunday", BEFORE_AUTUMN).windows[0]
    lengths = [window.end.astimezone(UTC) - window.start.astimezone(UTC) for window in (short, long)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_hours_follow_the_wall_clock_over_the_change() -> None:
    saturday, monday = ask("saturday or monday at 9", BEFORE_SPRING).windows
    assert [window.start.isoformat() for window in (saturday, monday)] == [
        "2026-03-28T09:00:00+01:00",
        "2026-03-30T09:00:00+02:00",
    ]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("sunday at 2:30am", "03-29 03:00"),
        ("sunday between 2:15am and 2:45am", "03-29 03:00"),
        ("sunday between 1am and 2:30am", "03-29 01:00-03:00"),
        ("sunday from 2:30am to 5am", "03-29 03:00-05:00"),
    ],
)
def test_a_time_that_the_clock_leaves_out_is_the_moment_of_the_jump(phrase: str, expected: str) -> None:
    assert written(ask(phrase, BEFORE_SPRING)) == expected


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    window = ask("sunday at 2:30am", BEFORE_AUTUMN).windows[0]
    assert window.start.isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_clock_that_jumps_at_midnight_has_no_first_hour() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    when = ask("tomorrow", datetime(2026, 3, 28, 12, 0, tzinfo=beirut), beirut)
    assert when.windows[0].start.isoformat() == "2026-03-29T01:00:00+03:00"


def test_in_two_hours_is_real_time_on_the_night_of_the_change() -> None:
    now = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert ask("in 2 hours", now).windows[0].start.isoformat() == "2026-03-29T04:30:00+02:00"


def test_windows_begin_with_the_next_whole_minute_from_now() -> None:
    now = datetime(2026, 11, 18, 10, 0, 30, tzinfo=BERLIN)
    assert written(ask("today", now)) == "11-18 10:01-24:00"
    assert ask("today at 10", now).problem == Problem.PAST
    assert written(ask("today at 10", now.replace(second=0))) == "11-18 10:00"


def test_a_plain_date_that_is_over_is_next_years_but_not_with_its_year() -> None:
    now = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)
    assert written(ask("17 november", now)) == "2027-11-17"
    assert ask("17 november 2026", now).problem == Problem.PAST


def test_the_horizon_is_the_last_day() -> None:
    now = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)
    assert written(ask("in 30 days", now, horizon_days=30)) == "12-18"
    assert ask("in 31 days", now, horizon_days=30).problem == Problem.TOO_FAR
    assert written(ask("after monday", now, horizon_days=30)) == "11-24..12-18"
    assert written(ask("next month", now, horizon_days=30)) == "12-01..12-18"


def test_the_29th_of_february_needs_a_leap_year() -> None:
    assert ask("29 february", datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)).problem == Problem.NO_SUCH_DATE
    assert written(ask("29 february", datetime(2027, 11, 18, 10, 0, tzinfo=BERLIN))) == "2028-02-29"


def test_the_end_of_the_year() -> None:
    now = datetime(2026, 12, 31, 23, 30, tzinfo=BERLIN)
    assert written(ask("tomorrow at 9", now)) == "2027-01-01 09:00"
    assert written(ask("the 3rd", now)) == "2027-01-03"
    assert written(ask("next month", now)) == "2027-01-01..2027-01-31"


def test_a_moment_without_a_zone_or_beyond_any_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        understand("tomorrow", now=datetime(2026, 11, 18, 10, 0), zone=BERLIN)  # noqa: DTZ001 - naive on purpose
    with pytest.raises(ValueError, match="9999"):
        understand("tomorrow", now=datetime(9999, 12, 31, tzinfo=UTC), zone=BERLIN)
