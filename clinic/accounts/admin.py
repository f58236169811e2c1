"""Accounts in admin: made, renamed, switched off. They are not deleted, so that history keeps its names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as PasswordPages
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserCreationForm

from clinic.accounts.hashing import hashing
from clinic.accounts.models import AccountRole, User
from clinic.core.refusals import ClinicModelAdmin

# What an account may do follows from its one role, so groups would promise what nothing reads.
admin.site.unregister(Group)

_CHOSEN = [role for role in AccountRole.values if role != AccountRole.DENTIST]


class _Roles:
    """A dentist's account is made with the dentist, so that role is not for choosing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("role")  # type: ignore[attr-defined]  # mixed into a form
        if field is not None:
            kept = self.instance.role  # type: ignore[attr-defined]  # as above
            field.choices = [one for one in AccountRole.choices if one[0] in (kept, *_CHOSEN)]


class _InLine:
    """A password chosen here is hashed in line with everybody's. Raises `Busy`, which admin tells; nothing is stored then."""

    def set_password_and_save(self, *args: Any, **kwargs: Any) -> Any:
        with hashing():
            return super().set_password_and_save(*args, **kwargs)  # type: ignore[misc]  # mixed into a form


class PasswordForm(_InLine, AdminPasswordChangeForm):
    """Another password for somebody's account."""


class NewUserForm(_InLine, _Roles, UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usable_password"].help_text = _("Without one, they sign in with a code by mail.")


class UserForm(_Roles, forms.ModelForm):
    """Without the password: it has a page of its own, and not even its hash is shown."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "is_active")


@admin.register(User)
class UserAdmin(PasswordPages, ClinicModelAdmin):  # type: ignore[misc]  # Django's signature has **kwargs instead
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "role", "is_active", "password_page")}),
        (_("History"), {"fields": ("email_verified_at", "last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "role")}),
        (_("Password"), {"classes": ("wide",), "fields": ("usable_password", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        always = ("password_page", "email_verified_at", "last_login", "created_at")
        if obj is None:
            return ()
        if obj.dentist_id is not None:
            # The dentist's own page leads: a trigger carries name and email from there to the account.
            return (*always, "email", "name", "role")
        if obj.pk == request.user.pk:
            # Nobody locks themselves out.
            return (*always, "role", "is_active")
        return always

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("password"))
    def password_page(self, user: User) -> str:
        return format_html(
            '<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>',
            reverse("admin:auth_user_password_change", args=[user.pk]),
            _("Set a new password") if user.has_usable_password() else _("Set a password"),
        )
