"""Dentists, treatments, and which dentist offers what."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import global_settings, settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clinic.core import clock

TONES = 12
LANGUAGE_NAMES = {code: _(name) for code, name in global_settings.LANGUAGES}


class Specialization(models.TextChoices):
    GENERAL = "general", _("General dentistry")
    ORTHODONTICS = "orthodontics", _("Orthodontics")
    ENDODONTICS = "endodontics", _("Endodontics")
    PERIODONTICS = "periodontics", _("Periodontics")
    PROSTHODONTICS = "prosthodontics", _("Prosthodontics")
    ORAL_SURGERY = "oral_surgery", _("Oral surgery")
    PAEDIATRIC = "paediatric", _("Paediatric dentistry")


class Admits(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    NEW = "new", _("New patients")
    KNOWN = "known", _("Known patients")


class Dentist(models.Model):
    """A dentist of the clinic. Signs in through `user`, which is made with the dentist."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address of the page"), max_length=140)
    email = models.EmailField(_("email"), max_length=254)
    title = models.CharField(_("title"), max_length=120, blank=True)
    specializations = ArrayField(
        models.CharField(max_length=20, choices=Specialization.choices),
        verbose_name=_("specializations"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages spoken"), default=list, blank=True
    )
    bio = models.TextField(_("about"), blank=True)
    practising_since = models.PositiveSmallIntegerField(_("practising since (year)"), null=True, blank=True)
    tone = models.PositiveSmallIntegerField(
        _("colour"), default=1, validators=[MinValueValidator(1), MaxValueValidator(TONES)]
    )
    is_active = models.BooleanField(_("takes bookings"), default=True)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        verbose_name = _("dentist")
        verbose_name_plural = _("dentists")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="dentist_email",
                violation_error_message=_("Another dentist has this email."),
            ),
            models.UniqueConstraint(fields=["slug"], name="dentist_slug"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="dentist_email_lower"),
            models.CheckConstraint(condition=~models.Q(name=""), name="dentist_name_given"),
            models.CheckConstraint(condition=models.Q(tone__range=(1, TONES)), name="dentist_tone"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    @property
    def initials(self) -> str:
        words = [
            word for word in self.name.replace(".", " ").split() if word.lower() not in ("dr", "prof", "med", "dent")
        ]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def years_experience(self) -> int | None:
        """Years in practice, by the clinic's calendar."""
        return clock.today().year - self.practising_since if self.practising_since else None

    @property
    def languages_display(self) -> str:
        """The languages spoken, in the reader's language."""
        return ", ".join(str(LANGUAGE_NAMES.get(code, code)) for code in self.languages)

    @property
    def specializations_display(self) -> list[str]:
        return [str(Specialization(item).label) for item in self.specializations if item in Specialization.values]


class Treatment(models.Model):
    """What can be booked. Prices in the clinic's currency, times in minutes; a dentist may differ (`Offer`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration (minutes)"), validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        _("buffer before (minutes)"), default=0, validators=[MaxValueValidator(120)]
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        _("buffer after (minutes)"), default=0, validators=[MaxValueValidator(120)]
    )
    price = models.DecimalField(_("price"), max_digits=9, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    specialization = models.CharField(
        _("specialization"), max_length=20, choices=Specialization.choices, default=Specialization.GENERAL
    )
    tone = models.PositiveSmallIntegerField(
        _("colour"), default=1, validators=[MinValueValidator(1), MaxValueValidator(TONES)]
    )
    bookable_online = models.BooleanField(_("bookable online"), default=True)
    admits = models.CharField(_("for"), max_length=10, choices=Admits.choices, default=Admits.EVERYONE)
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age (years)"), default=0, validators=[MaxValueValidator(120)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="treatment_slug"),
            models.CheckConstraint(condition=models.Q(duration_minutes__range=(5, 480)), name="treatment_duration"),
            models.CheckConstraint(condition=models.Q(buffer_before_minutes__lte=120), name="treatment_buffer_before"),
            models.CheckConstraint(condition=models.Q(buffer_after_minutes__lte=120), name="treatment_buffer_after"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="treatment_price"),
            models.CheckConstraint(condition=models.Q(minimum_age__lte=120), name="treatment_minimum_age"),
            models.CheckConstraint(condition=models.Q(admits__in=Admits.values), name="treatment_admits"),
            models.CheckConstraint(
                condition=models.Q(specialization__in=Specialization.values), name="treatment_specialization"
            ),
            models.CheckConstraint(condition=models.Q(tone__range=(1, TONES)), name="treatment_tone"),
            models.CheckConstraint(condition=~models.Q(name=""), name="treatment_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A dentist offers a treatment, with a duration (minutes) and price of their own where they differ."""

    id = models.BigAutoField(primary_key=True)
    dentist = models.ForeignKey(Dentist, models.CASCADE, related_name="offers", verbose_name=_("dentist"))
    treatment = models.ForeignKey(Treatment, models.CASCADE, related_name="offers", verbose_name=_("treatment"))
    duration_minutes = models.PositiveSmallIntegerField(
        _("own duration (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    price = models.DecimalField(
        _("own price"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        verbose_name = _("offered treatment")
        verbose_name_plural = _("offered treatments")
        constraints = [
            models.UniqueConstraint(fields=["dentist", "treatment"], name="offer_once"),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__isnull=True) | models.Q(duration_minutes__range=(5, 480)),
                name="offer_duration",
            ),
            models.CheckConstraint(condition=models.Q(price__isnull=True) | models.Q(price__gte=0), name="offer_price"),
        ]

    def __str__(self) -> str:
        return f"{self.dentist_id} {self.treatment_id}"

    @property
    def minutes(self) -> int:
        return self.duration_minutes if self.duration_minutes is not None else self.treatment.duration_minutes

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def amount(self) -> Decimal:
        return self.price if self.price is not None else self.treatment.price
