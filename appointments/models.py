"""The appointment, and apart from it what the patient told about their health."""

from __future__ import annotations

import uuid
from datetime import date, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core import clock
from clinic.core.choices import label_of
from clinic.core.crypto import EncryptedTextField
from clinic.patients.models import Patient, age_on
from dentists.models import Dentist, Treatment


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    CHECKED_IN = "checked_in", _("Checked in")
    COMPLETED = "completed", _("Completed")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


# The statuses in which a visit holds its time; the database's trigger has the same list.
ACTIVE = (Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED)


class BookingSource(models.TextChoices):
    MANUAL = "manual", _("Website")
    CHATBOT = "chatbot", _("Chatbot")
    STAFF = "staff", _("Practice")


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("At the clinic")
    STRIPE = "stripe", _("Online")


class PaymentStatus(models.TextChoices):
    PENDING = "pending", _("Open")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")
    FAILED = "failed", _("Failed")


class TriageBand(models.TextChoices):
    EMERGENCY_MEDICAL = "emergency_medical", _("Medical emergency")
    EMERGENCY_DENTAL = "emergency_dental", _("Within the hour")
    URGENT = "urgent", _("Within 24 hours")
    SOON = "soon", _("Within 7 days")
    ROUTINE = "routine", _("Routine")


class Appointment(models.Model):
    """A visit. What was true when it was booked stays here; instants in UTC, amounts in `currency`.

    Triggers keep `account`, `dentist_name`, `dentist_email`, `updated_at` and the time it takes in `Occupancy`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking_reference = models.CharField(_("reference"), max_length=12, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="appointments", verbose_name=_("patient"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    dentist = models.ForeignKey(
        Dentist, models.DO_NOTHING, null=True, related_name="appointments", db_constraint=False, db_index=False,
        verbose_name=_("dentist"),
    )  # fmt: skip
    treatment = models.ForeignKey(Treatment, models.SET_NULL, null=True, related_name="+", verbose_name=_("treatment"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CONFIRMED)
    booking_source = models.CharField(
        _("source"), max_length=10, choices=BookingSource.choices, default=BookingSource.MANUAL
    )

    dentist_name = models.CharField(max_length=120, blank=True, editable=False)
    dentist_email = models.CharField(max_length=254, blank=True, editable=False)
    treatment_name = models.CharField(_("treatment as booked"), max_length=120)
    patient_name = models.CharField(_("patient's name"), max_length=120)
    patient_email = models.EmailField(_("patient's email"), blank=True)
    patient_phone = models.CharField(_("patient's phone"), max_length=40, blank=True)
    patient_birth_date = models.DateField(_("date of birth"), null=True, blank=True)

    payment_method = models.CharField(
        _("payment method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.CASH
    )
    payment_status = models.CharField(
        _("payment status"), max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    payment_amount = models.DecimalField(_("amount"), max_digits=9, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    stripe_session_id = models.CharField(max_length=255, blank=True, editable=False)

    triage_band = models.CharField(_("urgency"), max_length=20, choices=TriageBand.choices, blank=True)
    consent_version = models.CharField(_("version of the consent text"), max_length=20, blank=True, editable=False)
    consent_at = models.DateTimeField(_("agreed"), null=True, editable=False)
    reservation_id = models.UUIDField(null=True, editable=False)
    # Of whoever booked, for mails; of what the practice booked nobody knows it.
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="", default="", editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    outside_rules = models.BooleanField(_("booked outside the rules"), default=False, editable=False)

    created_at = models.DateTimeField(_("booked"), db_default=models.functions.Now(), editable=False)
    updated_at = models.DateTimeField(_("last changed"), db_default=models.functions.Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    no_show_at = models.DateTimeField(_("did not come"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    cancellation_reason = models.CharField(_("reason of the cancellation"), max_length=200, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=10, blank=True, editable=False)
    cancelled_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)  # since then it is nobody's

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-starts_at", "id"]
        indexes = [
            models.Index(fields=["dentist", "starts_at"], name="appointment_by_dentist"),
            models.Index(fields=["account", "starts_at"], name="appointment_by_account"),
            models.Index(fields=["starts_at", "status"], name="appointment_by_start"),
            models.Index(fields=["created_at"], name="appointment_by_creation"),
            models.Index(fields=["dentist_email"], name="appointment_by_dentist_email"),
            models.Index(fields=["status", "starts_at"], name="appointment_by_status"),
            models.Index(fields=["payment_status", "starts_at"], name="appointment_by_payment"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["booking_reference"], name="appointment_reference"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_end_after_start"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="appointment_status"),
            models.CheckConstraint(condition=Q(booking_source__in=BookingSource.values), name="appointment_source"),
            models.CheckConstraint(
                condition=Q(payment_method__in=PaymentMethod.values), name="appointment_payment_method"
            ),
            models.CheckConstraint(
                condition=Q(payment_status__in=PaymentStatus.values), name="appointment_payment_status"
            ),
            models.CheckConstraint(condition=Q(payment_amount__gte=0), name="appointment_amount"),
            models.CheckConstraint(
                condition=Q(triage_band__in=["", *TriageBand.values]), name="appointment_triage_band"
            ),
            models.CheckConstraint(
                condition=Q(booking_reference__regex=r"^DC-[2-9A-HJKMNP-TV-Z]{6,8}$"),
                name="appointment_reference_shape",
            ),
            models.CheckConstraint(condition=~Q(patient_name=""), name="appointment_patient_named"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
                name="appointment_cancelled_when",
            ),
        ]

    def __str__(self) -> str:
        return self.booking_reference

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # Django's plugin has seen Django's own
        return label_of(Status, self.status)

    def get_booking_source_display(self) -> str:  # type: ignore[no-redef]  # as above
        return label_of(BookingSource, self.booking_source)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def appointment_date(self) -> date:
        """The date on the clinic's wall clock."""
        return clock.local(self.starts_at).date()

    @property
    def appointment_time(self) -> time:
        """The time on the clinic's wall clock."""
        return clock.local(self.starts_at).time()

    @property
    def patient_age(self) -> int | None:
        """Whole years on the day of the visit; it follows from the birth date."""
        return age_on(self.patient_birth_date, self.appointment_date)


class MedicalRecord(models.Model):
    """What the patient told for this visit, encrypted. Staff read it only through `medical.read_for`, which notes who did."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, primary_key=True, related_name="medical")
    symptoms = EncryptedTextField(_("symptoms"), blank=True)
    chief_complaint = EncryptedTextField(_("chief complaint"), blank=True)
    medical_history = EncryptedTextField(_("medical history"), blank=True)
    medications = EncryptedTextField(_("medications"), blank=True)
    allergies = EncryptedTextField(_("allergies"), blank=True)
    medical_conditions = EncryptedTextField(_("medical conditions"), blank=True)
    triage_reason = EncryptedTextField(_("reason of the urgency"), blank=True)
    notes = EncryptedTextField(_("notes"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("medical record")

    def __str__(self) -> str:
        return str(self.appointment_id)


MEDICAL_FIELDS = (
    "symptoms", "chief_complaint", "medical_history", "medications", "allergies", "medical_conditions",
    "triage_reason", "notes",
)  # fmt: skip
