"""When dentists work, when they do not, and which time is taken.

Hours are the clinic's wall clock; time off, holds and occupancy are instants in UTC.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from clinic.core import clock
from dentists.models import Dentist, Treatment

# What calendars here reach: an instant beyond them was a slip of the finger, and some could not even be shown again.
FIRST_INSTANT, LAST_INSTANT = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 12, 30, tzinfo=UTC)
END_AFTER_START = _("The end must come after the start.")
BOTH_OR_NEITHER = _("Give both times, the end after the start, or neither for a closed day.")
BEYOND_CALENDAR = _("This is no date that a calendar here reaches.")


class Access(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    SAME_DAY = "same_day", _("Kept for the same day")
    URGENT = "urgent", _("Kept for emergencies")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class SecondsOfDay(Func):
    """[start, end) as seconds of the day; a missing bound reaches to the day's edge, so a closed date covers it all."""

    template = (
        "int4range(coalesce(extract(epoch from %(start)s::time)::int, 0),"
        " coalesce(extract(epoch from %(end)s::time)::int, 86400))"
    )

    def __init__(self) -> None:
        super().__init__(F("start_time"), F("end_time"), output_field=models.TextField())

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        start, start_params = compiler.compile(self.source_expressions[0])
        end, end_params = compiler.compile(self.source_expressions[1])
        return self.template % {"start": start, "end": end}, (*start_params, *end_params)


def _cut_seconds(row: WorkingHours | DateOverride) -> None:
    for name in ("start_time", "end_time"):
        if (wall := getattr(row, name)) is not None:
            setattr(row, name, wall.replace(second=0, microsecond=0))


class WorkingHours(models.Model):
    """One weekly interval of a dentist. Several a day never overlap; the gap between them is the lunch break."""

    id = models.BigAutoField(primary_key=True)
    dentist = models.ForeignKey(Dentist, models.CASCADE, related_name="working_hours", verbose_name=_("dentist"))
    day_of_week = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices, validators=[MaxValueValidator(6)])
    start_time = models.TimeField(_("from"))
    end_time = models.TimeField(_("to"))
    access = models.CharField(_("for"), max_length=10, choices=Access.choices, default=Access.EVERYONE)
    is_available = models.BooleanField(_("available"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("working hours")
        ordering = ["dentist", "day_of_week", "start_time"]
        constraints = [
            models.CheckConstraint(condition=Q(day_of_week__range=(0, 6)), name="hours_day_of_week"),
            models.CheckConstraint(condition=Q(access__in=Access.values), name="hours_access"),
            models.CheckConstraint(
                condition=Q(end_time__gt=F("start_time")),
                name="hours_end_after_start",
                violation_error_message=END_AFTER_START,
            ),
            ExclusionConstraint(
                name="hours_no_overlap",
                expressions=[
                    ("dentist", RangeOperators.EQUAL),
                    ("day_of_week", RangeOperators.EQUAL),
                    (SecondsOfDay(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These hours overlap others of the same day."),
            ),
        ]

    def clean(self) -> None:
        """Before the database is asked about overlaps: no range ends before it starts. Seconds are cut."""
        _cut_seconds(self)
        if self.start_time is not None and self.end_time is not None and self.end_time <= self.start_time:
            raise ValidationError({"end_time": END_AFTER_START})

    def __str__(self) -> str:
        return f"{self.get_day_of_week_display()} {self.start_time:%H:%M}–{self.end_time:%H:%M}"


class DateOverride(models.Model):
    """Other hours on one date instead of the weekly ones: an interval, or closed when both times are empty."""

    id = models.BigAutoField(primary_key=True)
    dentist = models.ForeignKey(Dentist, models.CASCADE, related_name="overrides", verbose_name=_("dentist"))
    date = models.DateField(_("date"))
    start_time = models.TimeField(_("from"), null=True, blank=True)
    end_time = models.TimeField(_("to"), null=True, blank=True)
    access = models.CharField(_("for"), max_length=10, choices=Access.choices, default=Access.EVERYONE)

    class Meta:
        verbose_name = _("date with other hours")
        verbose_name_plural = _("dates with other hours")
        ordering = ["dentist", "date", "start_time"]
        constraints = [
            models.CheckConstraint(condition=Q(access__in=Access.values), name="override_access"),
            models.CheckConstraint(
                condition=Q(start_time__isnull=True, end_time__isnull=True)
                | Q(start_time__isnull=False, end_time__isnull=False, end_time__gt=F("start_time")),
                name="override_end_after_start",
                violation_error_message=BOTH_OR_NEITHER,
            ),
            models.CheckConstraint(
                condition=Q(date__range=(FIRST_INSTANT.date(), LAST_INSTANT.date())),
                name="override_within_calendar",
                violation_error_message=BEYOND_CALENDAR,
            ),
            ExclusionConstraint(
                name="override_no_overlap",
                expressions=[
                    ("dentist", RangeOperators.EQUAL),
                    ("date", RangeOperators.EQUAL),
                    (SecondsOfDay(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This overlaps other hours of the same date."),
            ),
        ]

    def clean(self) -> None:
        """As for the weekly hours; one time alone says nothing."""
        _cut_seconds(self)
        start, end = self.start_time, self.end_time
        if (start is None) != (end is None) or (start is not None and end is not None and end <= start):
            raise ValidationError({"end_time": BOTH_OR_NEITHER})

    def __str__(self) -> str:
        if self.start_time is None or self.end_time is None:
            return f"{self.date} {_('closed')}"
        return f"{self.date} {self.start_time:%H:%M}–{self.end_time:%H:%M}"


class TimeOff(models.Model):
    """A dentist's absence between two instants. The reason is the dentist's own business."""

    id = models.BigAutoField(primary_key=True)
    dentist = models.ForeignKey(Dentist, models.CASCADE, related_name="time_off", verbose_name=_("dentist"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("time off")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["dentist", "ends_at"], name="time_off_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="time_off_end_after_start",
                violation_error_message=END_AFTER_START,
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte=FIRST_INSTANT, ends_at__lte=LAST_INSTANT),
                name="time_off_within_calendar",
                violation_error_message=BEYOND_CALENDAR,
            ),
        ]

    def __str__(self) -> str:
        return f"{clock.local(self.starts_at):%Y-%m-%d %H:%M}–{clock.local(self.ends_at):%Y-%m-%d %H:%M}"


class Closure(models.Model):
    """A date on which the whole clinic is closed."""

    id = models.BigAutoField(primary_key=True)
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date"],
                name="closure_date",
                violation_error_message=_("The clinic is closed that day already."),
            ),
            models.CheckConstraint(
                condition=Q(date__range=(FIRST_INSTANT.date(), LAST_INSTANT.date())),
                name="closure_within_calendar",
                violation_error_message=BEYOND_CALENDAR,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()


class Reservation(models.Model):
    """A hold: one slot kept for one holder while they fill in the form. Its trigger takes the time in `Occupancy`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dentist = models.ForeignKey(Dentist, models.CASCADE, related_name="reservations", verbose_name=_("dentist"))
    treatment = models.ForeignKey(Treatment, models.CASCADE, related_name="+", verbose_name=_("treatment"))
    holder = models.CharField(max_length=60)
    address = models.CharField(max_length=32, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    busy_from = models.DateTimeField(_("busy from"))
    busy_until = models.DateTimeField(_("busy until"))
    expires_at = models.DateTimeField(_("held until"))
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [
            models.Index(fields=["expires_at"], name="reservation_by_expiry"),
            models.Index(fields=["address"], name="reservation_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["holder"], name="reservation_one_per_holder"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="reservation_end_after_start"),
            models.CheckConstraint(
                condition=Q(busy_from__lte=F("starts_at")) & Q(busy_until__gte=F("ends_at")),
                name="reservation_buffers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Occupancy(models.Model):
    """The one truth about taken time: a visit or a hold, with its buffers. Only triggers write here.

    `source_id` is the id of the appointment or the hold. Exclusion constraints on dentist and time, and on person and
    the bare visit, stand in `sql/0001_occupancy.sql`.
    """

    source_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=5)
    dentist = models.ForeignKey(Dentist, models.DO_NOTHING, related_name="+", db_constraint=False)
    person_id = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    visit_starts_at = models.DateTimeField()
    visit_ends_at = models.DateTimeField()
    holder = models.CharField(max_length=60, blank=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["visit", "hold"]), name="occupancy_kind"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occupancy_end_after_start"),
        ]
        indexes = [models.Index(fields=["dentist", "starts_at"], name="occupancy_by_start")]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"


class HoldAttempt(models.Model):
    """That somebody held a slot: counted per holder and per network address, forgotten after an hour."""

    id = models.BigAutoField(primary_key=True)
    holder = models.CharField(max_length=60)
    address = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [
            models.Index(fields=["holder", "at"], name="hold_attempt_by_holder"),
            models.Index(fields=["address", "at"], name="hold_attempt_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
