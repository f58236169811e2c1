"""Hours, other hours, time off and closures in admin: by themselves, and on each dentist's page."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.overrides import FORMFIELD_OVERRIDES_INLINE
from unfold.widgets import UnfoldAdminTimeWidget

from availability.forms import DatesFormSet, IntervalForm, WeekFormSet
from availability.models import Closure, DateOverride, Reservation, TimeOff, WorkingHours
from clinic.core import clock
from clinic.core.refusals import ClinicModelAdmin, ReadOnlyAdmin
from dentists.admin import DentistAdmin


class _Rows(TabularInline):
    """Rows of a dentist's page; times as they stand on a door, without seconds."""

    extra = 0
    hide_title = True
    formfield_overrides = FORMFIELD_OVERRIDES_INLINE | {
        models.TimeField: {"widget": UnfoldAdminTimeWidget(format="%H:%M")}
    }


class WorkingHoursInline(_Rows):
    model = WorkingHours
    form = IntervalForm
    formset = WeekFormSet
    fields = ("day_of_week", "start_time", "end_time", "access", "is_available")


class DateOverrideInline(_Rows):
    """From today on: what was is history, and has a list of its own."""

    model = DateOverride
    form = IntervalForm
    formset = DatesFormSet
    fields = ("date", "start_time", "end_time", "access")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DateOverride]:
        found: QuerySet[DateOverride] = super().get_queryset(request)
        return found.filter(date__gte=clock.today())


class TimeOffInline(_Rows):
    """What is not over yet."""

    model = TimeOff
    fields = ("starts_at", "ends_at", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOff]:
        found: QuerySet[TimeOff] = super().get_queryset(request)
        return found.filter(ends_at__gt=clock.now())


DentistAdmin.inlines += [WorkingHoursInline, DateOverrideInline, TimeOffInline]


class _OfADentist(ClinicModelAdmin):
    list_select_related = ("dentist",)
    autocomplete_fields = ("dentist",)
    search_fields = ("dentist__name",)


@admin.register(WorkingHours)
class WorkingHoursAdmin(_OfADentist):
    list_display = ("dentist", "day_of_week", "start_time", "end_time", "access", "is_available")
    list_filter = ("dentist", "day_of_week", "access")
    fields = ("dentist", "day_of_week", ("start_time", "end_time"), ("access", "is_available"))


@admin.register(DateOverride)
class DateOverrideAdmin(_OfADentist):
    list_display = ("date", "dentist", "start_time", "end_time", "access")
    list_filter = ("dentist", "date", "access")
    ordering = ("-date", "start_time")
    fields = (("dentist", "date"), ("start_time", "end_time"), "access")


@admin.register(TimeOff)
class TimeOffAdmin(_OfADentist):
    list_display = ("dentist", "starts_at", "ends_at", "reason")
    list_filter = ("dentist", "starts_at")
    ordering = ("-starts_at",)
    fields = ("dentist", "starts_at", "ends_at", "reason")


@admin.register(Closure)
class ClosureAdmin(ClinicModelAdmin):
    list_display = ("date", "name")
    list_filter = ("date",)
    search_fields = ("name",)
    ordering = ("date",)


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """Who holds a slot is nobody's business here; that it is held, and until when, is."""

    list_display = ("starts_at", "dentist", "treatment", "expires_at")
    list_filter = ("dentist",)
    list_select_related = ("dentist", "treatment")
    ordering = ("starts_at",)
    fields = (
        "dentist",
        "treatment",
        ("starts_at", "ends_at"),
        ("busy_from", "busy_until"),
        "expires_at",
    )
