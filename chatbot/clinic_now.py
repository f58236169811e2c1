"""The clinic and the caller as they are now: what the dialogue is told with every message."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from itertools import chain
from uuid import UUID

from django.conf import settings

from availability.models import WorkingHours
from chatbot.dialogue import Caller, Dentist, Hours, Treatment, World
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.models import ClinicSettings
from clinic.patients import profile
from dentists.models import Offer
from dentists.queries import treatments_for, with_offers


def world_for(actor: Actor, named: Caller) -> World:
    """A snapshot in one reading transaction; `named` is whom a bot speaks for."""
    with db.reading(actor):
        clinic = ClinicSettings.current()
        treatments = list(treatments_for(actor).order_by("name", "id"))
        dentists = list(with_offers().filter(is_active=True).order_by("name", "id"))
        hours = WorkingHours.objects.filter(dentist__is_active=True, is_available=True)
        spans = list(hours.values_list("day_of_week", "start_time", "end_time"))
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
            Treatment(
                str(one.pk),
                one.name,
                (one.slug,),
                one.duration_minutes,
                one.price,
                one.bookable_online or actor.is_staff,
                one.minimum_age,
            )
            for one in treatments
        ),
        dentists=tuple(
            _dentist(one.pk, one.name, one.offered)  # type: ignore[attr-defined]  # prefetched
            for one in dentists
        ),
        hours=_open_hours(spans),
        caller=caller,
    )


def _dentist(dentist_id: UUID, name: str, offered: list[Offer]) -> Dentist:
    treatments = frozenset(str(offer.treatment_id) for offer in offered)
    own = {str(offer.treatment_id): offer.price for offer in offered if offer.price is not None}
    return Dentist(str(dentist_id), name, treatments, own)


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
