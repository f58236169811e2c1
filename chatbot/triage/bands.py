"""The five bands of urgency, in order."""

from __future__ import annotations

import enum
from datetime import timedelta


class Band(enum.IntEnum):
    """How soon someone should be seen. Larger is more urgent, so that `max` gives the stricter of two."""

    ROUTINE = 0
    SOON = 1
    URGENT = 2
    EMERGENCY_DENTAL = 3
    EMERGENCY_MEDICAL = 4

    @classmethod
    def parse(cls, code: str) -> Band:
        """The band of a code such as `"urgent"`. Raises KeyError for an unknown code."""
        return cls[code.upper()]

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def within(self) -> timedelta | None:
        """The longest acceptable wait; None for routine. A medical emergency waits for nothing."""
        return _WITHIN[self]

    @property
    def bookable(self) -> bool:
        """Whether an ordinary slot may be offered. Emergencies are told to call."""
        return self < Band.EMERGENCY_DENTAL


# SDCEP, Management of Acute Dental Problems (2025), timescales: an hour, a day, a week.
_WITHIN = {
    Band.ROUTINE: None,
    Band.SOON: timedelta(days=7),
    Band.URGENT: timedelta(hours=24),
    Band.EMERGENCY_DENTAL: timedelta(hours=1),
    Band.EMERGENCY_MEDICAL: timedelta(0),
}
