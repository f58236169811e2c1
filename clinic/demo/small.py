"""The small demo clinic: six dentists, twelve treatments, two hundred visits around today."""

from __future__ import annotations

from datetime import datetime
from random import Random

from appointments.models import Appointment, MedicalRecord
from clinic.core import clock
from clinic.demo.house import settle
from clinic.demo.life import records
from clinic.demo.people import families
from clinic.demo.storing import once, store_people
from clinic.demo.visits import visits

DENTISTS, PEOPLE, VISITS = 6, 110, 200


def load_demo(now: datetime, *, seed: int = 20) -> bool:
    """Loads the demo clinic as it stands at `now`; the same instant and seed give the same clinic.

    False, and nothing is written, when the database has a dentist already.
    """
    with once() as empty:
        if empty:
            chance = Random(seed)  # noqa: S311 - chance that repeats itself is what a demo needs
            today = clock.local(now).date()
            practices = settle(today, DENTISTS, chance)
            people = list(families(PEOPLE, today, chance))
            store_people(people)
            placed = list(visits(practices, people, VISITS, now, chance))
            Appointment.objects.bulk_create(placed)
            MedicalRecord.objects.bulk_create(records(placed, chance))
        return empty
