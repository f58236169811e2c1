"""The free times that the desk says to a caller."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from uuid import UUID

from availability.catalogue import offers_of
from availability.queries import next_free, search
from clinic.core import clock
from clinic.core.actor import ANONYMOUS, Actor
from clinic.portals.staff.suggestions import Suggestion
from dentists.models import Dentist, Treatment

MOST = 5
DAYS = 60  # how far is looked when any dentist will do
DAYS_OF_ONE = 21


def first_free(actor: Actor, treatment: Treatment, *, dentist_id: UUID | None, first: date) -> list[Suggestion]:
    """The next free times from a clinic date on, in order: of one dentist, or the first of each; call it while reading.
    Hours that are kept for somebody are not among them, because a check-up must not fill them unasked."""
    offers = offers_of(treatment, actor=actor, dentists=None if dentist_id is None else [dentist_id])
    if dentist_id is not None:
        found = [
            (one.offered.dentist, one.start) for one in islice(search(ANONYMOUS, offers, first, DAYS_OF_ONE), MOST)
        ]
    else:
        who = {one.dentist.pk: one.dentist for one in offers}
        found = [(who[key], slot.start) for key, slot in next_free(ANONYMOUS, offers, first, DAYS).items()]
    return sorted((_suggestion(one, start) for one, start in found), key=lambda one: one.start)[:MOST]


def _suggestion(dentist: Dentist, start: datetime) -> Suggestion:
    return Suggestion(clock.local(start), dentist.pk, dentist.name)
