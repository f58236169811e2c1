"""What the database keeps for live sync (docs/realtime.md). Triggers and the relay write it, nothing else does."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RealtimeEvent(models.Model):
    """One change of one row. Instants are of the database's clock; `position` and `previous` come from the relay."""

    id = models.BigAutoField(primary_key=True)
    written_at = models.DateTimeField(_("written"))
    committed_at = models.DateTimeField(_("committed"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    kind = models.CharField(_("kind"), max_length=40)
    channels = ArrayField(models.TextField(), verbose_name=_("channels"))
    body = models.JSONField(_("content"))
    open_kind = models.CharField(_("public kind"), max_length=40, null=True)  # noqa: DJ001 - null says: nothing public
    open_body = models.JSONField(_("public content"), null=True)
    position = models.BigIntegerField(_("position"), null=True)
    previous = ArrayField(models.BigIntegerField(), verbose_name=_("positions before"), null=True)

    class Meta:
        db_table = "realtime_events"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["position"], name="event_position"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(position=None), name="event_without_position"),
            models.Index(
                fields=["position"], condition=Q(published_at=None, position__isnull=False), name="event_unpublished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.position or '…'})"


class Channel(models.Model):
    """The last position of a channel: the next event there names it as its previous one."""

    name = models.TextField(primary_key=True)
    position = models.BigIntegerField()

    class Meta:
        db_table = "realtime_channels"
        indexes = [models.Index(fields=["position"], name="channel_position")]

    def __str__(self) -> str:
        return self.name


class State(models.Model):
    """One row: the last position that was given, and the last one that was forgotten."""

    id = models.SmallIntegerField(primary_key=True)
    head = models.BigIntegerField()
    horizon = models.BigIntegerField()

    class Meta:
        db_table = "realtime_state"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="state_has_one_row")]

    def __str__(self) -> str:
        return str(self.head)


class Relay(models.Model):
    """A relay that runs, or ran within the last minute."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    is_active = models.BooleanField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "realtime_relays"

    def __str__(self) -> str:
        return str(self.id)
