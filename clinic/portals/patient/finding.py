"""One dentist: what they offer, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from appointments.models import Appointment
from availability.catalogue import Offered, as_offered, dentist_of, treatment_of
from availability.models import Reservation
from availability.queries import first_available, search
from availability.schedules import schedules
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.portals.days import day_of
from clinic.portals.patient.trail import person_of_address
from clinic.portals.patient.week import EMPTY_DAY_HORIZON_DAYS, WEEK, by_part, hours_mark, notice_seconds, week_around
from dentists.models import Dentist, Offer


@require_safe
def dentist(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One dentist: what they offer, and with a treatment the free times of a day."""
    actor = caller(request)
    who = dentist_of(slug)
    mine, person = _offers_of(who), person_of_address(request)
    context: dict[str, Any] = {
        "dentist": who,
        "treatments": [terms(one) for one in mine],
        "treatment": None,
        "person": person,
    }
    wanted = request.GET.get("treatment", "")
    treatment = treatment_of(wanted) if wanted else None
    # An old address may ask for what this dentist no longer does: then the page is what they do now.
    what = next((one for one in mine if one.treatment == treatment), None)
    if what is not None:

        def url_for(day: date) -> str:
            return day_url(what, day, person=person.pk if person else None)

        context |= {"treatment": terms(what)} | times(actor, what, request.GET.get("day", ""), url_for=url_for)
        context["anybody_url"] = f"{reverse('patient:times')}?{urlencode({'treatment': what.treatment.slug})}"
    return page(request, "patient/dentist.html", context)


def _offers_of(who: Dentist) -> list[Offered]:
    rows = Offer.objects.filter(dentist=who, treatment__is_active=True, treatment__bookable_online=True)
    offers = list(rows.select_related("treatment").order_by("treatment__name"))
    for offer in offers:
        offer.dentist = who
    return [as_offered(offer) for offer in offers]


def terms(one: Offered) -> dict[str, Any]:
    """A treatment at this dentist's duration (minutes) and price."""
    treatment = one.treatment
    return {
        "id": treatment.pk,
        "slug": treatment.slug,
        "name": treatment.name,
        "description": treatment.description,
        "tone": treatment.tone,
        "duration_minutes": int(one.duration.total_seconds() // 60),
        "price": one.price,
        "url": day_url(one),
    }


def day_url(one: Offered, day: date | None = None, *, person: UUID | None = None) -> str:
    """The page with this dentist's times for this treatment, on a day; `person` is for whom it will be booked."""
    query = {"treatment": one.treatment.slug} | ({"day": day.isoformat()} if day else {})
    query |= {"for": str(person)} if person else {}
    return f"{reverse('patient:dentist', args=[one.dentist.slug])}?{urlencode(query)}#times"


def times(
    actor: Actor,
    what: Offered,
    wanted: str,
    *,
    url_for: Callable[[date], str] | None = None,
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """The week around a wanted day (ISO, or empty for the first free one) and that day's free slots, for `_week.html`
    and `_slots.html`. `moving` is a visit that is not in its own way."""
    url_for = url_for or (lambda one: day_url(what, one))
    today, day, following = clock.today(), day_of(wanted), None
    if day is None:
        following = first_available(actor, [what], today, EMPTY_DAY_HORIZON_DAYS)
        day = following.start.date() if following else today
    week = week_around(day)
    by_day: dict[date, list[Any]] = defaultdict(list)
    for opening in search(actor, [what], week.days[0], WEEK, moving=moving.pk if moving else None):
        slot = {"start": opening.start, "end": opening.slot.end, "dentist": what.dentist}
        by_day[opening.start.date()].append(slot)
    schedule = schedules([what.dentist.pk], week.days[0], week.days[-1], busy=False)
    hours = schedule[what.dentist.pk]
    if not by_day[week.day] and following is None:
        following = first_available(actor, [what], week.day, EMPTY_DAY_HORIZON_DAYS)
    own = Reservation.objects.filter(dentist=what.dentist, holder__in=actor.holders)
    facts = week.context(lambda one: {"count": len(by_day[one]), "is_closed": not hours.hours(one)}, url_for)
    return facts | {
        "notice_seconds": notice_seconds(actor),
        "hours_mark": hours_mark([what], schedule, week.day),
        "slots_by_part": by_part(
            by_day[week.day],
            set(own.values_list("dentist_id", "starts_at")),
            moving.starts_at if moving else None,
        ),
        "next_free": following.start if following else None,
        "next_free_url": url_for(following.start.date()) if following else None,
    }
