"""Where things stand in the calendar's grid, on usual days and on the two on which the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from clinic.portals.dentist.calendar_layout import (
    DAY,
    Span,
    doubled,
    free,
    gaps,
    lanes,
    place,
    skipped,
    span_of,
    stylesheet,
    window,
)

BERLIN = ZoneInfo("Europe/Berlin")
USUAL, SPRING, AUTUMN = date(2026, 11, 24), date(2027, 3, 28), date(2026, 10, 25)


def clock(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


def local(day: date, hours: int, minutes: int = 0, *, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=BERLIN, fold=fold)


def test_a_visit_stands_where_the_clock_says() -> None:
    start = local(USUAL, 9, 30)
    assert span_of(start, start + timedelta(minutes=45), USUAL, BERLIN) == Span(clock(9, 30), clock(10, 15))
    assert span_of(start, start + timedelta(minutes=45), USUAL + timedelta(days=1), BERLIN) is None


def test_what_lasts_all_night_is_cut_at_midnight() -> None:
    start, end = local(USUAL, 22), local(USUAL + timedelta(days=1), 6)
    assert span_of(start, end, USUAL, BERLIN) == Span(clock(22), DAY)
    assert span_of(start, end, USUAL + timedelta(days=1), BERLIN) == Span(0, clock(6))
    assert span_of(start, end, USUAL + timedelta(days=2), BERLIN) is None


def test_in_spring_a_visit_over_the_jump_reaches_to_what_the_clock_shows_then() -> None:
    start = local(SPRING, 1, 30)
    after_an_hour = start.astimezone(UTC) + timedelta(hours=1)
    assert span_of(start, after_an_hour, SPRING, BERLIN) == Span(clock(1, 30), clock(3, 30))
    assert (skipped(SPRING, BERLIN), doubled(SPRING, BERLIN)) == (Span(clock(2), clock(3)), None)


@pytest.mark.parametrize(
    ("hours", "minutes", "fold", "lasts", "expected"),
    [
        (2, 30, 0, 30, Span(150, 180)),  # ends as the clock goes back
        (2, 30, 1, 30, Span(150, 180)),  # the second time
        (2, 45, 0, 30, Span(165, 195)),  # ends at 2:15 of the second time: as long as it lasts
        (1, 30, 0, 150, Span(90, 180)),  # from 1:30 to 3:00, an hour longer than it looks
    ],
)
def test_in_autumn_the_doubled_hour_is_drawn_at_what_the_clock_shows(
    hours: int, minutes: int, fold: int, lasts: int, expected: Span
) -> None:
    start = local(AUTUMN, hours, minutes, fold=fold)
    assert span_of(start, start.astimezone(UTC) + timedelta(minutes=lasts), AUTUMN, BERLIN) == expected
    assert (skipped(AUTUMN, BERLIN), doubled(AUTUMN, BERLIN)) == (None, Span(clock(2), clock(3)))


def test_the_window_shows_whole_hours_and_never_less_than_a_usual_day() -> None:
    assert window([]) == Span(clock(8), clock(18))
    assert window([Span(clock(7, 50), clock(8)), Span(clock(18), clock(19, 5))]) == Span(clock(7), clock(20))


def test_places_are_rows_of_five_minutes_inside_the_window() -> None:
    shown = Span(clock(8), clock(18))
    assert place(Span(clock(9), clock(9, 30)), shown) == "at-12 to-18"
    assert place(Span(clock(9, 2), clock(9, 31)), shown) == "at-12 to-19"
    assert place(Span(clock(7), clock(8, 15)), shown) == "at-0 to-3"
    assert place(Span(clock(6), clock(8)), shown) == ""


def test_what_meets_stands_side_by_side_and_the_rest_alone() -> None:
    spans = [Span(60, 120), Span(90, 150), Span(130, 160), Span(160, 200)]
    assert lanes(spans) == ["lane-1 of-2", "lane-2 of-2", "lane-1 of-2", ""]
    assert lanes([]) == []
    assert lanes([Span(0, 10)] * 6)[3:] == ["lane-4 of-4"] * 3


def test_free_time_is_what_is_left() -> None:
    assert free([Span(0, 100)], [Span(80, 90), Span(20, 30), Span(25, 40)]) == [
        Span(0, 20),
        Span(40, 80),
        Span(90, 100),
    ]
    assert free([Span(0, 100)], [Span(0, 100)]) == []
    assert free([Span(0, 100)], [Span(100, 120)]) == [Span(0, 100)]


def test_gaps_begin_on_the_grid_of_their_hours() -> None:
    morning, afternoon = Span(clock(9), clock(12)), Span(clock(13, 10), clock(17))
    taken = [Span(clock(9), clock(9, 40)), Span(clock(13, 10), clock(13, 20)), Span(clock(16, 50), clock(18))]
    assert gaps([morning, afternoon], taken, step=15) == [
        Span(clock(9, 45), clock(12)),
        Span(clock(13, 25), clock(16, 50)),
    ]
    assert gaps([morning], taken, step=15, earliest=clock(11, 1)) == [Span(clock(11, 15), clock(12))]
    assert gaps([morning], taken, step=15, earliest=clock(11, 50)) == []


def test_the_stylesheet_has_a_class_for_every_row() -> None:
    stored = Path(settings.BASE_DIR, "clinic/static/clinic/calendar-grid.css").read_text()
    assert stored == stylesheet()
    assert (".at-287 { grid-row-start: 288 }" in stored, ".to-288 { grid-row-end: 289 }" in stored) == (True, True)
