"""The admin's front page: what happens at the clinic today, in figures, and whether live sync keeps up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from clinic.core import clock
from clinic.core.actor import Actor
from clinic.portals.front_page.figures import counts, latest_bookings
from clinic.portals.front_page.sync import sync_health
from clinic.portals.front_page.utilisation import utilisation


def front_page(actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything that `admin/front_page/content.html` shows, as of the instant `now`; for admins.

    In the transaction of whoever is acting, and with the same number of queries however much there is.
    """
    today = clock.local(now).date()
    return {
        "as_of": now,
        "counts": counts(now),
        "bookings": latest_bookings(today),
        "utilisation": utilisation(today),
        "sync": sync_health(actor),
    }
