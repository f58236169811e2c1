"""Bookings and visits, counted. Every statement goes by a range of an index, so that years of past visits cost nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from appointments.models import Appointment, BookingSource, Status
from clinic.core import clock, db

DAYS = 30  # that rates look back
SHOWN = 12  # bookings listed

_MADE: LiteralString = """
WITH made AS MATERIALIZED (
  SELECT booking_source, status, created_at, greatest(starts_at - created_at, '0') AS lead
    FROM appointments_appointment WHERE created_at >= %(since)s AND created_at < %(tomorrow)s
)
SELECT booking_source, status, count(*), count(*) FILTER (WHERE created_at >= %(today)s),
       (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) FROM made)
  FROM made GROUP BY booking_source, status"""

_VISITS: LiteralString = """
SELECT count(*) FILTER (WHERE starts_at >= %(today)s AND status <> 'cancelled'),
       count(*) FILTER (WHERE starts_at < %(now)s AND status = 'no_show'),
       count(*) FILTER (WHERE starts_at < %(now)s AND status IN ('no_show', 'checked_in', 'completed')),
       (SELECT count(*) FROM appointments_appointment WHERE status = 'pending' AND starts_at >= %(now)s),
       (SELECT count(*) FROM appointments_appointment
         WHERE status = 'cancelled' AND starts_at >= %(today)s AND cancelled_at >= %(today)s)
  FROM appointments_appointment WHERE starts_at >= %(since)s AND starts_at < %(tomorrow)s"""


@dataclass(frozen=True)
class Share:
    """One bar: a translated name, how many, and of what."""

    name: str
    count: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded, 0 to 100."""
        return round(100 * self.count / self.total) if self.total else 0


@dataclass(frozen=True)
class Counts:
    """Today is the clinic's date. `pending` wait for confirmation with their time still to come; `cancelled` were
    cancelled today and would have been today or later. Of the last `DAYS` days: `no_shows` among the `expected` visits
    of which it is known whether the patient came; the median of the days from booking to visit, None without a booking;
    and bookings by source and by status, each in the order of the choices."""

    visits_today: int
    booked_today: int
    pending: int
    cancelled: int
    no_shows: int
    expected: int
    lead_days: float | None
    by_source: list[Share]
    by_status: list[Share]

    @property
    def no_show_percent(self) -> float | None:
        return 100 * self.no_shows / self.expected if self.expected else None


def counts(now: datetime) -> Counts:
    """As of the instant `now`; two statements."""
    today = clock.local(now).date()
    begin, end = clock.day_bounds(today)
    since = clock.day_bounds(today - timedelta(days=DAYS))[0]
    params = {"now": now, "today": begin, "tomorrow": end, "since": since}
    sources, statuses = Counter[str](), Counter[str]()
    booked_today, lead = 0, None  # the last is the same in every row
    for source, status, number, of_today, median in db.rows(_MADE, params):
        lead = median
        sources[source] += number
        statuses[status] += number
        booked_today += of_today
    visits_today, no_shows, expected, pending, cancelled = db.rows(_VISITS, params)[0]
    return Counts(
        visits_today,
        booked_today,
        pending,
        cancelled,
        no_shows,
        expected,
        None if lead is None else lead / timedelta(days=1),
        _shares(BookingSource, sources),
        _shares(Status, statuses),
    )


def _shares(choices: Iterable[BookingSource] | Iterable[Status], counted: Counter[str]) -> list[Share]:
    return [Share(str(one.label), counted[one], counted.total()) for one in choices]


def latest_bookings(today: date) -> list[Appointment]:
    """What was booked on the clinic's `today`, newest first, at most `SHOWN`."""
    begin, end = clock.day_bounds(today)
    made = Appointment.objects.filter(created_at__gte=begin, created_at__lt=end).order_by("-created_at", "id")
    return list(made[:SHOWN])
