"""The first free times of a treatment, whichever dentist has them: the shortest way for whoever is in pain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from availability.anybody import starts_on, week_of_openings
from availability.catalogue import Offered, offers_of, treatment_of
from availability.models import Reservation
from availability.queries import PartOfDay, first_available
from availability.schedules import schedules
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.patients.models import Patient
from clinic.portals.days import day_of
from clinic.portals.patient.searching import bookable_treatments
from clinic.portals.patient.trail import person_of_address
from clinic.portals.patient.week import (
    EMPTY_DAY_HORIZON_DAYS,
    WEEK,
    by_part,
    hours_mark,
    notice_seconds,
    part_labels,
    week_around,
)
from dentists.models import Treatment


@require_safe
def times(request: HttpRequest) -> HttpResponseBase:
    """The free times of a treatment over all dentists; without a treatment, the treatments to choose from."""
    actor, person = caller(request), person_of_address(request)
    chosen = request.GET.get("treatment", "")
    treatment = treatment_of(chosen) if chosen else None
    context: dict[str, Any] = {"treatments": bookable_treatments(), "treatment": treatment, "person": person}
    if treatment is not None:
        part = _part(request.GET.get("part", ""))
        offers = offers_of(treatment, actor=actor)
        context |= _terms(offers) | _times(actor, treatment, offers, day_of(request.GET.get("day", "")), part, person)
    return page(request, "patient/times.html", context)


def anybody_url(
    treatment: Treatment, day: date | None = None, part: PartOfDay | None = None, person: Patient | None = None
) -> str:
    """The page with everybody's times for this treatment, on a day and in a part of it; `person` is for whom it will be
    booked."""
    query = {"treatment": treatment.slug} | ({"day": day.isoformat()} if day else {})
    query |= ({"part": part.value} if part else {}) | ({"for": str(person.pk)} if person else {})
    return f"{reverse('patient:times')}?{urlencode(query)}#times"


def _part(text: str) -> PartOfDay | None:
    return PartOfDay(text) if text in list(PartOfDay) else None


def _terms(offers: Sequence[Offered]) -> dict[str, Any]:
    """What the treatment costs and how long it takes (minutes), which may differ from dentist to dentist."""
    prices = [one.price for one in offers]
    minutes = [int(one.duration.total_seconds() // 60) for one in offers]
    return {
        "dentists": len(offers),
        "price": min(prices, default=None),
        "price_differs": len(set(prices)) > 1,
        "minutes": min(minutes, default=None),
        "minutes_most": max(minutes, default=None),
    }


def _times(
    actor: Actor,
    treatment: Treatment,
    offers: Sequence[Offered],
    wanted: date | None,
    part: PartOfDay | None,
    person: Patient | None,
) -> dict[str, Any]:
    first = first_available(actor, offers, clock.today(), EMPTY_DAY_HORIZON_DAYS, part=part)
    week = week_around(wanted or (first.start.date() if first else clock.today()))
    openings = week_of_openings(actor, offers, week.days[0], WEEK, part=part)
    found = starts_on(actor, offers, week.day, part=part)
    following = first
    if not found and first is not None and first.start.date() < week.day:
        following = first_available(actor, offers, week.day, EMPTY_DAY_HORIZON_DAYS, part=part)
    own = Reservation.objects.filter(treatment=treatment, holder__in=actor.holders)
    dentists = {one.dentist.pk for one in offers}

    def url_for(day: date) -> str:
        return anybody_url(treatment, day, part, person)

    def facts(day: date) -> dict[str, Any]:
        opening = openings.get(day)
        return {"first": opening.start if opening else None, "count": 0, "is_closed": day not in openings}

    slots = (
        {
            "start": one.start,
            "end": one.opening.slot.end,
            "dentist": one.opening.offered.dentist,
            "others": one.others,
        }
        for one in found
    )
    return week.context(facts, url_for) | {
        "first": first,
        "parts": [{"label": _("Any time"), "url": anybody_url(treatment, person=person), "is_selected": part is None}]
        + [
            {"label": label, "url": anybody_url(treatment, None, one, person), "is_selected": one == part}
            for one, label in part_labels().items()
        ],
        "notice_seconds": notice_seconds(actor),
        "hours_mark": hours_mark(offers, schedules(dentists, week.day, week.day, busy=False), week.day),
        "slots_by_part": by_part(slots, set(own.values_list("dentist_id", "starts_at"))),
        "next_free": following.start if following else None,
        "next_free_url": url_for(following.start.date()) if following else None,
    }
