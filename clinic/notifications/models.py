"""Messages to patients: what each has to say, and how far it has come."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Status


class Kind(models.TextChoices):
    BOOKED = "booked", _("Booked")
    CONFIRMED = "confirmed", _("Confirmed")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    DENTIST_UNAVAILABLE = "dentist_unavailable", _("Dentist unavailable")


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("No longer needed")


# In these nothing happens by itself any more; from these alone a message is sent again.
FINAL = (State.SENT, State.FAILED, State.DROPPED)


class Message(models.Model):
    """One mail about one visit, written by a trigger when the change that it tells of is committed.

    It keeps what was true then of time and dentist; who gets it and the rest is read from the visit when it is sent, so
    no name and no address stands here. A queued message has a job: a trigger enqueues it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(
        Appointment, models.DO_NOTHING, related_name="messages", db_constraint=False, verbose_name=_("visit")
    )  # the constraint of the database takes messages along with their visit
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, db_default=State.QUEUED)

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status of the visit"), max_length=12, choices=Status.choices)
    dentist_name = models.CharField(_("dentist"), max_length=120, blank=True)
    was_starts_at = models.DateTimeField(_("started before"), null=True)
    was_dentist_name = models.CharField(_("dentist before"), max_length=120, blank=True, db_default="")
    by_patient = models.BooleanField(_("by the patient"), db_default=False)

    # Each sending by hand is a round of its own, under a Message-ID of its own.
    round = models.PositiveSmallIntegerField(_("sent again"), db_default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    last_error = models.CharField(_("last error"), max_length=120, blank=True, db_default="")
    created_at = models.DateTimeField(_("created"), db_default=models.functions.Now())
    tried_at = models.DateTimeField(_("last tried"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["created_at"], name="message_by_creation"),
            models.Index(
                fields=["created_at"], condition=Q(state__in=["queued", "sending"]), name="message_unfinished"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="message_kind"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="message_visit_status"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display()}"

    @property
    def is_final(self) -> bool:
        return self.state in FINAL
