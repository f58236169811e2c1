"""Dentists and treatments as programs read and write them. Prices are in `currency`, durations in minutes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from clinic.core.fields import Line
from clinic.core.input import Input
from clinic.core.models import ClinicSettings
from dentists.models import LANGUAGE_NAMES, TONES, Admits, Specialization
from dentists.roster import Offering

EARLIEST_PRACTICE, LATEST_PRACTICE = 1930, 2200


class _Priced(serializers.Serializer[Any]):
    """Something with a price; the clinic's currency is read once for all of them."""

    currency = serializers.SerializerMethodField()

    def get_currency(self, item: Any) -> str:
        shared: Any = self.context
        if "currency" not in shared:
            shared["currency"] = ClinicSettings.current().currency
        return str(shared["currency"])


class TreatmentOut(_Priced):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    duration_minutes = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=9, decimal_places=2)
    specialization = serializers.ChoiceField(Specialization.choices)
    bookable_online = serializers.BooleanField()
    admits = serializers.ChoiceField(Admits.choices)
    minimum_age = serializers.IntegerField()


class OfferOut(_Priced):
    """A treatment as one dentist offers it."""

    id = serializers.UUIDField(source="treatment.pk")
    slug = serializers.CharField(source="treatment.slug")
    name = serializers.CharField(source="treatment.name")
    duration_minutes = serializers.IntegerField(source="minutes")
    price = serializers.DecimalField(max_digits=9, decimal_places=2, source="amount")
    bookable_online = serializers.BooleanField(source="treatment.bookable_online")


class DentistOut(serializers.Serializer[Any]):
    """What everybody may know of a dentist."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    specializations = serializers.ListField(child=serializers.ChoiceField(Specialization.choices))
    languages = serializers.ListField(child=serializers.CharField())
    bio = serializers.CharField(allow_blank=True)
    practising_since = serializers.IntegerField(allow_null=True)
    years_experience = serializers.IntegerField(allow_null=True)
    treatments = OfferOut(many=True, source="offered")


class DentistForAdminOut(DentistOut):
    """What admins see besides."""

    email = serializers.EmailField()
    is_active = serializers.BooleanField()
    tone = serializers.IntegerField()
    user_id = serializers.UUIDField(allow_null=True)


class OfferingInput(Input):
    """A treatment by id or slug, with minutes and price of one's own where they differ."""

    treatment = serializers.CharField(max_length=80)
    duration_minutes = serializers.IntegerField(min_value=5, max_value=480, required=False, allow_null=True)
    price = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0, required=False, allow_null=True)


class OwnDentistInput(Input):
    """What a dentist says of themselves."""

    title = Line(max_length=120, required=False, allow_blank=True)
    specializations = serializers.ListField(
        child=serializers.ChoiceField(Specialization.choices), required=False, max_length=len(Specialization.values)
    )
    languages = serializers.ListField(
        child=serializers.ChoiceField(sorted(LANGUAGE_NAMES)), required=False, max_length=len(LANGUAGE_NAMES)
    )
    bio = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    practising_since = serializers.IntegerField(
        min_value=EARLIEST_PRACTICE, max_value=LATEST_PRACTICE, required=False, allow_null=True
    )
    treatments = serializers.ListField(child=OfferingInput(), required=False, max_length=200)

    @staticmethod
    def offers_of(given: dict[str, Any]) -> list[Offering] | None:
        """What is to be offered, None when it stays as it is."""
        offers = given.get("treatments")
        return None if offers is None else [Offering(**one) for one in offers]

    @staticmethod
    def values_of(given: dict[str, Any]) -> dict[str, Any]:
        """The dentist's own fields among what was given."""
        return {name: value for name, value in given.items() if name not in ("treatments", "password")}


class DentistInput(OwnDentistInput):
    """What an admin says of a dentist."""

    name = Line(max_length=120)
    email = serializers.EmailField(max_length=254)
    slug = serializers.SlugField(max_length=140, required=False)
    tone = serializers.IntegerField(min_value=1, max_value=TONES, required=False)
    is_active = serializers.BooleanField(required=False)


class NewDentistInput(DentistInput):
    """With a password the login works at once; without one it waits until somebody sets one."""

    password = serializers.CharField(max_length=256, trim_whitespace=False, required=False, write_only=True)


def dentist_out(dentist: Any, *, for_admin: bool = False, context: dict[str, Any] | None = None) -> dict[str, Any]:
    """A dentist from `queries.with_offers`; `context` is shared by those of one list."""
    shape = DentistForAdminOut if for_admin else DentistOut
    return dict(shape(dentist, context={} if context is None else context).data)
