"""Loading visits without telling anybody."""

from __future__ import annotations

from clinic.core import db


def keep_quiet() -> None:
    """Until the transaction ends, no change of a visit becomes a message. Heeded for the owner's login only."""
    db.value("SELECT set_config('clinic.quiet', 'on', true)")
