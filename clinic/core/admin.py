from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.core.models import ClinicSettings
from clinic.core.refusals import ClinicModelAdmin


class ClinicSettingsForm(forms.ModelForm):
    class Meta:
        model = ClinicSettings
        fields = "__all__"  # noqa: DJ007 - the id is not editable, and every other field is a setting

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs["rows"] = 3
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
        (
            None,
            {"fields": ("name", "address", ("phone", "email"), ("emergency_number", "currency"), "clinic_time_zone")},
        ),
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
        (_("Personal data"), {"fields": (("guests_kept_months", "cancelled_kept_months"),)}),
    )

    readonly_fields = ("clinic_time_zone",)

    @admin.display(description=_("time zone"))
    def clinic_time_zone(self, clinic: ClinicSettings) -> str:
        """What all hours are meant in. Another one would move every stored visit on the wall clock, so it is set where
        the server is set up."""
        return clinic.time_zone

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("admin:core_clinicsettings_change", args=[1]))
