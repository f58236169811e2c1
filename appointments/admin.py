"""Appointments in admin: found, read, and led through their life by the same verbs as everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from appointments import impact
from appointments.admin_steps import LedBySteps
from appointments.models import Appointment, BookingSource, PaymentMethod, PaymentStatus, Status
from appointments.references import normalized
from appointments.timeline import timeline
from availability.admin_asking import AsksFirst
from clinic.core import clock, db
from clinic.core.admin_export import Column, ExportedAsCSV
from clinic.core.admin_lists import Mood, state
from clinic.patients.models import Patient
from dentists.admin import DentistAdmin, TreatmentAdmin

FOUND = 500  # people whose visits a search for a name looks through
_STATUSES = dict(Status.choices)
_MOODS: dict[str, Mood] = {
    Status.PENDING: "warn",
    Status.CONFIRMED: "calm",
    Status.CHECKED_IN: "good",
    Status.COMPLETED: "good",
    Status.NO_SHOW: "bad",
    Status.CANCELLED: "idle",
}


class When(admin.SimpleListFilter):
    """By the clinic's calendar."""

    title = _("date")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("Next 7 days")),
            ("coming", _("From now on")),
            ("last_week", _("Past 7 days")),
            ("last_month", _("Past 30 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> QuerySet[Appointment]:
        today = clock.today()
        spans = {"today": (0, 1), "tomorrow": (1, 2), "week": (0, 7), "last_week": (-7, 0), "last_month": (-30, 0)}
        value = self.value()
        if value == "coming":
            return queryset.filter(starts_at__gte=clock.now())
        if value not in spans:
            return queryset
        first, end = (clock.day_bounds(today + timedelta(days=days))[0] for days in spans[value])
        return queryset.filter(starts_at__gte=first, starts_at__lt=end)


def _day(instant: datetime) -> str:
    return clock.local(instant).date().isoformat()


def _time(instant: datetime) -> str:
    return f"{clock.local(instant):%H:%M}"


# Without what is or may be medical: the urgency, the reason of a cancellation, what was told.
_COLUMNS = (
    Column(_("reference"), "booking_reference"),
    Column(_("date"), "starts_at", _day),
    Column(_("starts"), "starts_at", _time),
    Column(_("ends"), "ends_at", _time),
    Column(_("status"), "status", dict(Status.choices).get),
    Column(_("source"), "booking_source", dict(BookingSource.choices).get),
    Column(_("dentist"), "dentist_name"),
    Column(_("treatment as booked"), "treatment_name"),
    Column(_("patient's name"), "patient_name"),
    Column(_("date of birth"), "patient_birth_date"),
    Column(_("patient's email"), "patient_email"),
    Column(_("patient's phone"), "patient_phone"),
    Column(_("payment method"), "payment_method", dict(PaymentMethod.choices).get),
    Column(_("payment status"), "payment_status", dict(PaymentStatus.choices).get),
    Column(_("amount"), "payment_amount"),
    Column(_("currency"), "currency"),
    Column(_("booked"), "created_at", lambda instant: f"{_day(instant)} {_time(instant)}"),
)


@admin.register(Appointment)
class AppointmentAdmin(ExportedAsCSV, LedBySteps):
    columns = _COLUMNS
    export_by = "starts_at"
    list_display = (
        "booking_reference", "starts_at", "shown_status", "patient_name", "treatment_name", "dentist_name",
        "booking_source",
    )  # fmt: skip
    list_filter = (When, "status", "booking_source", "dentist", "payment_status", "triage_band")
    search_fields = ("booking_reference",)  # what else is searched, and how, says get_search_results
    search_help_text = _("A whole reference, a name, or an email address")
    ordering = ("-starts_at", "id")
    list_disable_select_all = True
    list_before_template = "admin/live_list.html"
    actions = (*LedBySteps.actions, "export")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("booking_reference", "status"),
                    ("starts_at", "ends_at"),
                    ("dentist_name", "treatment_name"),
                    ("booking_source", "triage_band", "outside_rules"),
                )
            },
        ),
        (
            _("Patient"),
            {"fields": (("patient", "patient_name", "patient_birth_date"), ("patient_email", "patient_phone"))},
        ),
        (_("Payment"), {"fields": (("payment_method", "payment_status"), ("payment_amount", "currency"))}),
        (
            _("History"),
            {
                "fields": (
                    ("created_at", "updated_at"),
                    ("confirmed_at", "checked_in_at"),
                    ("completed_at", "no_show_at"),
                    ("cancelled_at", "cancelled_by", "cancellation_reason"),
                    ("consent_version", "consent_at"),
                    "history",
                )
            },
        ),
    )

    readonly_fields = ("history",)

    class Media:
        css = {"all": ("clinic/live-changelist.css",)}
        js = (forms.Script("clinic/live-changelist.js", type="module"),)

    def view_on_site(self, visit: Appointment) -> str:
        """Where it is moved and its patient corrected: at the front desk, which admins may enter."""
        return reverse("desk:visit", args=[visit.pk])

    @display(description=_("what happened"))
    def history(self, visit: Appointment) -> str:
        actor = db.acting()
        entries = timeline(actor, visit.pk) if actor else []
        return format_html_join("", "<div>{}</div>", ((entry.sentence,) for entry in entries)) or "–"

    @display(description=_("status"), ordering="status")
    def shown_status(self, visit: Appointment) -> str:
        return state(_MOODS[visit.status], _STATUSES[visit.status])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Appointment], search_term: str
    ) -> tuple[QuerySet[Appointment], bool]:
        """By whole reference, by the email given, or by the people of a name; each has an index to go by."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if reference := normalized(term):
            return queryset.filter(booking_reference=reference), False
        people = Patient.objects.filter(email__iexact=term) if "@" in term else _named(term)
        ids = list(people.values_list("pk", flat=True)[:FOUND])
        return queryset.filter(patient__in=ids), False


def _named(term: str) -> QuerySet[Patient]:
    """The people in whose name every word of the search occurs."""
    words = [Q(name__icontains=word) for word in term.split()]
    return Patient.objects.filter(*words)


def _visits_cancelled(dentists: list[UUID]) -> list[str]:
    count = Appointment.objects.filter(
        dentist__in=dentists, status__in=(Status.PENDING, Status.CONFIRMED), starts_at__gt=clock.now()
    ).count()
    text = ngettext(
        "%(count)d visit still to come will be cancelled, and the patient told.",
        "%(count)d visits still to come will be cancelled, and the patients told.",
        count,
    )
    return [text % {"count": count}, _said("Past visits stay, under the name and email that stand on them.")]


def _visits_booked(treatments: list[UUID]) -> list[str]:
    count = Appointment.objects.filter(treatment__in=treatments).count()
    text = ngettext(
        "%(count)d visit was booked for it. Switch it off instead.",
        "%(count)d visits were booked for it. Switch it off instead.",
        count,
    )
    return [text % {"count": count}] if count else []


AsksFirst.standing.append(impact.standing)
DentistAdmin.consequences.append(_visits_cancelled)
TreatmentAdmin.obstacles.append(_visits_booked)
