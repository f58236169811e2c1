"""One's own profile."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts.models import AccountRole
from clinic.core import db
from clinic.core.actor import Role
from clinic.core.api import ClinicAPIView
from clinic.core.errors import NotAllowed
from clinic.core.fields import Day, Line
from clinic.core.input import Input
from clinic.core.permissions import SignedIn
from clinic.patients import profile
from dentists import roster
from dentists.api.shapes import DentistOut, OwnDentistInput, dentist_out
from dentists.queries import with_offers


class ProfileOut(serializers.Serializer[Any]):
    """`patient_id`, `phone` and `birth_date` are those of the person who holds the account, once there is one."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    email_verified = serializers.BooleanField()
    name = serializers.CharField()
    role = serializers.ChoiceField(AccountRole.choices)
    patient_id = serializers.UUIDField(allow_null=True)
    phone = serializers.CharField(allow_blank=True)
    birth_date = serializers.DateField(allow_null=True)
    dentist = DentistOut(allow_null=True)


class ProfileInput(Input):
    """`dentist` is for dentists: what they say of themselves and offer."""

    name = Line(max_length=120)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    birth_date = Day(required=False, allow_null=True, earliest=1900)
    dentist = OwnDentistInput(required=False, allow_null=True)


class MeView(ClinicAPIView):
    permission_classes = (SignedIn,)

    @extend_schema(operation_id="get_my_profile", responses={200: ProfileOut})
    def get(self, request: Request) -> Response:
        """Who I am."""
        return Response(self._told())

    @extend_schema(operation_id="replace_my_profile", request=ProfileInput, responses={200: ProfileOut})
    def put(self, request: Request) -> Response:
        """Changes my profile. Email and role are not for changing here."""
        return self._change(request, partial=False)

    @extend_schema(operation_id="change_my_profile", request=ProfileInput, responses={200: ProfileOut})
    def patch(self, request: Request) -> Response:
        """Changes what is given of my profile."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        data = ProfileInput.read(request.data, partial=partial)
        own = {name: value for name, value in data.items() if name != "dentist"}
        as_dentist = data.get("dentist")
        with db.enclosing(self.actor):  # one profile, stored as a whole or not at all
            profile.change_own(self.actor, own)
            if as_dentist is not None:
                if self.actor.role != Role.DENTIST or self.actor.dentist_id is None:
                    raise NotAllowed().about("dentist")
                offers = OwnDentistInput.offers_of(as_dentist)
                roster.change(self.actor, self.actor.dentist_id, OwnDentistInput.values_of(as_dentist), offers=offers)
            return Response(self._told())

    def _told(self) -> dict[str, Any]:
        account, person = profile.own_account(self.actor), profile.own_person(self.actor)
        dentist = with_offers().filter(pk=self.actor.dentist_id).first() if self.actor.dentist_id else None
        return {
            "id": str(account.pk),
            "email": account.email,
            "email_verified": account.email_verified_at is not None,
            "name": account.name,
            "role": account.role,
            "patient_id": str(person.pk) if person else None,
            "phone": str(person.phone) if person else "",
            "birth_date": person.birth_date.isoformat() if person and person.birth_date else None,
            "dentist": dentist_out(dentist) if dentist else None,
        }
