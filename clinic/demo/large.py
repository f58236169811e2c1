"""A large clinic for the benchmarks: many dentists, a filled calendar ahead, and years of visits behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random

from psycopg import sql

from appointments.models import ACTIVE, Appointment
from availability.models import Occupancy
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.demo.bare import bare
from clinic.demo.copying import Table
from clinic.demo.days import Calendar
from clinic.demo.house import settle
from clinic.demo.lines import GIVEN, Writer
from clinic.demo.people import families
from clinic.demo.storing import copy_people, once
from clinic.patients.models import Patient

# How much of the open time is taken: behind us, tomorrow, and on the last day that is filled.
PAST_SHARE, NEAR_SHARE, FAR_SHARE = 0.85, 0.85, 0.5
_VISITS_EACH = 20
_PEOPLE_PER_DENTIST = 20  # at least: more than one day's visits, since nobody comes twice a day
_OCCUPY = """
    INSERT INTO availability_occupancy
        (source_id, kind, dentist_id, person_id, starts_at, ends_at, visit_starts_at, visit_ends_at, holder)
    SELECT id, 'visit', dentist_id, patient_id, starts_at - make_interval(mins => buffer_before_minutes),
           ends_at + make_interval(mins => buffer_after_minutes), starts_at, ends_at, ''
      FROM appointments_appointment WHERE status = ANY (%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    dentists: int
    appointments: int
    days_ahead: int = 60
    seed: int = 20


def load_large(size: Size, now: datetime, say: Callable[[str], None]) -> bool:
    """Loads a clinic of this size by COPY; `say` hears of each step.

    The coming days are filled first, what is left of the number lies in the past. False, and nothing is written, when
    the database has a dentist already.
    """
    with once() as empty:
        if not empty:
            return False
        chance = Random(size.seed)  # noqa: S311 - chance that repeats itself is what a benchmark needs
        today = clock.local(now).date()
        practices = settle(today, size.dentists, chance)
        number = max(size.appointments // _VISITS_EACH, size.dentists * _PEOPLE_PER_DENTIST)
        people = list(families(number, today, chance))
        with bare(User, Patient, say=say):
            copy_people(people)
        say(f"{len(practices)} dentists, {number} people")
        calendar, writer = Calendar(practices, chance), Writer(practices, people, now, chance)
        with bare(Appointment, Occupancy, say=say):
            loaded = Table(Appointment, GIVEN).load(islice(_lines(calendar, writer, today, size), size.appointments))
            say(f"{loaded} visits")
            with db.connection().cursor() as cursor:
                cursor.execute(_OCCUPY, [[status.value for status in ACTIVE]])
                say(f"{cursor.rowcount} of them take time")
    with db.as_owner(), db.connection().cursor() as cursor:
        # Outside the transaction: it writes down for the planner, and for scans of indexes alone, what is there.
        for model in (User, Patient, Appointment, Occupancy):
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(model._meta.db_table)))
    say("vacuumed and analyzed")
    return True


def _lines(calendar: Calendar, writer: Writer, today: date, size: Size) -> Iterator[str]:
    for days in range(size.days_ahead):
        share = NEAR_SHARE + (FAR_SHARE - NEAR_SHARE) * days / size.days_ahead
        day = today + timedelta(days=days)
        yield from writer.lines(day, calendar.day(day, share))
    for days in count(1):
        day = today - timedelta(days=days)
        yield from writer.lines(day, calendar.day(day, PAST_SHARE))
