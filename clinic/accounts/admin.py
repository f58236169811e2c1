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

from clinic.accounts.models import AccountRole, User
from clinic.core.refusals import ClinicModelAdmin

# What an account may do follows from its one role, so groups would promise what nothing reads.
admin.site.unregister(Group)


class NewUserForm(UserCreationForm):  # type: ignore[misc]  # unfold has no types
    class Meta:
        model = User
        fields = ("email", "name", "role")


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Without the password: it has a page of its own, and not even its hash is shown."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "is_active")


@admin.register(User)
class UserAdmin(PasswordPages, ClinicModelAdmin):  # type: ignore[misc]  # unfold has no types
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
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

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            # A dentist's account is made with the dentist.
            kwargs["choices"] = [choice for choice in AccountRole.choices if choice[0] != AccountRole.DENTIST]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("password"))
    def password_page(self, user: User) -> str:
        return format_html(
            '<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>',
            reverse("admin:auth_user_password_change", args=[user.pk]),
            _("Set a new password") if user.has_usable_password() else _("Set a password"),
        )
