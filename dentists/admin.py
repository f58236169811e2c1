"""Dentists, their logins, and treatments in admin. Their hours come from the layer above (`availability/admin.py`)."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.core.admin_rows import Rows
from dentists import removal
from dentists.forms import DentistForm, NewDentistForm
from dentists.models import Dentist, Offer, Treatment


def _dentists_go(ids: list[UUID]) -> list[str]:
    return [
        _said("The login stops at once and open sessions end."),
        _said("Hours, time off, holds and offered treatments go too."),
    ]


def _treatments_go(ids: list[UUID]) -> list[str]:
    count = Offer.objects.filter(treatment__in=ids).values("dentist").distinct().count()
    return [ngettext("%(count)d dentist no longer offers it.", "%(count)d dentists no longer offer it.", count)
            % {"count": count}]  # fmt: skip


class OfferInline(Rows):
    model = Offer
    fields = ("treatment", "duration_minutes", "price")


@admin.register(Dentist)
class DentistAdmin(removal.RemovedByTheDatabase):
    form = DentistForm
    list_display = ("name", "title", "email", "treatments", "is_active")
    list_filter = ("is_active", "offers__treatment")
    search_fields = ("name", "email", "slug")
    inlines: ClassVar[list[Any]] = [OfferInline]
    consequences: ClassVar[list[removal.Sentences]] = [_dentists_go]
    obstacles: ClassVar[list[removal.Sentences]] = []

    @method_decorator(sensitive_post_parameters("password"))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().changeform_view(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dentist]:
        found: QuerySet[Dentist] = super().get_queryset(request)
        return found.annotate(offered=Count("offers", distinct=True))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewDentistForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        login = "password" if obj is None else "login"
        return (
            (None, {"fields": (("name", "title"), ("email", login), ("slug", "is_active"))}),
            (_("Profile"), {"fields": ("specializations", "languages", "bio", ("practising_since", "tone"))}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("login",)

    def save_model(self, request: HttpRequest, obj: Dentist, form: Any, change: bool) -> None:
        # Told in `response_add`: what is saved here may still be refused with the rows below it.
        request.had_account = not change and User.objects.filter(email=obj.email).exists()  # type: ignore[attr-defined]  # ours
        super().save_model(request, obj, form, change)
        password = "" if change else form.cleaned_data.get("password")
        if password:
            # The row's trigger has just made the account, or found the one with this email.
            account = User.objects.get(dentist_id=obj.pk)
            with hashing():
                account.set_password(password)
            account.save(update_fields=["password"])

    def response_add(
        self, request: HttpRequest, obj: Dentist, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        if request.had_account:  # type: ignore[attr-defined]  # set by save_model
            messages.warning(
                request,
                _said("%(email)s had an account already: it is the dentist's from now on, under the dentist's name.")
                % {"email": obj.email},
            )
        answer: HttpResponseBase = super().response_add(request, obj, post_url_continue)
        return answer

    @admin.display(description=_("treatments"), ordering="offered")
    def treatments(self, dentist: Any) -> int:
        return int(dentist.offered)

    @admin.display(description=_("account"))
    def login(self, dentist: Dentist) -> str:
        if dentist.user_id is None:
            return "–"
        return format_html(
            '<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>',
            reverse("admin:accounts_user_change", args=[dentist.user_id]),
            _("Account and password"),
        )


@admin.register(Treatment)
class TreatmentAdmin(removal.RemovedByTheDatabase):
    list_display = ("name", "duration_minutes", "price", "specialization", "bookable_online", "admits", "is_active")
    list_filter = ("is_active", "bookable_online", "specialization", "admits")
    search_fields = ("name", "slug")
    prepopulated_fields: ClassVar[dict[str, tuple[str, ...]]] = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": (("name", "slug"), "description", ("specialization", "tone", "is_active"))}),
        (
            _("Time and price"),
            {"fields": (("duration_minutes", "price"), ("buffer_before_minutes", "buffer_after_minutes"))},
        ),
        (_("Booking"), {"fields": ("bookable_online", ("admits", "minimum_age"))}),
    )
    consequences: ClassVar[list[removal.Sentences]] = [_treatments_go]
    obstacles: ClassVar[list[removal.Sentences]] = []

    def remove(self, ids: list[UUID]) -> None:
        Offer.objects.filter(treatment__in=ids).delete()
        super().remove(ids)
