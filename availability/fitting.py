"""On which dates there is room for a visit, found where the rows are: so that a search over months reads few of them.

PostgreSQL subtracts taken time from the hours and looks for a start on the grid. What it finds is looked at again by
`slots`, which has the last word; here no date may be missing on which `slots` would find something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import LiteralString

from availability.catalogue import Offered
from availability.schedules import reach
from availability.slots import INSTANT, Audience, Rules
from clinic.core import db

# Dates on which the clock changes are all kept, without a look at their grid: wall times differ from elapsed time there.
_FITTING: LiteralString = """
WITH offer AS (
    SELECT * FROM unnest(%(numbers)s::int[], %(dentists)s::uuid[], %(before)s::interval[], %(lasts)s::interval[],
                         %(after)s::interval[]) AS o (n, dentist_id, before, lasts, after)
), day AS (
    SELECT d::date AS day, extract(isodow FROM d)::int - 1 AS weekday,
           (d + interval '1 day') AT TIME ZONE %(zone)s - d AT TIME ZONE %(zone)s <> interval '24 hours' AS changes
      FROM generate_series(%(first)s::date::timestamp, %(last)s::date::timestamp, interval '1 day') d
     WHERE NOT EXISTS (SELECT FROM availability_closure c WHERE c.date = d::date)
), hours AS (
    SELECT h.dentist_id, day, changes, day + h.start_time AS since, day + h.end_time AS until, h.access
      FROM day JOIN availability_workinghours h ON h.day_of_week = weekday
     WHERE h.dentist_id = ANY (%(dentists)s::uuid[]) AND h.is_available AND NOT EXISTS
           (SELECT FROM availability_dateoverride o WHERE o.dentist_id = h.dentist_id AND o.date = day)
    UNION ALL
    SELECT o.dentist_id, day, changes, day + o.start_time, day + o.end_time, o.access
      FROM day JOIN availability_dateoverride o ON o.date = day
     WHERE o.dentist_id = ANY (%(dentists)s::uuid[]) AND o.start_time IS NOT NULL
), open AS MATERIALIZED (
    SELECT dentist_id, day, changes, since AT TIME ZONE %(zone)s AS opens, until AT TIME ZONE %(zone)s AS closes
      FROM hours
     WHERE until > day + %(from)s::time AND (%(to)s::time IS NULL OR since < day + %(to)s::time)
       AND (%(all)s OR access = 'everyone' OR changes OR (access = 'same_day' AND since AT TIME ZONE %(zone)s <= %(released)s))
), taken AS (
    SELECT dentist_id, range_agg(tstzrange(starts_at, ends_at)) AS busy
      FROM (SELECT * FROM availability_busy(%(dentists)s, %(begin)s, %(end)s)
            UNION ALL SELECT * FROM availability_away(%(dentists)s, %(begin)s, %(end)s)) rows GROUP BY dentist_id
), widened AS (
    SELECT n, range_agg(tstzrange(opens - before, closes + after)) AS hours FROM offer JOIN open USING (dentist_id) GROUP BY n
), free AS MATERIALIZED (
    SELECT n, dentist_id, lasts, lower(gap) + before AS since, upper(gap) - after AS until, d::date AS day
      FROM widened JOIN offer USING (n) LEFT JOIN taken USING (dentist_id), unnest(hours - coalesce(busy, '{}')) gap,
           generate_series(((lower(gap) + before) AT TIME ZONE %(zone)s)::date::timestamp,
                           (upper(gap) - after - lasts) AT TIME ZONE %(zone)s, interval '1 day') d
     WHERE upper(gap) - lower(gap) >= before + lasts + after
), start AS (
    SELECT n, day, lasts, until, closes, %(step)s + date_bin(%(step)s,
               greatest(since, opens, %(earliest)s, (day + %(from)s::time) AT TIME ZONE %(zone)s) - interval '1 us', opens) AS at
      FROM free JOIN open USING (dentist_id, day) WHERE opens < until AND closes > since
), fits AS (
    SELECT n, day FROM start
     WHERE at + lasts <= closes AND at + lasts <= until AND at <= %(latest)s
       AND (%(to)s::time IS NULL OR at < (day + %(to)s::time) AT TIME ZONE %(zone)s)
    UNION SELECT n, day FROM offer JOIN open USING (dentist_id) WHERE changes
)
SELECT n, array_agg(day ORDER BY day) FROM fits GROUP BY n"""


@dataclass(frozen=True, slots=True)
class Span:
    """Clinic dates from `first` to `last`, both included, and the wall times `[since, until)` of the starts that count;
    None reaches to midnight."""

    first: date
    last: date
    since: time = time(0)
    until: time | None = None


def fitting_days(
    offers: Sequence[Offered], span: Span, *, rules: Rules, now: datetime, audience: Audience
) -> dict[int, list[date]]:
    """The dates, in order, on which each offer (by its place in the sequence) may have a free slot for whoever is acting.

    One statement however many dentists and days.
    """
    if not offers or span.first > span.last:
        return {}
    begin, end = reach(span.first, span.last)
    params = {
        "numbers": list(range(len(offers))),
        "dentists": [one.dentist.pk for one in offers],
        "before": [one.visit.buffer_before for one in offers],
        "lasts": [one.visit.duration for one in offers],
        "after": [one.visit.buffer_after for one in offers],
        "first": span.first,
        "last": span.last,
        "begin": begin,
        "end": end,
        "zone": str(rules.zone),
        "step": rules.step,
        "all": audience != Audience.EVERYONE,
        "released": now + rules.same_day_release,
        "earliest": now + (rules.min_notice or INSTANT),
        "latest": now + rules.max_advance,
        "from": span.since,
        "to": span.until,
    }
    return dict(db.bound(_FITTING, params))


def by_day(days: dict[int, list[date]]) -> dict[date, list[int]]:
    """The same the other way round: which offers have room on a date, the dates in order."""
    found: dict[date, list[int]] = {}
    for number in sorted(days):
        for day in days[number]:
            found.setdefault(day, []).append(number)
    return dict(sorted(found.items()))
