from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.refusals import ClinicModelAdmin
from clinic.patients.errors import SecondSelf
from clinic.patients.models import Patient, Relation
from clinic.patients.profile import BORN_AFTER


class PatientForm(forms.ModelForm):
    class Meta:
        model = Patient
        fields = ("name", "birth_date", "email", "phone", "account", "relation")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        account = values.get("account")
        born = values.get("birth_date")
        if born is not None and not BORN_AFTER <= born <= clock.today():
            self.add_error("birth_date", forms.ValidationError(_("Please give a date of birth in the past.")))
        if account is not None and values.get("relation") == Relation.SELF:
            others = Patient.objects.filter(account=account, relation=Relation.SELF).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error("relation", forms.ValidationError(SecondSelf.text))
        return values


@admin.register(Patient)
class PatientAdmin(ClinicModelAdmin):
    """A person who has visits stays: the visits refer to them."""

    form = PatientForm
    list_display = ("name", "birth_date", "email", "phone", "account", "relation")
    list_filter = ("relation",)
    list_select_related = ("account",)
    search_fields = ("name", "email", "phone__exact", "account__email")
    autocomplete_fields = ("account",)
    readonly_fields = ("created_at",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = (("name", "birth_date"), ("email", "phone"), ("account", "relation"))
        return asked if obj is None else (*asked, "created_at")
