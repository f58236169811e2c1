"""People who can sign in, and their sessions."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clinic.core.actor import Role
from clinic.core.crypto import EncryptedTextField


class AccountRole(models.TextChoices):
    PATIENT = Role.PATIENT.value, _("Patient")
    DENTIST = Role.DENTIST.value, _("Dentist")
    DESK = Role.DESK.value, _("Front desk")
    ADMIN = Role.ADMIN.value, _("Admin")
    BOT = Role.BOT.value, _("Chatbot")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{**fields, "role": AccountRole.ADMIN})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An account: its email address is its name. What it may do follows from its one role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=10, choices=AccountRole.choices, default=AccountRole.PATIENT)
    # Whose schedule a dentist's account works on. Kept by a trigger of the dentists' table, which this layer does not know.
    dentist_id = models.UUIDField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # For mails: what the person signed up in, or chose on a page since.
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="", default="", editable=False)
    email_verified_at = models.DateTimeField(_("email verified"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=models.functions.Now(), editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], name="user_email", violation_error_message=_("This email has an account.")
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(condition=models.Q(role__in=AccountRole.values), name="user_role"),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_name_given"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    # What Django admin asks of a user. There are no single permissions: the database decides by role.
    @property
    def is_staff(self) -> bool:
        return self.role == AccountRole.ADMIN

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.role == AccountRole.ADMIN

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_superuser

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        return self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_superuser

    def get_full_name(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """A signed-in browser. The account stands beside the data so that an account's sessions can be found and ended."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    # Written down every few minutes, not with each request.
    last_seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from clinic.accounts.sessions import SessionStore

        return SessionStore


class RefreshFamily(models.Model):
    """One sign-in of a program: all refresh tokens that follow from it. Only the newest is good; an older one that comes
    again was stolen, or is used by a thief's victim, and ends the family."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    newest = models.CharField(max_length=32)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class SecondFactor(models.Model):
    """An account's authenticator app. `last_step` is the time step (30 s) of the last code that was used."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    secret = EncryptedTextField()
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """One code for when the authenticator app is out of reach; its row goes when it is used."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code")]

    def __str__(self) -> str:
        return str(self.pk)


class MailedCode(models.Model):
    """A request to sign in by mail. Its id stays with the browser that asked; without a digest the mail was not sent yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    tries_left = models.PositiveSmallIntegerField(default=5)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class EmailChange(models.Model):
    """The address that an account is to have as soon as it is confirmed."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return str(self.user_id)
