"""Holding a slot for a few minutes, and giving it back."""

from __future__ import annotations

import secrets
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from availability.api.shapes import HoldOut, ReserveInput
from availability.reservations import release, reserve
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.core.api import ClinicAPIView
from clinic.core.idempotency import Answer
from clinic.core.openapi import IDEMPOTENCY_KEY, RESERVATION_TOKEN
from clinic.core.permissions import Anyone
from clinic.core.repeatable import answer_once


class ReserveView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(operation_id="reserve", parameters=[IDEMPOTENCY_KEY], request=ReserveInput, responses={201: HoldOut})
    def post(self, request: Request) -> Response:
        """Holds a slot for five minutes, or as long as the practice set, and gives up the one held before.

        A caller without an account gets a `token`, and shows it again to book or to release.
        """
        data = ReserveInput.read(request.data)

        def perform(caller: Actor) -> Answer:
            token = data.get("reservation_token") or ("" if caller.user_id else secrets.token_urlsafe(24))
            holder = caller.with_secret(token) if token else caller
            hold = reserve(
                holder, dentist=data.get("dentist_id") or None, treatment=data["treatment"], start=data["start"]
            )
            body = {
                "id": str(hold.id),
                "dentist_id": str(hold.offered.dentist.pk),
                "treatment": str(hold.offered.treatment.pk),
                "start": clock.local(hold.starts_at).isoformat(),
                "end": clock.local(hold.ends_at).isoformat(),
                "expires_at": clock.local(hold.expires_at).isoformat(),
                "token": token or None,
            }
            return Answer(201, body)

        return answer_once(request, self.actor, perform)


class ReleaseView(ClinicAPIView):
    permission_classes = (Anyone,)

    @extend_schema(
        operation_id="release",
        parameters=[RESERVATION_TOKEN],
        responses={204: OpenApiResponse(description="Free again, or never held.")},
    )
    def delete(self, request: Request, reservation_id: UUID) -> Response:
        """Gives a hold back at once. Somebody else's looks like one that is gone already."""
        token = request.headers.get("Reservation-Token", "")[:64]
        release(self.actor.with_secret(token) if token else self.actor, reservation_id)
        return Response(status=204)
