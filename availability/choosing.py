"""Any dentist: who is taken first when it does not matter to the patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from availability.catalogue import Offered
from availability.errors import DuringTimeOff, OutsideHours, SlotTaken
from availability.schedules import schedules
from clinic.core import clock, db
from clinic.core.errors import ClinicError, NotAllowed

Result = TypeVar("Result")


def least_busy(offers: Sequence[Offered], start: datetime) -> list[Offered]:
    """The same offers, by how little of that clinic day is taken, then by name."""
    day = clock.local(start).date()
    found = schedules([offer.dentist.pk for offer in offers], day, day)
    begin, end = clock.day_bounds(day)

    def taken(offer: Offered) -> timedelta:
        busy = found[offer.dentist.pk].busy
        spans = [min(one.end, end) - max(one.start, begin) for one in busy if one.end > begin and one.start < end]
        return sum(spans, timedelta(0))

    return sorted(offers, key=lambda offer: (taken(offer), offer.dentist.name, str(offer.dentist.pk)))


def first_that_works(offers: Sequence[Offered], attempt: Callable[[Offered], Result]) -> Result:
    """The result of the first offer whose attempt is not refused, each attempt in a savepoint.

    Raises `SlotTaken` when somebody was first everywhere, else the first refusal.
    """
    refusal: ClinicError = OutsideHours().about("start")
    for number, offer in enumerate(offers):
        try:
            with db.savepoint():
                return attempt(offer)
        except (SlotTaken, OutsideHours, DuringTimeOff, NotAllowed) as error:
            # These are about one dentist; whatever else is refused is refused by all.
            if number == 0 or isinstance(error, SlotTaken):
                refusal = error
    raise refusal
