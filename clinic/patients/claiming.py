"""A guest who signs up finds earlier visits: those booked under the email that the account has verified."""

from __future__ import annotations

from uuid import UUID

from clinic.core import db


def claim_guests(user_id: UUID) -> int:
    """Moves the guests of an account's verified email under the account, with their visits; returns how many.

    Runs as whoever confirms the email, inside that transaction; the function checks that the email is verified.
    """
    return int(db.value("SELECT patients_claim_guests(%s)", [user_id]) or 0)
