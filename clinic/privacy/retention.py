"""What the clinic's settings say is kept no longer."""

from __future__ import annotations

from clinic.core import db
from clinic.core.actor import SERVICE

AT_ONCE = 200


def forget_old(at_once: int = AT_ONCE) -> int:
    """Erases guests whose last visit, and makes cancelled visits anonymous whose day, is so many months ago as
    `ClinicSettings` says, by the database's clock. Gives how many; each transaction takes at most so many of both."""
    gone = 0
    while True:
        with db.transaction(SERVICE):
            some = int(db.value("SELECT privacy_forget_old(%s)", [at_once]))
        gone += some
        if some == 0:
            return gone
