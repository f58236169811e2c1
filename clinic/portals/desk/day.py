"""The day sheet: who comes to whom when, who is late, and what is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from appointments.models import Status
from availability.models import Closure
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.portals.days import day_of
from clinic.portals.desk.access import desk_only
from clinic.portals.desk.columns import sheet_of, visits_of_day
from dentists.models import Dentist

REDRAWN = timedelta(minutes=5)


@require_safe
@desk_only
def day(request: HttpRequest) -> HttpResponseBase:
    """One day; a handful of queries however many visits and dentists there are. `?dentist=` is the column on a phone."""
    now, actual = clock.now(), clock.today()
    shown = day_of(request.GET.get("date", "")) or actual
    visits = visits_of_day(shown)
    sheet = sheet_of(caller(request), shown, Dentist.objects.filter(is_active=True), visits)
    wanted = request.GET.get("dentist", "")
    columns = {column.key for column in sheet.columns}
    context = {
        "tab": "day",
        "day": shown,
        "is_today": shown == actual,
        "is_past": shown < actual,
        "sheet": sheet,
        "hours": [time(hour) for hour in range(sheet.first, sheet.last)],
        "one": wanted if wanted in columns else next((column.key for column in sheet.columns), ""),
        "closure": Closure.objects.filter(date=shown).first(),
        "here": sum(1 for one in visits if one.status == Status.CHECKED_IN),
        "late": sum(1 for column in sheet.columns for piece in column.pieces if piece.late),
        "active": sum(1 for one in visits if one.is_active),
        "pending": sum(1 for one in visits if one.status == Status.PENDING),
        "earlier": shown - timedelta(days=1),
        "later": shown + timedelta(days=1),
        "refresh_at": _redrawn_at(shown, actual, now),
    }
    return page(request, "desk/day.html", context)


def _redrawn_at(shown: date, actual: date, now: datetime) -> datetime | None:
    """When today's sheet is another one by itself: the line of now, who is late and what has passed go on."""
    if shown != actual:
        return None
    since_hour = timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
    return now + REDRAWN - since_hour % REDRAWN
