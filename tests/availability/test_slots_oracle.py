"""Free slots against the oracle, on the dates on which the clock changes, before and after them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from availability.slots import (
    Access,
    Audience,
    Busy,
    Hours,
    Rules,
    Slot,
    Taken,
    Visit,
    first_free,
    free_slots,
    is_free,
)
from tests.availability.oracle import DAY, MINUTE, Scenario, offered

NOTHING = timedelta(0)
ORDINARY = date(2025, 6, 11)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
# Midnight changes westward, negative summer time, a change at 00:01, and a date that was skipped as a whole.
RARE = [
    ("America/Santiago", 2024),
    ("Atlantic/Azores", 2025),
    ("Africa/Casablanca", 2026),
    ("Europe/Dublin", 2027),
    ("America/St_Johns", 2010),
    ("Pacific/Apia", 2011),
]
Implementation = Callable[[Scenario], list[Slot]]


def dates_of_change(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[date]:
    """Each date on which the offset changes, with its neighbours."""
    hour, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while hour < end:
        later = hour + timedelta(hours=1)
        if hour.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            changed = hour.astimezone(zone).date()
            yield from (changed + n * DAY for n in range(-1, 3))
        hour = later


def minutes(*choices: int) -> st.SearchStrategy[timedelta]:
    return st.sampled_from(choices).map(lambda n: n * MINUTE)


# The clock changes at night: half of the hours are put there.
points = st.one_of(st.integers(0, 288), st.integers(0, 48), st.integers(252, 288)).map(lambda n: n * 5)


def hours_between(begin: int, end: int, access: Access) -> Hours:
    return Hours(time(begin // 60, begin % 60), time(end // 60 % 24, end % 60), access)


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[Hours]:
    edges = draw(st.lists(points, min_size=2, max_size=8, unique=True))
    if draw(st.integers(0, 3)):  # else they may overlap
        edges.sort()
    pairs = [sorted(pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    access = st.sampled_from([Access.EVERYONE, Access.EVERYONE, Access.SAME_DAY, Access.URGENT])
    return [hours_between(begin, end, draw(access)) for begin, end in pairs]


def rows(day: date, longest: int, most: int) -> st.SearchStrategy[list[Busy]]:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    begins = st.integers(-1440 - longest, 2880)
    row = st.builds(
        lambda begin, length: Busy(midnight + begin * MINUTE, midnight + (begin + length) * MINUTE),
        begins,
        st.integers(0, longest),
    )
    return st.lists(row, max_size=most).map(lambda some: sorted(some, key=lambda row: row.start))


@st.composite
def scenarios(draw: st.DrawFn, days: list[tuple[date, ZoneInfo]]) -> Scenario:
    day, zone = draw(st.sampled_from(days))
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    early = st.integers(-3 * 86400, 0)
    ahead = draw(st.one_of(early, early, st.integers(0, 86400), st.integers(0, 1440).map(lambda n: n * 60)))
    return Scenario(
        day=day,
        hours=draw(hours_of_a_day()),
        visit=Visit(
            draw(minutes(5, 15, 20, 30, 45, 60, 90, 150)),
            draw(minutes(0, 0, 5, 10, 45)),
            draw(minutes(0, 0, 5, 15, 70)),
        ),
        busy=draw(rows(day, longest=150, most=8)),
        time_off=draw(st.one_of(st.just([]), rows(day, longest=2000, most=2))),
        rules=Rules(
            zone=zone,
            step=draw(minutes(5, 7, 10, 15, 20, 30, 45, 60)),
            min_notice=draw(minutes(0, 0, 60, 120, 1440)),
            max_advance=draw(minutes(1440, 2880, 86400, 86400)),
            same_day_release=draw(minutes(0, 120, 1440)),
        ),
        now=midnight + timedelta(seconds=ahead),
        audience=draw(st.sampled_from(Audience)),
    )


def listed(scenario: Scenario) -> list[Slot]:
    return free_slots(**vars(scenario))


def in_utc(slots: list[Slot]) -> list[tuple[datetime, datetime]]:
    return [(slot.start.astimezone(UTC), slot.end.astimezone(UTC)) for slot in slots]


def agrees(implementation: Implementation, scenario: Scenario) -> bool:
    return in_utc(implementation(scenario)) == offered(scenario)


def days_of(name: str, first_year: int = 2024, last_year: int = 2027) -> list[tuple[date, ZoneInfo]]:
    zone = ZoneInfo(name)
    return [(day, zone) for day in [*dates_of_change(zone, first_year, last_year), ORDINARY]]


DAYS = {name: days_of(name) for name in ZONES}
DAYS["elsewhere"] = [day for name, year in RARE for day in days_of(name, year, year)]
EVERY_DAY = [day for days in DAYS.values() for day in days]
AUTUMN = [  # an hour, or half of one, comes twice
    (date(2024, 10, 27), ZoneInfo("Europe/Berlin")),
    (date(2024, 10, 31), ZoneInfo("Africa/Cairo")),
    (date(2025, 4, 6), ZoneInfo("Australia/Lord_Howe")),
    (date(2026, 11, 1), ZoneInfo("America/New_York")),
]

quickly = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("place", DAYS)
def test_slots_are_those_that_the_plain_words_of_the_rules_give(place: str) -> None:
    @settings(quickly, max_examples=50)
    @given(scenarios(DAYS[place]))
    def check(scenario: Scenario) -> None:
        assert in_utc(listed(scenario)) == offered(scenario)

    check()


@settings(quickly, max_examples=30)
@given(scenarios(EVERY_DAY), st.lists(st.integers(0, 1440), max_size=20))
def test_first_free_and_is_free_say_what_the_list_says(scenario: Scenario, others: list[int]) -> None:
    slots = listed(scenario)
    assert first_free(**vars(scenario)) == (slots[0] if slots else None)
    starts = {start for start, _ in in_utc(slots)}
    midnight = datetime.combine(scenario.day, time(), tzinfo=UTC)
    for start in starts | {midnight + n * MINUTE for n in others}:
        assert is_free(start, **vars(scenario)) == (start in starts)


@settings(quickly, max_examples=30)
@given(scenarios(EVERY_DAY))
def test_prepared_rows_give_the_same_slots_as_plain_ones(scenario: Scenario) -> None:
    slots = listed(scenario)
    assert listed(replace(scenario, busy=Taken(scenario.busy, scenario.time_off), time_off=[])) == slots
    assert listed(replace(scenario, busy=Taken(scenario.busy))) == slots


@settings(quickly, max_examples=30)
@given(scenarios(EVERY_DAY), st.data())
def test_a_booking_takes_slots_away_and_moves_none(scenario: Scenario, data: st.DataObject) -> None:
    before = in_utc(listed(scenario))
    if not before:
        return
    start, end = data.draw(st.sampled_from(before))
    booked = Busy(start - scenario.visit.buffer_before, end + scenario.visit.buffer_after)
    after = in_utc(listed(replace(scenario, busy=sorted([*scenario.busy, booked], key=lambda row: row.start))))
    reach = scenario.visit.buffer_before + scenario.visit.buffer_after
    assert after == [slot for slot in before if slot[1] + reach <= start or slot[0] >= end + reach]


# Controls: each of these has one rule wrong, and the check above must find that out.


def ignoring_buffers(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, visit=Visit(scenario.visit.duration)))


def ignoring_busy(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, busy=[]))


def ignoring_time_off(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, time_off=[]))


def letting_buffers_into_time_off(scenario: Scenario) -> list[Slot]:
    outside = listed(replace(scenario, busy=[], visit=Visit(scenario.visit.duration)))
    return [slot for slot in ignoring_time_off(scenario) if slot in outside]


def keeping_buffers_inside_hours(scenario: Scenario) -> list[Slot]:
    visit = scenario.visit
    long = Visit(visit.duration + visit.buffer_after, visit.buffer_before)
    slots = listed(replace(scenario, visit=long))
    return [Slot(slot.start, slot.end - visit.buffer_after) for slot in slots]


def ignoring_notice(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, rules=replace(scenario.rules, min_notice=NOTHING)))


def ignoring_advance(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, rules=replace(scenario.rules, max_advance=999 * DAY)))


def releasing_too_early(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, rules=replace(scenario.rules, same_day_release=999 * DAY)))


def giving_everyone_urgent_hours(scenario: Scenario) -> list[Slot]:
    return listed(replace(scenario, audience=Audience.URGENT))


def measuring_visits_by_the_wall_clock(scenario: Scenario) -> list[Slot]:
    return [Slot(slot.start, slot.start + scenario.visit.duration) for slot in listed(scenario)]


def taking_the_second_of_the_doubled_hours(scenario: Scenario) -> list[Slot]:
    return [replace(slot, start=slot.start.replace(fold=1)) for slot in listed(scenario)]


def anchoring_the_grid_at_midnight(scenario: Scenario) -> list[Slot]:
    step = scenario.rules.step
    midnight = datetime.combine(scenario.day, time())
    return [slot for slot in listed(scenario) if not (slot.start.replace(tzinfo=None) - midnight) % step]


MISTAKES = [
    ignoring_buffers,
    ignoring_busy,
    ignoring_time_off,
    letting_buffers_into_time_off,
    keeping_buffers_inside_hours,
    ignoring_notice,
    ignoring_advance,
    releasing_too_early,
    giving_everyone_urgent_hours,
    anchoring_the_grid_at_midnight,
]
CLOCK_MISTAKES = [measuring_visits_by_the_wall_clock, taking_the_second_of_the_doubled_hours]


@pytest.mark.parametrize(
    ("mistaken", "days"),
    [(mistaken, EVERY_DAY) for mistaken in MISTAKES] + [(mistaken, AUTUMN) for mistaken in CLOCK_MISTAKES],
    ids=[mistaken.__name__ for mistaken in [*MISTAKES, *CLOCK_MISTAKES]],
)
def test_the_oracle_finds_the_mistake(mistaken: Implementation, days: list[tuple[date, ZoneInfo]]) -> None:
    generating = settings(quickly, max_examples=2000, phases=[Phase.generate])
    found = find(scenarios(days), lambda scenario: not agrees(mistaken, scenario), settings=generating)
    assert agrees(listed, found)
