from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from clinic.core.refusals import ClinicModelAdmin
from clinic.patients.errors import SecondSelf
from clinic.patients.models import Patient, Relation


class PatientForm(forms.ModelForm):
    class Meta:
        model = Patient
        fields = ("name", "birth_date", "email", "phone", "account", "relation")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        account = values.get("account")
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
    fields = (("name", "birth_date"), ("email", "phone"), ("account", "relation"), "created_at")
    readonly_fields = ("created_at",)
