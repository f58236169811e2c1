"""A dentist's day: who comes when, who is next, what waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from appointments.models import Appointment, Status
from appointments.steps import open_steps
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.portals.days import day_of
from clinic.portals.dentist.access import dentists_only, own_dentist

TENTHS = 10  # of a visit that is going on: where the line of now stands in it


def _past(visit: Appointment, now: datetime) -> int:
    """How much of a visit is over, in tenths rounded down."""
    return int((now - visit.starts_at) / (visit.ends_at - visit.starts_at) * TENTHS)


@require_safe
@dentists_only
def today(request: HttpRequest) -> HttpResponseBase:
    """The visits of one day in order of time; three queries however many there are."""
    now, actual = clock.now(), clock.today()
    day = day_of(request.GET.get("day", "")) or actual
    begin, end = clock.day_bounds(day)
    own = Appointment.objects.filter(dentist_id=own_dentist(request))
    visits = list(own.filter(starts_at__gte=begin, starts_at__lt=end).order_by("starts_at", "id"))
    waiting = list(own.filter(status=Status.PENDING, starts_at__gt=now).order_by("starts_at", "id")[:20])
    coming = [one for one in visits if one.status in (Status.CONFIRMED, Status.CHECKED_IN) and one.ends_at > now]
    following = coming[0] if coming and day == actual else None
    running = next((one for one in visits if one.is_active and one.starts_at <= now < one.ends_at), None)
    rows: list[dict[str, Any]] = [
        {
            "visit": one,
            "steps": open_steps(caller(request), one),
            "is_next": one is following and one is not running,
            "is_over": one.ends_at <= now,
            "past": _past(one, now) if one is running else None,
        }
        for one in visits
    ]
    # Between two visits the line of now stands by itself: before what has not begun yet.
    begun = sum(1 for one in visits if one.starts_at <= now) if day == actual and running is None else None
    edges = [edge for one in visits for edge in (one.starts_at, one.ends_at) if edge > now]
    if running is not None:
        edges.append(now + (running.ends_at - running.starts_at) / TENTHS)
    context = {
        "tab": "today",
        "refresh_at": min(edges, default=None) if day == actual else None,
        "day": day,
        "is_today": day == actual,
        "rows": rows,
        "now_after": begun,
        "waiting": [{"visit": one, "steps": open_steps(caller(request), one)} for one in waiting],
        "active_count": sum(1 for one in visits if one.is_active),
        "following": following,
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1),
    }
    return page(request, "dentist/today.html", context)
