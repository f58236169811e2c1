"""The history in admin: found by who, what, when and through what; read and never written."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core import clock
from clinic.core.admin_export import Column, ExportedAsCSV
from clinic.core.admin_lists import Mood, state
from clinic.core.choices import label_of
from clinic.core.refusals import ClinicModelAdmin, ReadOnlyAdmin
from clinic.history.models import Action, Change, Through, Who

_MOODS: dict[str, Mood] = {
    Action.CREATED: "good",
    Action.CHANGED: "calm",
    Action.DELETED: "bad",
    Action.READ: "warn",
}


def table_label(table: str) -> str:
    """What people call the rows of a table; the table's own name when no model has it any more."""
    model = _models().get(table)
    return table if model is None else str(model._meta.verbose_name)


@cache
def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


class What(admin.SimpleListFilter):
    """By the kind of row that was changed."""

    title = _("what")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((name, table_label(name)) for name in WATCHED), key=lambda one: one[1].lower())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Change]) -> QuerySet[Change]:
        return queryset.filter(table_name=self.value()) if self.value() in WATCHED else queryset


# The tables that `sql/0002_watched.sql` and later files name; a test compares them with the database's triggers.
WATCHED = (
    "accounts_secondfactor", "accounts_user", "appointments_appointment", "appointments_medicalrecord", "availability_closure",
    "availability_dateoverride", "availability_timeoff", "availability_workinghours", "core_clinicsettings",
    "dentists_dentist", "dentists_offer", "dentists_treatment", "patients_patient",
)  # fmt: skip
ClinicModelAdmin.watched = frozenset(WATCHED)


_COLUMNS = (
    Column(_("when"), "at", lambda at: clock.local(at).isoformat(sep=" ", timespec="seconds")),
    Column(_("who"), "user_name"),
    Column(_("role"), "role", dict(Who.choices).get),
    Column(_("login"), "login"),
    Column(_("through"), "source", dict(Through.choices).get),
    Column(_("action"), "action", dict(Action.choices).get),
    Column(_("what"), "table_name", table_label),
    Column(_("row"), "row_id"),
    Column(_("visit"), "visit_id"),
    Column(_("fields"), "fields", ", ".join),
)


@admin.register(Change)
class ChangeAdmin(ExportedAsCSV, ReadOnlyAdmin):
    columns = _COLUMNS
    export_by = "id"
    actions = ("export",)
    list_display = ("at", "who", "shown_action", "what", "shown_fields", "source")
    list_filter = ("action", What, "role", "source", "at")
    search_fields = ("row_id",)  # how it is searched, says get_search_results
    search_help_text = _("The number of a row, visit or account, or an account's email address")
    list_disable_select_all = True
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("at", "who", "source"), ("shown_action", "what", "row_id"), ("visit_id", "dentist_id"))}),
        (_("Fields"), {"fields": ("shown_fields", "values")}),
        (_("Caller"), {"fields": (("user_id", "role", "login"),)}),
    )
    readonly_fields = ("who", "shown_action", "what", "shown_fields", "values")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        names = get_user_model()._default_manager.filter(pk=OuterRef("user_id")).values("name")
        found: QuerySet[Change] = super().get_queryset(request)
        return found.annotate(user_name=Subquery(names[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Change], search_term: str
    ) -> tuple[QuerySet[Change], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            users = get_user_model()._default_manager.filter(email=term.lower()).values("pk")
            return queryset.filter(user_id__in=users), False
        try:
            one = UUID(term)
        except ValueError:
            return queryset.filter(row_id=term[:40]), False
        return queryset.filter(Q(row_id=str(one)) | Q(user_id=one) | Q(visit_id=one)), False

    @display(description=_("who"))
    def who(self, change: Any) -> str:
        return str(change.user_name or label_of(Who, change.role) or change.login)

    @display(description=_("action"), ordering="action")
    def shown_action(self, change: Change) -> str:
        return state(_MOODS[change.action], label_of(Action, change.action))

    @display(description=_("what"))
    def what(self, change: Change) -> str:
        return table_label(change.table_name)

    @display(description=_("fields"))
    def shown_fields(self, change: Change) -> str:
        return ", ".join(change.fields) or "–"

    @display(description=_("values"))
    def values(self, change: Change) -> str:
        """Old and new values of the fields that are not personal; of personal ones only that they changed."""
        none = _said("none")
        rows = [(name, _told(was, none), _told(now, none)) for name, was, now in change.values()]
        return format_html_join("", "<div>{}: {} → {}</div>", rows) or "–"


def _told(value: Any, none: str) -> str:
    return none if value is None or value == "" else str(value)
