"""What the database refuses in admin comes back on the form, in words, with nothing saved."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

import psycopg
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Field, ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from clinic.core import db
from clinic.core.admin_forms import KnownAutocomplete, can_be, readable_name
from clinic.core.admin_lists import BoundedPaginator, PlainList, tick
from clinic.core.errors import ClinicError

REFUSALS = (ClinicError, IntegrityError)


def in_words(error: Exception) -> str:
    """What to tell a person about a refused change: the typed error's text, or that of the violated constraint."""
    if isinstance(error, ClinicError):
        return str(error.message)
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.ForeignKeyViolation):
        return _("Something else still refers to this, so it must stay.")
    name = (cause.diag.constraint_name if isinstance(cause, psycopg.Error) else "") or ""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    return _("The database refused this change: it would break the rule “%(name)s”.") % {"name": name}


class _Refused:
    """Mixed into a form that is shown again: what the database said stands above it."""

    refusal: str

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]  # mixed into a ModelForm
        self.add_error(None, ValidationError(self.refusal))  # type: ignore[attr-defined]  # as above
        return cleaned


class ClinicModelAdmin(ModelAdmin):
    """A model in admin. A change is saved as a whole or refused as a whole, and what was typed is not lost."""

    show_full_result_count = False
    list_per_page = list_max_show_all = 50
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    watched: ClassVar[frozenset[str]] = frozenset()  # the tables of which a history is kept (clinic/history)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The lines of the history about this row: they know of every change, not only of those made here."""
        table = self.opts.db_table
        if table not in self.watched:
            shown: HttpResponseBase = super().history_view(request, object_id, extra_context)
            return shown
        lines = urlencode({"table": table, "q": unquote(object_id)})
        return HttpResponseRedirect(f"{reverse('admin:history_change_changelist')}?{lines}")

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj: Any) -> SafeString:
        return tick(obj.pk)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PlainList]:
        return PlainList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase | None:
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = [one for one in ticked if can_be(self.opts.pk, one)]
        if "sure" in request.POST:
            # The yes is for those that were shown: who has left the list's filter since is not dropped unsaid.
            queryset = self.get_queryset(request).filter(pk__in=keys)
        if len(keys) < len(ticked) or (ticked and not queryset.filter(pk__in=keys).exists()):
            # Somebody else has deleted them meanwhile, or nobody's page sent this.
            messages.error(request, _("What was chosen is no longer there."))
            return HttpResponseRedirect(request.get_full_path())
        answer: HttpResponseBase | None = super().response_action(request, queryset)
        return answer

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name" and field is not None:
            field.validators = [*field.validators, readable_name]
        return field

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocomplete(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        shown: HttpResponseBase
        if request.method != "POST":
            shown = super().changeform_view(request, object_id, form_url, extra_context)
            return shown
        try:
            with db.savepoint():
                shown = super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            request.refusal = in_words(error)  # type: ignore[attr-defined]  # read by get_form
            shown = super().changeform_view(request, object_id, form_url, extra_context)
        return shown

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else type(form.__name__, (_Refused, form), {"refusal": refusal})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        say_now()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        say_now()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        say_now()


class ReadOnlyAdmin(ClinicModelAdmin):
    """Rows that are looked at in admin, never written there."""

    change_form_template = "admin/told.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def say_now() -> None:
    """Constraints that wait for the commit speak now, before anybody is told that it worked."""
    db.connection().check_constraints()
