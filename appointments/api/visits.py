"""Appointments: listed, booked, read, corrected, cancelled."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import booking, medical, policies, transitions
from appointments.api.asking import BookingInput, EditInput
from appointments.api.base import AnyoneBooks, SignedInOrLink, VisitAPIView
from appointments.api.changing import change
from appointments.api.listing import AppointmentsQuery, listed
from appointments.api.shapes import AppointmentDetailOut, AppointmentOut, BookedOut, appointment_out
from appointments.contact import Contact
from appointments.queries import visit_for, visits_for
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.idempotency import Answer
from clinic.core.openapi import IDEMPOTENCY_KEY, VISIT_LINK
from clinic.core.pagination import page_of, page_shape
from clinic.core.repeatable import answer_once
from clinic.core.throttles import Bookings
from clinic.patients import profile


class AppointmentsView(VisitAPIView):
    permission_classes = (AnyoneBooks | SignedInOrLink,)
    throttle_classes = (Bookings,)

    @extend_schema(
        operation_id="list_appointments",
        parameters=[AppointmentsQuery, VISIT_LINK],
        responses={200: page_shape(AppointmentOut)},
    )
    def get(self, request: Request) -> Response:
        """The visits that the caller may see: a patient's own, a dentist's schedule, all for the front desk and admins,
        one for whoever shows its private link."""
        asked = AppointmentsQuery.of(request)
        return Response(page_of(request, listed(visits_for(self.actor), asked), asked, appointment_out))

    @extend_schema(operation_id="book", parameters=[IDEMPOTENCY_KEY], request=BookingInput, responses={201: BookedOut})
    def post(self, request: Request) -> Response:
        """Books a held slot, or a free one directly. An anonymous holder shows the hold's `token` in
        `reservation_token`. A lost slot is 409 `slot_taken` with the nearest free ones."""
        data = BookingInput.read(request.data)
        wish, secret = BookingInput.to_request(data, self._known()), data.get("reservation_token")
        actor = self.actor.with_secret(secret) if secret else self.actor

        def perform(caller: Actor) -> Answer:
            done = booking.book(replace(caller, visit_id=None), wish)
            return Answer(201, appointment_out(done.appointment, link=f"/visit/{done.link}"))

        return answer_once(request, actor, perform)

    def _known(self) -> Contact | None:
        """A signed-in patient as the practice knows them."""
        if self.actor.role != Role.PATIENT:
            return None
        with db.reading(self.actor):
            account, person = profile.own_account(self.actor), profile.own_person(self.actor)
        phone = str(person.phone) if person is not None else ""
        return Contact(name=account.name, email=account.email, phone=phone)


class AppointmentView(VisitAPIView):
    reading_is_recorded = True

    @extend_schema(operation_id="get_appointment", parameters=[VISIT_LINK], responses={200: AppointmentDetailOut})
    def get(self, request: Request, appointment_id: UUID) -> Response:
        """One visit. With what the patient told, for those who may read it; that staff read it is written down."""
        visit = visit_for(self.actor, appointment_id)
        told = medical.read_for(self.actor, visit.pk) if policies.reads_medical(self.actor, visit) else {}
        return Response({**appointment_out(visit), **told})

    @extend_schema(
        operation_id="replace_appointment",
        parameters=[IDEMPOTENCY_KEY, VISIT_LINK],
        request=EditInput,
        responses={200: AppointmentOut},
    )
    def put(self, request: Request, appointment_id: UUID) -> Response:
        """Corrects a visit: contact, what was told before it, and by another date, time or dentist moves it."""
        return self._change(request, appointment_id, partial=False)

    @extend_schema(
        operation_id="change_appointment",
        parameters=[IDEMPOTENCY_KEY, VISIT_LINK],
        request=EditInput,
        responses={200: AppointmentOut},
    )
    def patch(self, request: Request, appointment_id: UUID) -> Response:
        """Corrects what is given of a visit."""
        return self._change(request, appointment_id, partial=True)

    @extend_schema(
        operation_id="delete_appointment",
        request=None,
        parameters=[IDEMPOTENCY_KEY, VISIT_LINK],
        responses={200: AppointmentOut},
    )
    def delete(self, request: Request, appointment_id: UUID) -> Response:
        """Cancels a visit: it stays to be read, its time is free at once."""
        return self.changed(request, transitions.cancel, appointment_id)

    def _change(self, request: Request, appointment_id: UUID, *, partial: bool) -> Response:
        given = EditInput.read(request.data, partial=partial)
        return self.changed(request, change, appointment_id, given=given)
