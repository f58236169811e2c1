"""What workers do for live sync, by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.jobs.rounds import every


def forget_old() -> int:
    """Forgets events that were published more than `REALTIME_EVENTS_KEPT_HOURS` ago, all of them; says how many."""
    total = 0
    while gone := _forget_some():
        total += gone
    return total


def _forget_some() -> int:
    with db.transaction(SERVICE):
        return int(db.value("SELECT realtime_forget(%s)", [timedelta(hours=settings.REALTIME_EVENTS_KEPT_HOURS)]))


every(300, forget_old)
