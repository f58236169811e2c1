"""The clinic's settings, and the answers kept for repeated requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.instances import joined
from clinic.core.memory import forget, remembered

DIALLED = r"^[0-9+][0-9 /().-]*$"


class ClinicSettings(models.Model):
    """One row: what the practice decides for itself. Durations in the unit that the name ends with."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=120, default="Dental clinic")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    address = models.TextField(_("address"), blank=True)
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=20,
        default="112",
        validators=[RegexValidator(DIALLED, _("Give a number that can be dialled, such as 112."))],
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    slot_step_minutes = models.PositiveSmallIntegerField(
        _("slot step (minutes)"), default=15, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("hold (minutes)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    # Beyond these bounds a slip of the finger would leave nothing bookable, or reach past what a calendar can hold.
    min_notice_minutes = models.PositiveIntegerField(
        _("minimum notice (minutes)"), default=60, validators=[MaxValueValidator(86400)]
    )
    max_advance_days = models.PositiveSmallIntegerField(
        _("bookable ahead (days)"), default=456, validators=[MinValueValidator(1), MaxValueValidator(3660)]
    )
    same_day_release_minutes = models.PositiveIntegerField(
        _("same-day hours are released (minutes before)"), default=960, validators=[MaxValueValidator(86400)]
    )
    confirms_at_once = models.BooleanField(_("new bookings are confirmed at once"), default=True)
    cancel_cutoff_hours = models.PositiveSmallIntegerField(
        _("patients may cancel until (hours before)"), default=24, validators=[MaxValueValidator(1440)]
    )
    reschedule_cutoff_hours = models.PositiveSmallIntegerField(
        _("patients may move until (hours before)"), default=24, validators=[MaxValueValidator(1440)]
    )
    holds_per_address = models.PositiveSmallIntegerField(
        _("live holds per network address"), default=12, validators=[MaxValueValidator(1000)]
    )
    holds_per_hour = models.PositiveSmallIntegerField(
        _("holds per hour and holder"), default=40, validators=[MaxValueValidator(1000)]
    )
    consent_version = models.CharField(_("version of the consent text"), max_length=20, default="2026-11")
    # docs/privacy.md says what is erased then, and what stays.
    guests_kept_months = models.PositiveSmallIntegerField(
        _("guests are erased after their last visit (months)"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_("0 keeps them until they are erased by hand."),
    )
    cancelled_kept_months = models.PositiveSmallIntegerField(
        _("cancelled visits are made anonymous (months)"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_("0 keeps them until they are erased by hand."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("clinic settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="settings_one_row"),
            models.CheckConstraint(condition=models.Q(slot_step_minutes__range=(5, 240)), name="settings_slot_step"),
            models.CheckConstraint(condition=models.Q(hold_minutes__range=(1, 60)), name="settings_hold"),
            models.CheckConstraint(condition=models.Q(currency__regex="^[A-Z]{3}$"), name="settings_currency"),
            models.CheckConstraint(condition=models.Q(min_notice_minutes__lte=86400), name="settings_min_notice"),
            models.CheckConstraint(condition=models.Q(max_advance_days__lte=3660), name="settings_max_advance"),
            models.CheckConstraint(condition=models.Q(max_advance_days__gte=1), name="settings_some_advance"),
            models.CheckConstraint(condition=~models.Q(name=""), name="settings_named"),
            models.CheckConstraint(
                condition=models.Q(emergency_number__regex=DIALLED), name="settings_emergency_number"
            ),
            models.CheckConstraint(
                condition=models.Q(same_day_release_minutes__lte=86400), name="settings_same_day_release"
            ),
            models.CheckConstraint(condition=models.Q(cancel_cutoff_hours__lte=1440), name="settings_cancel_cutoff"),
            models.CheckConstraint(
                condition=models.Q(reschedule_cutoff_hours__lte=1440), name="settings_reschedule_cutoff"
            ),
            models.CheckConstraint(condition=models.Q(holds_per_address__lte=1000), name="settings_holds_per_address"),
            models.CheckConstraint(condition=models.Q(holds_per_hour__lte=1000), name="settings_holds_per_hour"),
            models.CheckConstraint(condition=models.Q(guests_kept_months__lte=600), name="settings_guests_kept"),
            models.CheckConstraint(condition=models.Q(cancelled_kept_months__lte=600), name="settings_cancelled_kept"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> ClinicSettings:
        """The clinic's settings as they are now; read once in a transaction."""
        return remembered(cls, cls._read)

    @classmethod
    def _read(cls) -> ClinicSettings:
        for [found] in joined([("s", cls)], "core_clinicsettings s WHERE s.id = 1"):
            current: ClinicSettings = found
            return current
        raise cls.DoesNotExist

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget(type(self))

    @property
    def time_zone(self) -> str:
        return str(settings.CLINIC_TIME_ZONE)

    @property
    def hold(self) -> timedelta:
        return timedelta(minutes=self.hold_minutes)


class IdempotencyKey(models.Model):
    """The answer that one caller's key was given, kept 24 hours so that a repeated request gets it again."""

    id = models.UUIDField(primary_key=True)
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)  # encrypted: it repeats what the answer said
    about = models.UUIDField(null=True)  # the row that the answer tells of, so that it can go with that row
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.status}"
