"""The dentists: found by everybody, added, changed and removed by admins."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import db
from clinic.core.actor import Role
from clinic.core.api import ClinicAPIView
from clinic.core.pagination import PageQuery, ordered, ordering, page_of, page_shape
from clinic.core.permissions import Admin, AnyoneReads
from dentists import roster
from dentists.api.shapes import DentistForAdminOut, DentistInput, DentistOut, NewDentistInput, dentist_out
from dentists.models import LANGUAGE_NAMES, Dentist, Specialization
from dentists.queries import dentist_for, dentists_for, treatment_for

_ORDER = {"name": "name", "practising_since": "practising_since"}


class DentistsQuery(PageQuery):
    ordering = ordering(*_ORDER, default="name")
    q = serializers.CharField(max_length=80, required=False, help_text="Part of the name.")
    treatment = serializers.CharField(max_length=80, required=False, help_text="Who offers it: id or slug.")
    specialization = serializers.ChoiceField(Specialization.choices, required=False)
    language = serializers.ChoiceField(sorted(LANGUAGE_NAMES), required=False)


class DentistsView(ClinicAPIView):
    permission_classes = (AnyoneReads | Admin,)

    @extend_schema(operation_id="list_dentists", parameters=[DentistsQuery], responses={200: page_shape(DentistOut)})
    def get(self, request: Request) -> Response:
        """Who works here, with what they offer."""
        asked = DentistsQuery.of(request)
        rows = dentists_for(self.actor)
        if "q" in asked:
            rows = rows.filter(name__icontains=asked["q"])
        if "treatment" in asked:
            rows = rows.filter(offers__treatment=treatment_for(self.actor, asked["treatment"]))
        if "specialization" in asked:
            rows = rows.filter(specializations__contains=[asked["specialization"]])
        if "language" in asked:
            rows = rows.filter(languages__contains=[asked["language"]])
        context: dict[str, Any] = {}
        for_admin = self.actor.role == Role.ADMIN
        rows = ordered(rows, asked["ordering"], _ORDER)
        page = page_of(request, rows, asked, lambda row: dentist_out(row, for_admin=for_admin, context=context))
        return Response(page)

    @extend_schema(operation_id="add_dentist", request=NewDentistInput, responses={201: DentistForAdminOut})
    def post(self, request: Request) -> Response:
        """A new dentist, and with them a login for their email. Admins."""
        data = NewDentistInput.read(request.data)
        offers = NewDentistInput.offers_of(data) or ()
        added = roster.add(
            self.actor, NewDentistInput.values_of(data), password=data.get("password", ""), offers=offers
        )
        with db.reading(self.actor):
            return Response(dentist_out(added, for_admin=True), status=201)


class DentistView(ClinicAPIView):
    permission_classes = (AnyoneReads | Admin,)

    @extend_schema(operation_id="get_dentist", responses={200: DentistOut})
    def get(self, request: Request, dentist: str) -> Response:
        """One dentist, by id or by the address of the page. Admins see email and account as well."""
        found = dentist_for(self.actor, dentist)
        return Response(dentist_out(found, for_admin=self.actor.role == Role.ADMIN))

    @extend_schema(operation_id="replace_dentist", request=DentistInput, responses={200: DentistForAdminOut})
    def put(self, request: Request, dentist: str) -> Response:
        """Changes a dentist. A new name or email reaches the login and the visits that are not over. Admins."""
        return self._change(request, dentist, partial=False)

    @extend_schema(operation_id="change_dentist", request=DentistInput, responses={200: DentistForAdminOut})
    def patch(self, request: Request, dentist: str) -> Response:
        """Changes what is given of a dentist. Admins."""
        return self._change(request, dentist, partial=True)

    @extend_schema(operation_id="remove_dentist", responses={204: OpenApiResponse(description="Gone.")})
    def delete(self, request: Request, dentist: str) -> Response:
        """Takes a dentist away: the login stops at once, visits to come are cancelled. Admins."""
        roster.remove(self.actor, self._found(dentist).pk)
        return Response(status=204)

    def _change(self, request: Request, key: str, *, partial: bool) -> Response:
        data = DentistInput.read(request.data, partial=partial)
        changed = roster.change(
            self.actor, self._found(key).pk, DentistInput.values_of(data), offers=DentistInput.offers_of(data)
        )
        with db.reading(self.actor):
            return Response(dentist_out(changed, for_admin=True))

    def _found(self, key: str) -> Dentist:
        with db.reading(self.actor):
            return dentist_for(self.actor, key)
