"""`POST /api/appointments`."""

from __future__ import annotations

from dataclasses import replace

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import booking
from appointments.input import BookingInput
from appointments.output import appointment_out
from clinic.core.actor import Actor
from clinic.core.api import ClinicAPIView
from clinic.core.idempotency import Answer, fingerprint, once


class AppointmentsView(ClinicAPIView):
    """Anybody may book. An anonymous holder shows the hold's secret in `reservation_token`."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        given = BookingInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish, secret = given.to_request(), given.validated_data.get("reservation_token")
        actor = self.actor.with_secret(secret) if secret else self.actor

        def perform(caller: Actor) -> Answer:
            done = booking.book(replace(caller, visit_id=None), wish)
            return Answer(201, appointment_out(done.appointment, link=f"/visit/{done.link}"))

        key = request.headers.get("Idempotency-Key")
        asked = fingerprint("POST", request.path, request.data)
        answer = perform(actor) if key is None else once(actor, key, asked, perform)
        response = Response(answer.body, status=answer.status)
        if answer.replayed:
            response["Idempotent-Replayed"] = "true"
        return response
