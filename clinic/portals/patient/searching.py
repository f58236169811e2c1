"""The start page: dentists by search and filters, all of which stand in the address, each with the next free time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from availability.catalogue import Offered, as_offered, treatment_of
from availability.queries import next_free
from clinic.accounts.requests import caller, page
from clinic.core import clock
from dentists.models import LANGUAGE_NAMES, Dentist, Offer, Treatment
from dentists.searching import card_of, matching

CARDS = 18  # on a page
CARD_HORIZON_DAYS = 28
COMMON = 5  # treatments that most dentists offer, at the top of the page
LONGEST_QUERY = 80


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for: words, a treatment, a language spoken (its code, or "")."""

    q: str = ""
    treatment: Treatment | None = None
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.q or self.treatment or self.language)

    def without(self, name: str) -> str:
        """The address of the same search without one of its filters."""
        values = {"q": self.q, "treatment": self.treatment and self.treatment.slug, "language": self.language}
        return "?" + urlencode({key: value for key, value in values.items() if value and key != name})

    @property
    def filters(self) -> list[dict[str, str]]:
        """What narrows the search, each with the address that leaves it out."""
        given = (
            ("q", f"“{self.q}”" if self.q else ""),
            ("treatment", self.treatment.name if self.treatment else ""),
            ("language", language_name(self.language)),
        )
        return [{"label": label, "url": self.without(name)} for name, label in given if label]


@require_safe
def dentists(request: HttpRequest) -> HttpResponseBase:
    """The dentists that fit a search, each with the next free time."""
    everybody = list(Dentist.objects.filter(Exists(_bookable(None).filter(dentist=OuterRef("pk")))))
    spoken = {code for one in everybody for code in one.languages}
    wanted, language = request.GET.get("treatment", ""), request.GET.get("language", "")
    wish = Wish(
        q=" ".join(request.GET.get("q", "").split())[:LONGEST_QUERY],
        treatment=treatment_of(wanted) if wanted else None,
        language=language if language in spoken else "",
    )
    shown = Paginator(_found(everybody, wish), CARDS).get_page(request.GET.get("page"))
    treatments = list(bookable_treatments())
    context = {
        "dentists": _with_next_times(request, list(shown), wish, shown.has_other_pages()),
        "page_obj": shown,
        "wish": wish,
        "treatments": treatments,
        "common_treatments": sorted(treatments, key=lambda one: -one.dentist_count)[:COMMON],  # type: ignore[attr-defined]  # annotated
        "languages": sorted(((code, language_name(code)) for code in spoken), key=lambda one: one[1].casefold()),
    }
    return page(request, "patient/dentists.html", context)


def bookable_treatments() -> QuerySet[Treatment]:
    """What somebody offers and can be booked online, by name, each with `dentist_count`: how many offer it."""
    return (
        Treatment.objects.filter(
            Exists(_bookable(None).filter(treatment=OuterRef("pk"))), is_active=True, bookable_online=True
        )
        .annotate(dentist_count=Count("offers", filter=Q(offers__dentist__is_active=True)))
        .order_by("name", "pk")  # a query that counts has no order of its own
    )


def language_name(code: str) -> str:
    """A language in the reader's language."""
    return str(LANGUAGE_NAMES.get(code, code))


def _bookable(treatment: Treatment | None) -> QuerySet[Offer]:
    """What can be booked online with active dentists; only this treatment, when given."""
    offers = Offer.objects.filter(
        dentist__is_active=True, treatment__is_active=True, treatment__bookable_online=True
    ).select_related("dentist", "treatment")
    return offers if treatment is None else offers.filter(treatment=treatment)


def _found(everybody: Sequence[Dentist], wish: Wish) -> list[Dentist]:
    found = [one for one in everybody if not wish.language or wish.language in one.languages]
    if wish.treatment is not None:
        offering = set(_bookable(wish.treatment).values_list("dentist_id", flat=True))
        found = [one for one in found if one.pk in offering]
    if not wish.q:
        return found
    offered: dict[Any, list[str]] = {}
    for dentist_id, name in _bookable(None).values_list("dentist_id", "treatment__name"):
        offered.setdefault(dentist_id, []).append(name)
    return matching([card_of(one, offered.get(one.pk, [])) for one in found], wish.q)


def _with_next_times(request: HttpRequest, shown: Sequence[Dentist], wish: Wish, is_part: bool) -> list[dict[str, Any]]:
    upcoming = next_free(caller(request), _shortest(shown, wish.treatment), clock.today(), CARD_HORIZON_DAYS)
    items = [{"dentist": one, "next_slot": upcoming[one.pk].start if one.pk in upcoming else None} for one in shown]
    if wish.treatment is not None and not is_part:
        # Whoever knows what they need wants to know who has time first.
        items.sort(key=lambda item: (item["next_slot"] is None, item["next_slot"] or clock.now()))
    return items


def _shortest(dentists: Iterable[Dentist], treatment: Treatment | None) -> list[Offered]:
    """Each dentist's shortest offer."""
    shortest = (
        _bookable(treatment)
        .filter(dentist__in=list(dentists))
        .order_by("dentist_id", Coalesce("duration_minutes", "treatment__duration_minutes"), "treatment__name")
        .distinct("dentist_id")
    )
    return [as_offered(offer) for offer in shortest]
