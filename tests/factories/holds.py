"""Holds made straight in the database, so that their age can be chosen."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.expressions import RawSQL

from availability.models import Reservation
from clinic.core import db
from clinic.core.actor import Actor
from dentists.models import Dentist
from tests.factories import Cast


def hold(cast: Cast, holder: Actor, start: datetime, *, runs_for: float, dentist: Dentist | None = None) -> UUID:
    """A hold for a check-up that ends so many milliseconds from now by the database's clock; a negative number ago."""
    end = start + timedelta(minutes=cast.checkup.duration_minutes)
    with db.as_owner():
        return Reservation.objects.create(
            id=uuid.uuid4(), dentist=dentist or cast.weber, treatment=cast.checkup, holder=holder.holders[0],
            starts_at=start, ends_at=end, busy_from=start, busy_until=end,
            expires_at=RawSQL("clock_timestamp() + make_interval(secs => %s)", [runs_for / 1000]),
        ).pk  # fmt: skip


def let_run_out(reservation_id: UUID) -> None:
    """As if the hold's minutes had passed a second ago."""
    with db.as_owner():
        ago = RawSQL("clock_timestamp() - interval '1 second'", [])
        Reservation.objects.filter(pk=reservation_id).update(expires_at=ago)
