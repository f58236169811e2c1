from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MaxValueValidator, RegexValidator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.core.models import ClinicSettings
from clinic.core.refusals import ClinicModelAdmin

# Beyond these a slip of the finger would leave nothing bookable, or reach past what a calendar can hold.
_AT_MOST = {
    "min_notice_minutes": 60 * 24 * 60,
    "same_day_release_minutes": 60 * 24 * 60,
    "max_advance_days": 3660,
    "cancel_cutoff_hours": 24 * 60,
    "reschedule_cutoff_hours": 24 * 60,
    "holds_per_address": 1000,
    "holds_per_hour": 1000,
}


class ClinicSettingsForm(forms.ModelForm):
    class Meta:
        model = ClinicSettings
        fields = "__all__"  # noqa: DJ007 - the id is not editable, and every other field is a setting

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in _AT_MOST.items():
            self.fields[name].validators.append(MaxValueValidator(most))
        self.fields["currency"].validators.append(
            RegexValidator(r"^[A-Za-z]{3}$", _("Give the three letters of the currency, such as EUR."))
        )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(ClinicModelAdmin):
    """One row: its list leads straight to it, and it neither comes nor goes."""

    form = ClinicSettingsForm
    fieldsets = (
        (None, {"fields": ("name", "address", ("phone", "email"), ("emergency_number", "currency"))}),
        (
            _("Booking"),
            {
                "fields": (
                    ("slot_step_minutes", "confirms_at_once"),
                    ("min_notice_minutes", "max_advance_days"),
                    ("same_day_release_minutes", "hold_minutes"),
                    ("cancel_cutoff_hours", "reschedule_cutoff_hours"),
                    "consent_version",
                )
            },
        ),
        (_("Limits"), {"fields": (("holds_per_address", "holds_per_hour"),)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("admin:core_clinicsettings_change", args=[1]))
