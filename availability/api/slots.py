"""Free slots: of a dentist's day, and over days."""

from __future__ import annotations

from itertools import islice
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from availability.api.shapes import OpeningsOut, SlotsOut, opening_out, slot_out, treatment_out
from availability.catalogue import Offered, as_offered, dentist_of, offered_by, offers_of, treatment_of
from availability.errors import NotBookableOnline, WrongTreatment
from availability.queries import Opening, PartOfDay, first_available, search, slots_on
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.api import ClinicAPIView
from clinic.core.errors import Malformed
from clinic.core.fields import Day
from clinic.core.pagination import Query
from clinic.core.permissions import Anyone
from dentists.models import Dentist, Offer, Treatment

MOST_DAYS, MOST_SLOTS = 60, 1000


class SlotsQuery(Query):
    date = Day()
    treatment = serializers.CharField(
        max_length=140, required=False, help_text="Id, slug or name; without it the dentist's shortest."
    )
    moving = serializers.UUIDField(required=False, help_text="A visit that is to be moved: it is not in its own way.")


class SlotsView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(operation_id="slots_of_day", parameters=[SlotsQuery], responses={200: SlotsOut})
    def get(self, request: Request, dentist_id: str) -> Response:
        """The free slots of one dentist, by id or slug, on one date of the clinic's calendar."""
        asked = SlotsQuery.of(request)
        day, what = asked["date"], offer_of(self.actor, dentist_id, asked.get("treatment"))
        found = slots_on(self.actor, what, day, moving=asked.get("moving"))
        return Response(
            {
                "dentist_id": str(what.dentist.pk),
                "treatment": treatment_out(what.treatment),
                "date": day.isoformat(),
                "time_zone": str(clock.zone()),
                "slots": [slot_out(slot) for slot in found],
            }
        )


class SearchQuery(Query):
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=7)
    treatment = serializers.CharField(max_length=140, required=False, help_text="Needed without a dentist.")
    dentist = serializers.CharField(max_length=140, required=False, help_text="Id or slug; without it anybody.")
    part_of_day = serializers.ChoiceField([part.value for part in PartOfDay], required=False)
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_SLOTS, default=200, help_text="1 gives the first available."
    )
    moving = serializers.UUIDField(required=False, help_text="A visit that is to be moved: it is not in its own way.")

    def get_fields(self) -> dict[str, Any]:
        first = Day(required=False, help_text="Today without it.")
        return {"from": first, **super().get_fields()}


class SearchView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(operation_id="search_slots", parameters=[SearchQuery], responses={200: OpeningsOut})
    def get(self, request: Request) -> Response:
        """Free slots of one dentist or of anybody, day by day and by time within the day."""
        asked = SearchQuery.of(request)
        what, offers = self._offers(asked.get("dentist"), asked.get("treatment"))
        first, days = asked.get("from") or clock.today(), asked["days"]
        part = PartOfDay(asked["part_of_day"]) if "part_of_day" in asked else None
        found: list[Opening]
        if asked["limit"] == 1 and "moving" not in asked:
            one = first_available(self.actor, offers, first, days, part=part)
            found, more = ([one], True) if one else ([], False)
        else:
            openings = search(self.actor, offers, first, days, part=part, moving=asked.get("moving"))
            found = list(islice(openings, asked["limit"] + 1))
            more = len(found) > asked["limit"]
        body = {
            "from": first.isoformat(),
            "treatment": treatment_out(what),
            "days": days,
            "part_of_day": part.value if part else None,
            "time_zone": str(clock.zone()),
            "slots": [opening_out(one) for one in found[: asked["limit"]]],
            "more": more,
        }
        return Response(body)

    def _offers(self, dentist: str | None, treatment: str | None) -> tuple[Treatment, list[Offered]]:
        if dentist is not None:
            one = offer_of(self.actor, dentist, treatment)
            return one.treatment, [one]
        if treatment is None:
            raise Malformed().about("treatment")
        what = treatment_of(treatment)
        return what, offers_of(what, actor=self.actor)


def offer_of(actor: Actor, dentist: str, treatment: str | None) -> Offered:
    """The treatment as the dentist offers it, their shortest one when none is named.

    Raises `NoSuchDentist`, `NoSuchTreatment`, `WrongTreatment`, `NotBookableOnline`.
    """
    if treatment is not None:
        return offered_by(dentist, treatment, actor=actor)
    return as_offered(shortest_offer(dentist_of(dentist)))


def shortest_offer(dentist: Dentist) -> Offer:
    """The dentist's shortest treatment that can be booked online. Raises `WrongTreatment` when there is none."""
    offers = Offer.objects.filter(dentist=dentist, treatment__is_active=True).select_related("treatment")
    bookable = [offer for offer in offers if offer.treatment.bookable_online]
    if not bookable:
        raise NotBookableOnline() if offers else WrongTreatment()
    shortest = min(bookable, key=lambda offer: (offer.minutes, offer.treatment.name))
    shortest.dentist = dentist
    return shortest
