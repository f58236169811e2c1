"""A dentist's day: who comes when, who is next, what waits for an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from appointments.models import Appointment, Status
from appointments.steps import open_steps
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.staff.days import day_of


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
    rows: list[dict[str, Any]] = [
        {
            "visit": one,
            "steps": open_steps(caller(request), one),
            "is_next": one is following,
            "is_over": one.ends_at <= now,
        }
        for one in visits
    ]
    edges = [edge for one in visits for edge in (one.starts_at, one.ends_at) if edge > now]
    context = {
        "tab": "today",
        "refresh_at": min(edges, default=None) if day == actual else None,
        "day": day,
        "is_today": day == actual,
        "rows": rows,
        "waiting": [{"visit": one, "steps": open_steps(caller(request), one)} for one in waiting],
        "active_count": sum(1 for one in visits if one.is_active),
        "following": following,
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1),
    }
    return page(request, "dentist/today.html", context)
