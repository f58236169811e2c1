"""The clinic and the caller as they are now: what the dialogue is told with every message."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from decimal import Decimal
from itertools import chain
from typing import Any, LiteralString

from django.conf import settings

from chatbot.dialogue import Caller, Dentist, Hours, Treatment, World
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.models import ClinicSettings
from clinic.patients import profile

# Every message reads these: as rows they take a fifth of the time that they take as models.
_TREATMENTS: LiteralString = """
SELECT id, name, slug, duration_minutes, price, bookable_online, minimum_age
  FROM dentists_treatment WHERE is_active ORDER BY name, id"""
_OFFERS: LiteralString = """
SELECT d.id, d.name, o.treatment_id, o.price
  FROM dentists_dentist d
  LEFT JOIN (dentists_offer o JOIN dentists_treatment t ON t.id = o.treatment_id AND t.is_active) ON o.dentist_id = d.id
 WHERE d.is_active ORDER BY d.name, d.id"""
_HOURS: LiteralString = """
SELECT w.day_of_week, w.start_time, w.end_time
  FROM availability_workinghours w JOIN dentists_dentist d ON d.id = w.dentist_id
 WHERE w.is_available AND d.is_active"""


def world_for(actor: Actor, named: Caller) -> World:
    """A snapshot in one reading transaction; `named` is whom a bot speaks for."""
    with db.reading(actor):
        clinic = ClinicSettings.current()
        treatments, offers, spans = db.bound(_TREATMENTS), db.bound(_OFFERS), db.bound(_HOURS)
        caller = _caller(actor, named)
    return World(
        name=clinic.name,
        zone=clock.zone(),
        phone=clinic.phone,
        email=clinic.email,
        address=clinic.address,
        emergency_number=clinic.emergency_number,
        currency=clinic.currency,
        language=settings.LANGUAGE_CODE,
        horizon_days=clinic.max_advance_days,
        phone_needed=not actor.is_staff,
        treatments=tuple(
            Treatment(str(key), name, (slug,), minutes, price, online or actor.is_staff, age)
            for key, name, slug, minutes, price, online, age in treatments
        ),
        dentists=_dentists(offers),
        hours=_open_hours(spans),
        caller=caller,
    )


def _dentists(offers: list[tuple[Any, ...]]) -> tuple[Dentist, ...]:
    """From rows of a dentist's id and name, and the id of a treatment with their own price: None where there is none."""
    names: dict[str, str] = {}
    offered: defaultdict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for key, name, treatment, price in offers:
        names[str(key)] = name
        if treatment is not None:
            offered[str(key)][str(treatment)] = price
    return tuple(
        Dentist(
            key,
            name,
            frozenset(offered[key]),
            {treatment: price for treatment, price in offered[key].items() if price is not None},
        )
        for key, name in names.items()
    )


def _caller(actor: Actor, named: Caller) -> Caller:
    if actor.role == Role.BOT or actor.user_id is None:
        return named
    account, person = profile.own_account(actor), profile.own_person(actor)
    return Caller(
        signed_in=True,
        name=account.name,
        email=account.email,
        phone=str(person.phone) if person else "",
        birth_date=person.birth_date if person else None,
    )


def _open_hours(spans: list[tuple[int, time, time]]) -> tuple[Hours, ...]:
    """When anybody works, each weekday's spans put together where they touch."""
    days: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for day, start, end in sorted(spans):
        if days[day] and start <= days[day][-1][1]:
            days[day][-1] = (days[day][-1][0], max(end, days[day][-1][1]))
        else:
            days[day].append((start, end))
    return tuple(chain.from_iterable([Hours(day, *span) for span in days[day]] for day in sorted(days)))
