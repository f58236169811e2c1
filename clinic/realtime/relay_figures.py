"""What `/metrics` says of the relays: they have no port of their own, so the database is asked for what it knows of them."""

from __future__ import annotations

from django.db import Error
from prometheus_client import Gauge

from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.core.errors import Busy
from clinic.realtime.events import recent_position
from clinic.realtime.status import relays

_RELAYS = Gauge("clinic_relays", "Relays that have shown themselves of late; NaN while nobody can be asked.", ["state"])
_POSITION = Gauge("clinic_events_position", "The last position that a relay gave; NaN while nobody can be asked.")


def ask() -> None:
    """Brings them up to date; each time before they are told."""
    active = standing_by = position = float("nan")
    try:
        with db.reading(ANONYMOUS):
            there = relays()
            active, standing_by, position = there.active, there.standing_by, recent_position()
    except (Error, OSError, Busy):
        pass  # said as it is: not known
    _RELAYS.labels("active").set(active)
    _RELAYS.labels("standing_by").set(standing_by)
    _POSITION.set(position)
