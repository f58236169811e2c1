"""Slots of a day, and holding one."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from availability.catalogue import as_offered, dentist_of, offered, treatment_of
from availability.errors import NotBookableOnline, WrongTreatment
from availability.queries import slots_on
from availability.reservations import release, reserve
from clinic.core import clock
from clinic.core.api import ClinicAPIView
from clinic.core.errors import Malformed
from dentists.models import Dentist, Offer


class SlotsView(ClinicAPIView):
    """`GET /api/availability/{dentist_id}/slots?date=YYYY-MM-DD&treatment=`; the shortest treatment when none is named."""

    permission_classes = [AllowAny]

    def get(self, request: Request, dentist_id: str) -> Response:
        day = _date(request.query_params.get("date", ""))
        dentist = dentist_of(dentist_id)
        wanted = request.query_params.get("treatment")
        what = (
            offered(dentist, treatment_of(wanted), actor=self.actor) if wanted else as_offered(shortest_offer(dentist))
        )
        found = slots_on(self.actor, what, day)
        return Response(
            {
                "dentist_id": str(dentist.pk),
                "treatment": {"id": str(what.treatment.pk), "slug": what.treatment.slug, "name": what.treatment.name},
                "date": day.isoformat(),
                "time_zone": str(clock.zone()),
                "slots": [{"start": slot.start.isoformat(), "end": slot.end.isoformat()} for slot in found],
            }
        )


def _date(text: str) -> Any:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2200:
        raise Malformed().about("date")
    return day


def shortest_offer(dentist: Dentist) -> Offer:
    """The dentist's shortest treatment that can be booked online. Raises `WrongTreatment` when there is none."""
    offers = Offer.objects.filter(dentist=dentist, treatment__is_active=True).select_related("treatment")
    bookable = [offer for offer in offers if offer.treatment.bookable_online]
    if not bookable:
        raise NotBookableOnline() if offers else WrongTreatment()
    shortest = min(bookable, key=lambda offer: (offer.minutes, offer.treatment.name))
    shortest.dentist = dentist
    return shortest


class ReserveInput(serializers.Serializer[Any]):
    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    treatment = serializers.CharField(max_length=140)
    start = serializers.DateTimeField()
    reservation_token = serializers.CharField(max_length=64, required=False, allow_blank=True)


class ReserveView(ClinicAPIView):
    """`POST /api/availability/reserve`. An anonymous holder gets a `token`, and shows it again to book or release."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        given = ReserveInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        token = data.get("reservation_token") or ("" if self.actor.user_id else secrets.token_urlsafe(24))
        actor = self.actor.with_secret(token) if token else self.actor
        hold = reserve(actor, dentist=data.get("dentist_id") or None, treatment=data["treatment"], start=data["start"])
        body = {
            "id": str(hold.id),
            "dentist_id": str(hold.offered.dentist.pk),
            "treatment": str(hold.offered.treatment.pk),
            "start": clock.local(hold.starts_at).isoformat(),
            "end": clock.local(hold.ends_at).isoformat(),
            "expires_at": clock.local(hold.expires_at).isoformat(),
            "token": token or None,
        }
        return Response(body, status=201)


class ReleaseView(ClinicAPIView):
    """`DELETE /api/availability/reserve/{id}`; an anonymous holder shows the token in the `Reservation-Token` header."""

    permission_classes = [AllowAny]

    def delete(self, request: Request, reservation_id: UUID) -> Response:
        token = request.headers.get("Reservation-Token", "")[:64]
        release(self.actor.with_secret(token) if token else self.actor, reservation_id)
        return Response(status=204)
