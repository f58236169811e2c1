"""Hours, other hours, time off and closures in admin: by themselves, and on each dentist's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.overrides import FORMFIELD_OVERRIDES_INLINE
from unfold.widgets import UnfoldAdminTimeWidget

from availability.admin_asking import NOBODY, AsksFirst
from availability.forms import DatesFormSet, IntervalForm, WeekFormSet
from availability.models import Closure, DateOverride, Reservation, TimeOff, WorkingHours
from clinic.core import clock
from clinic.core.admin_forms import can_be
from clinic.core.admin_rows import Rows
from clinic.core.refusals import ReadOnlyAdmin
from dentists.admin import DentistAdmin
from dentists.models import Dentist


class _Rows(Rows):
    """Rows of a dentist's page; times as they stand on a door, without seconds."""

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


admin.site.unregister(Dentist)


@admin.register(Dentist)
class ScheduledDentistAdmin(AsksFirst, DentistAdmin):
    """Dentists as `dentists` shows them, who know nothing of hours."""

    inlines: ClassVar[list[Any]] = [*DentistAdmin.inlines, WorkingHoursInline, DateOverrideInline, TimeOffInline]

    def concerned(self, request: HttpRequest, object_id: str | None) -> Q:
        return _of_dentists({object_id and unquote(object_id)})


class _OfADentist(AsksFirst):
    list_select_related = ("dentist",)
    autocomplete_fields = ("dentist",)
    search_fields = ("dentist__name",)

    def concerned(self, request: HttpRequest, object_id: str | None) -> Q:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        return _of_dentists({row and row.dentist_id, request.POST.get("dentist")})

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> tuple[list[Any], Any, Any, Any]:
        rows = list(objs)
        told, *rest = super().get_deleted_objects(rows, request)
        hit = self.hit_without(rows, _of_dentists({row.dentist_id for row in rows}))
        return ([*told, *hit], *rest)


def _of_dentists(keys: set[Any]) -> Q:
    return Q(dentist__in=[key for key in keys if key and can_be(Dentist._meta.pk, key)])


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
class ClosureAdmin(AsksFirst):
    list_display = ("date", "name")
    list_filter = ("date",)
    search_fields = ("name",)
    ordering = ("date",)

    def concerned(self, request: HttpRequest, object_id: str | None) -> Q:
        try:
            day = forms.DateField().clean(request.POST.get("date"))
            begin, end = clock.day_bounds(day)
        except (ValidationError, OverflowError):
            return NOBODY  # the form says so, too
        return Q(starts_at__lt=end, ends_at__gt=begin)


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
