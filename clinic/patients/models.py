"""The people who come: account holders, those under their account, and guests."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class Relation(models.TextChoices):
    SELF = "self", _("Account holder")
    CHILD = "child", _("Child")
    PARTNER = "partner", _("Partner")
    OTHER = "other", _("Someone else")
    GUEST = "guest", _("Guest")


class Patient(models.Model):
    """A person with a mouth, as against an account: one account may hold several, a guest has none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("account"),
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices, default=Relation.GUEST)
    name = models.CharField(_("name"), max_length=120)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    created_at = models.DateTimeField(_("created"), db_default=models.functions.Now(), editable=False)
    # What is left of somebody who was erased: a row without a name, for the visits that stay.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="patient_name_given"),
            models.CheckConstraint(condition=models.Q(relation__in=Relation.values), name="patient_relation"),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(relation=Relation.SELF),
                name="patient_one_self_per_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def age_on(self, day: date) -> int | None:
        """Whole years on that date, None without a birth date."""
        return age_on(self.birth_date, day)


def age_on(born: date | None, day: date) -> int | None:
    """Whole years lived on `day`; someone born on 29 February has their birthday on 1 March in other years."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
