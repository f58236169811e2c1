"""What was done to a row, by whom, when and through what. The database's triggers write it, nothing else does."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.actor import Role, Source


class Action(models.TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")
    READ = "read", _("Read")


class Through(models.TextChoices):
    """A caller's source, or bare SQL that came without a caller."""

    PORTAL = Source.PORTAL.value, _("portal")
    API = Source.API.value, _("API")
    ADMIN = Source.ADMIN.value, _("administration")
    CHATBOT = Source.CHATBOT.value, _("chatbot")
    SERVICE = Source.SERVICE.value, _("background service")
    SQL = "sql", _("SQL")


class Who(models.TextChoices):
    """The role in which somebody acted; empty for bare SQL."""

    ANONYMOUS = Role.ANONYMOUS.value, _("A guest")
    PATIENT = Role.PATIENT.value, _("The patient")
    DENTIST = Role.DENTIST.value, _("A dentist")
    DESK = Role.DESK.value, _("Front desk")
    ADMIN = Role.ADMIN.value, _("An admin")
    BOT = Role.BOT.value, _("The chatbot")
    AUTH = Role.AUTH.value, _("The sign-in")
    SERVICE = Role.SERVICE.value, _("The system")


class Change(models.Model):
    """One row created, changed, deleted or read. It stays as it was written (docs/history.md).

    `fields` are the columns that changed, all of them; `before` and `after` hold the values of those alone that are not
    personal. `user_id`, `role` and `source` come from the caller's signed context; bare SQL has none, and `login` says
    through whose login it came. `visit_id` is the appointment that it is about, `dentist_id` whose schedule. `at` is an
    instant of the database's clock.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"))
    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.CharField(_("row"), max_length=40)
    action = models.CharField(_("what"), max_length=8, choices=Action.choices)
    fields = ArrayField(models.CharField(max_length=63), verbose_name=_("fields"))
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    user_id = models.UUIDField(_("account"), null=True)
    role = models.CharField(_("role"), max_length=10, choices=Who.choices, blank=True)
    source = models.CharField(_("through"), max_length=10, choices=Through.choices)
    login = models.CharField(_("login"), max_length=63, blank=True)
    visit_id = models.UUIDField(_("visit"), null=True)
    dentist_id = models.UUIDField(_("dentist"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="change_by_row"),
            models.Index(fields=["visit_id", "id"], condition=Q(visit_id__isnull=False), name="change_by_visit"),
            models.Index(fields=["user_id", "id"], condition=Q(user_id__isnull=False), name="change_by_user"),
            BrinIndex(fields=["at"], name="change_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=Action.values), name="change_action"),
            models.CheckConstraint(condition=Q(source__in=Through.values), name="change_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.table_name} {self.row_id}"

    def values(self) -> list[tuple[str, Any, Any]]:
        """What changed and may be shown: the column, its value before and after (None where there was none)."""
        return [(name, self.before.get(name), self.after.get(name)) for name in sorted({*self.before, *self.after})]
