"""The first free slot among all dentists over 60 days: found early, found late, and not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter
from typing import Any, LiteralString

import psycopg

from availability.queries import first_available
from bench.clinic_days import shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.replay import Statement, recorded, replayed
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS

DAYS = 60
SEARCHES = 200
WARM_UP = 5
BUSY: LiteralString = "SELECT * FROM availability_busy(%s, %s, %s, NULL)"
# Every minute of the hours (weekly ones and those of single dates) that is still free, in visits of up to half an hour.
BOOK_OUT: LiteralString = """
WITH open AS (
    SELECT h.dentist_id, day::date + h.start_time AS begins, day::date + h.end_time AS ends
      FROM generate_series(%(first)s::date, %(last)s::date, '1 day') day
      JOIN availability_workinghours h ON h.day_of_week = extract(isodow FROM day) - 1
    UNION ALL
    SELECT dentist_id, date + start_time, date + end_time FROM availability_dateoverride
     WHERE start_time IS NOT NULL AND date BETWEEN %(first)s::date AND %(last)s::date
), opened AS (
    SELECT dentist_id, range_agg(tstzrange(begins AT TIME ZONE %(zone)s, ends AT TIME ZONE %(zone)s)) AS hours
      FROM open GROUP BY dentist_id
), taken AS (
    SELECT dentist_id, range_agg(tstzrange(starts_at, ends_at)) AS busy FROM availability_occupancy
     WHERE starts_at > %(first)s::date - 2 GROUP BY dentist_id
), gap AS (
    SELECT dentist_id, unnest(hours - coalesce(busy, '{}')) AS free FROM opened LEFT JOIN taken USING (dentist_id)
), visit AS (
    SELECT dentist_id, s AS begins, least(s + interval '30 minutes', upper(free)) AS ends
      FROM gap, generate_series(lower(free), upper(free) - interval '1 second', interval '30 minutes') s
)
INSERT INTO availability_occupancy (source_id, kind, dentist_id, starts_at, ends_at, visit_starts_at, visit_ends_at, holder)
SELECT gen_random_uuid(), 'visit', dentist_id, begins, ends, begins, ends, '' FROM visit"""


def measure(ground: Ground) -> list[Figure]:
    today = clock.today()
    with ground.owner() as owner:
        early = _case(ground, "found early")
        # Free again on the last day only, and then not at all.
        _book_out(owner, today, today + timedelta(days=DAYS - 5))
        late = _case(ground, "found in the last days")
        _book_out(owner, today, today + timedelta(days=DAYS))
        return [early, late, _case(ground, "nothing free", finds=False)]


def _book_out(owner: psycopg.Connection[Any], first: date, last: date) -> None:
    owner.execute(BOOK_OUT, {"first": first, "last": last, "zone": str(clock.zone())})
    owner.execute("VACUUM (ANALYZE) availability_occupancy")


def _case(ground: Ground, name: str, *, finds: bool = True) -> Figure:
    offers, today = shortest_offers(), clock.today()

    def search() -> None:
        with db.reading(ANONYMOUS):
            found = first_available(ANONYMOUS, offers, today, DAYS)
        assert (found is not None) == finds, found

    with recorded() as sent:
        search()
    # Late or never: all 60 days have to be read, by whatever way.
    span = 8 if name == "found early" else DAYS
    begin, end = clock.day_bounds(today)[0], clock.day_bounds(today + timedelta(days=span - 1))[1]
    floor_read = [Statement(BUSY, ([one.dentist.pk for one in offers], begin, end))]
    times: list[float] = []
    floor: list[float] = []
    with ground.connect() as bare:
        for number in range(-WARM_UP, ground.times(SEARCHES, least=10)):
            took, least = _timed(search), replayed(bare, ANONYMOUS, floor_read)
            if number >= 0:
                times.append(took * 1000)
                floor.append(least * 1000)
    spread = Spread.of(times)
    case = f"{len(offers)} dentists, {DAYS} days, {name} ({len(sent)} statements)"
    return Figure(case, "ms", spread, Spread.of(floor), "p99 < 100 (30)", spread.p99 < 100)


def _timed(work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
