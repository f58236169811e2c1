"""A conversation as it is stored: what was said and what is known of it, encrypted."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.crypto import EncryptedTextField


class Conversation(models.Model):
    """One conversation with the chatbot. `holder` is the key of whoever began it (`Actor.holders`), nobody else sees it.

    `state` and `messages` are JSON (`chatbot.record`). `said` counts the messages; live sync tells when it changes. `claim`
    names the turn that is under way since `claimed_at`, so that two messages are answered one after the other. `visits` are
    those that were booked or shown in it: when one of them is erased, the conversation goes with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=60)
    language = models.CharField(max_length=8, blank=True)
    state = EncryptedTextField()
    messages = EncryptedTextField()
    said = models.PositiveSmallIntegerField(default=0)
    visits = ArrayField(models.UUIDField(), default=list)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    updated_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(fields=["holder", "created_at"], name="conversation_by_holder"),
            models.Index(fields=["updated_at"], name="conversation_by_age"),
            GinIndex(fields=["visits"], name="conversation_by_visit"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
