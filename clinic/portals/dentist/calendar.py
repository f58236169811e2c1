"""A dentist's calendar: a week or a day on the clinic's wall clock.

Blocks stand in the grid by classes of a stylesheet (`calendar-grid.css` has one for each five minutes): the content policy
allows no style attributes, and classes place them without JavaScript as well, where a table would need a cell for every
five minutes of every day. Every block and every gap is a link in a list; scripts only make some of it quicker.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.core.errors import Malformed
from clinic.portals.days import day_of
from clinic.portals.dentist import calendar_reading
from clinic.portals.dentist.access import dentists_only, own_dentist

WEEK = 7


def monday_of(text: str) -> date | None:
    """The Monday of an ISO week such as `2026-W48`, None for no text; raises `Malformed`."""
    if not text:
        return None
    year, found, week = text.partition("-W")
    try:
        if not found or not (year.isascii() and year.isdigit() and week.isascii() and week.isdigit()):
            raise ValueError(text)
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        raise Malformed().about("week") from None
    if not 1970 < monday.year < 2200:
        raise Malformed().about("week")
    return monday


def week_of(day: date) -> str:
    """The ISO week of a date, as addresses say it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


@require_safe
@dentists_only
def calendar(request: HttpRequest) -> HttpResponseBase:
    """A week (`?week=`), or one day (`?date=`). In a week one day is chosen: the one that a phone shows."""
    now, today = clock.now(), clock.today()
    one_day = day_of(request.GET.get("date", ""))
    monday = monday_of(request.GET.get("week", "")) if one_day is None else None
    chosen = one_day or (today if monday is None or monday <= today < monday + timedelta(days=WEEK) else monday)
    monday = chosen - timedelta(days=chosen.weekday())
    week = [monday + timedelta(days=number) for number in range(WEEK)]
    shown = calendar_reading.read(own_dentist(request), [one_day] if one_day else week, now, always=(chosen, today))
    by = timedelta(days=1 if one_day else WEEK)
    context: dict[str, Any] = {
        "tab": "calendar",
        "shown": shown,
        "is_day": one_day is not None,
        "chosen": chosen,
        "today": today,
        "week": [{"date": day, "is_chosen": day == chosen, "is_today": day == today} for day in week],
        "week_name": week_of(monday),
        "week_number": monday.isocalendar().week,
        "sunday": week[-1],
        "monday": monday,
        "earlier": _address(chosen - by, is_day=one_day is not None),
        "later": _address(chosen + by, is_day=one_day is not None),
        "day_before": chosen - timedelta(days=1),
        "day_after": chosen + timedelta(days=1),
        "dentist_id": caller(request).dentist_id,
    }
    return page(request, "dentist/calendar.html", context)


def _address(day: date, *, is_day: bool) -> str:
    return f"?date={day:%Y-%m-%d}" if is_day else f"?week={week_of(day)}"
