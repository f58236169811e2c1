"""Finding a dentist and a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from availability.catalogue import Offered, as_offered, dentist_of, treatment_of
from availability.errors import WrongTreatment
from availability.models import Reservation
from availability.queries import PartOfDay, first_available, next_free, search
from availability.schedules import schedules
from clinic.accounts.requests import caller, page
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.errors import Malformed
from clinic.core.models import ClinicSettings
from dentists.models import Dentist, Offer, Treatment

CARDS = 18  # on a page
CARD_HORIZON_DAYS = 28
EMPTY_DAY_HORIZON_DAYS = 60
WEEK = 7


@require_safe
def dentists(request: HttpRequest) -> HttpResponseBase:
    """The dentists that fit a search, each with the next free time."""
    actor = caller(request)
    q = " ".join(request.GET.get("q", "").split())[:80]
    treatments = Treatment.objects.filter(
        Exists(Offer.objects.filter(treatment=OuterRef("pk"))), is_active=True, bookable_online=True
    )
    wanted = request.GET.get("treatment", "")
    selected = treatment_of(wanted) if wanted else None
    offering = Dentist.objects.filter(Exists(_bookable(selected).filter(dentist=OuterRef("pk"))))
    found = [dentist for dentist in offering if _fits(dentist, q)] if q else list(offering)
    shown = Paginator(found, CARDS).get_page(request.GET.get("page"))
    upcoming = next_free(actor, _shortest(shown, selected), clock.today(), CARD_HORIZON_DAYS)
    items = [
        {"dentist": dentist, "next_slot": upcoming[dentist.pk].start if dentist.pk in upcoming else None}
        for dentist in shown
    ]
    if selected is not None and not shown.has_other_pages():
        # Whoever knows what they need wants to know who has time first.
        items.sort(key=lambda item: (item["next_slot"] is None, item["next_slot"] or clock.now()))
    context = {
        "dentists": items,
        "page_obj": shown,
        "q": q,
        "treatments": treatments,
        "selected_treatment": selected.slug if selected else "",
    }
    return page(request, "patient/dentists.html", context)


def _bookable(treatment: Treatment | None) -> QuerySet[Offer]:
    """What can be booked online with active dentists; only this treatment, when given."""
    offers = Offer.objects.filter(
        dentist__is_active=True, treatment__is_active=True, treatment__bookable_online=True
    ).select_related("dentist", "treatment")
    return offers if treatment is None else offers.filter(treatment=treatment)


def _shortest(dentists: Iterable[Dentist], treatment: Treatment | None) -> list[Offered]:
    """Each dentist's shortest offer."""
    shortest = (
        _bookable(treatment)
        .filter(dentist__in=list(dentists))
        .order_by("dentist_id", Coalesce("duration_minutes", "treatment__duration_minutes"), "treatment__name")
        .distinct("dentist_id")
    )
    return [as_offered(offer) for offer in shortest]


def _fits(dentist: Dentist, q: str) -> bool:
    """Whether every word of a search is in what the card says."""
    text = " ".join(
        [dentist.name, dentist.title, dentist.bio, dentist.languages_display, *dentist.specializations_display]
    ).casefold()
    return all(word in text for word in q.casefold().split())


@require_safe
def dentist(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One dentist: what they offer, and with a treatment the free times of a day."""
    actor = caller(request)
    who = dentist_of(slug)
    mine = next(iter(_offers_of(who).items()), (who, []))[1]
    context: dict[str, Any] = {"dentist": who, "treatments": [_terms(one) for one in mine], "treatment": None}
    if wanted := request.GET.get("treatment", ""):
        treatment = treatment_of(wanted)
        what = next((one for one in mine if one.treatment.pk == treatment.pk), None)
        if what is None:
            raise WrongTreatment()
        context |= {"treatment": _terms(what)} | times(actor, what, request.GET.get("day", ""))
    return page(request, "patient/dentist.html", context)


def _offers_of(who: Dentist) -> dict[Dentist, list[Offered]]:
    rows = Offer.objects.filter(dentist=who, treatment__is_active=True, treatment__bookable_online=True)
    offers = list(rows.select_related("treatment").order_by("treatment__name"))
    for offer in offers:
        offer.dentist = who
    return {who: [as_offered(offer) for offer in offers]}


def _terms(one: Offered) -> dict[str, Any]:
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


def day_url(one: Offered, day: date | None = None) -> str:
    """The page with this dentist's times for this treatment, on a day."""
    query = {"treatment": one.treatment.slug} | ({"day": day.isoformat()} if day else {})
    return f"{reverse('patient:dentist', args=[one.dentist.slug])}?{urlencode(query)}#times"


def times(
    actor: Actor,
    what: Offered,
    wanted: str,
    *,
    url_for: Callable[[date], str] | None = None,
    moving: UUID | None = None,
) -> dict[str, Any]:
    """The week around a wanted day (ISO, or empty for the first free one) and that day's free slots, for `_week.html`
    and `_slots.html`. `moving` is a visit that is not in its own way."""
    url_for = url_for or (lambda one: day_url(what, one))
    settings = ClinicSettings.current()
    today, horizon = clock.today(), timedelta(days=settings.max_advance_days)
    day = _day(wanted)
    following = None
    if day is None:
        following = first_available(actor, [what], today, EMPTY_DAY_HORIZON_DAYS)
        day = following.start.date() if following else today
    day = min(max(day, today), today + horizon)
    first = max(today, day - timedelta(days=day.weekday()))
    days = [first + timedelta(days=number) for number in range(WEEK)]
    by_day: dict[date, list[Any]] = defaultdict(list)
    for opening in search(actor, [what], first, WEEK, moving=moving):
        by_day[opening.start.date()].append(opening.slot)
    hours = schedules([what.dentist.pk], first, days[-1])[what.dentist.pk]
    own = set(
        Reservation.objects.filter(dentist=what.dentist, holder__in=actor.holders).values_list("starts_at", flat=True)
    )
    if not by_day[day] and following is None:
        following = first_available(actor, [what], day, EMPTY_DAY_HORIZON_DAYS)
    return {
        "day": day,
        "notice_seconds": 0 if actor.is_staff else settings.min_notice_minutes * 60,
        "days": [
            {
                "date": one,
                "count": len(by_day[one]),
                "is_selected": one == day,
                "is_closed": not hours.hours(one),
                "url": url_for(one),
            }
            for one in days
        ],
        "earlier_url": url_for(max(today, first - timedelta(days=WEEK))) if first > today else None,
        "later_url": url_for(days[-1] + timedelta(days=1)) if days[-1] < today + horizon else None,
        "slots_by_part": _by_part(by_day[day], own),
        "next_free": following.start if following else None,
        "next_free_url": url_for(following.start.date()) if following else None,
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Malformed().about("day")
    return day


def _by_part(slots: list[Any], own: set[Any]) -> list[dict[str, Any]]:
    labels = {PartOfDay.MORNING: _("Morning"), PartOfDay.AFTERNOON: _("Afternoon"), PartOfDay.EVENING: _("Evening")}
    parts: dict[PartOfDay, list[dict[str, Any]]] = {part: [] for part in PartOfDay}
    for slot in slots:
        state = "mine" if slot.start in own else "free"
        parts[PartOfDay.of(slot.start.time())].append({"start": slot.start, "end": slot.end, "state": state})
    return [{"key": part.value, "label": labels[part], "slots": found} for part, found in parts.items()]
