"""How full the dentists' week is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import LiteralString
from uuid import UUID

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appointments.models import ACTIVE
from availability.open_time import open_time
from availability.schedules import schedules
from clinic.core import clock, db
from dentists.models import Dentist

NOTHING = timedelta(0)

# With buffers, because in them nobody else can be seen.
_BOOKED: LiteralString = """
SELECT dentist_id, sum(ends_at - starts_at + make_interval(mins => buffer_before_minutes + buffer_after_minutes))
  FROM appointments_appointment
 WHERE starts_at >= %(begin)s AND starts_at < %(end)s AND status = ANY (%(active)s) AND dentist_id IS NOT NULL
 GROUP BY dentist_id"""


@dataclass(frozen=True)
class Use:
    """One dentist's week in real time: `booked` with buffers, of `open`."""

    dentist: UUID
    name: str
    booked: timedelta
    open: timedelta

    @property
    def percent(self) -> int | None:
        """Rounded; more than 100 where visits stand outside the hours; None without hours."""
        return round(100 * (self.booked / self.open)) if self.open else None

    @property
    def bar(self) -> int:
        """`percent` as far as a bar reaches."""
        return min(self.percent or 0, 100)

    @property
    def booked_hours(self) -> float:
        return self.booked / timedelta(hours=1)

    @property
    def open_hours(self) -> float:
        return self.open / timedelta(hours=1)

    @property
    def told(self) -> str:
        """Such as "12.5 of 36 h"."""
        language = get_language()
        booked = _in_figures(self.booked_hours, language)
        if self.open:
            return _("%(booked)s of %(open)s h") % {"booked": booked, "open": _in_figures(self.open_hours, language)}
        return _("%(booked)s h, no hours") % {"booked": booked} if self.booked else _("no hours")


@lru_cache(maxsize=1024)
def _in_figures(hours: float, language: str | None) -> str:
    """With one decimal where there is one. Remembered, for dentists of one clinic mostly work the same hours."""
    return floatformat(hours, "-1")


@dataclass(frozen=True)
class Week:
    """Clinic dates, both included, and the dentists who take bookings or are booked, by name."""

    first: date
    last: date
    dentists: list[Use]


def utilisation(today: date) -> Week:
    """The week from Monday to Sunday around the clinic's `today`; three statements."""
    first = today - timedelta(days=today.weekday())
    days = [first + timedelta(days=number) for number in range(7)]
    params = {
        "begin": clock.day_bounds(days[0])[0],
        "end": clock.day_bounds(days[-1])[1],
        "active": [str(status) for status in ACTIVE],
    }
    booked: dict[UUID, timedelta] = dict(db.rows(_BOOKED, params))
    dentists = [
        (pk, name)
        for pk, name, active in Dentist.objects.order_by("name", "id").values_list("pk", "name", "is_active")
        if active or pk in booked
    ]
    found = schedules({pk for pk, _name in dentists}, days[0], days[-1], busy=False)
    zone = clock.zone()
    uses = [Use(pk, name, booked.get(pk, NOTHING), open_time(found[pk], days, zone)) for pk, name in dentists]
    return Week(days[0], days[-1], uses)
