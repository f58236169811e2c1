"""Lists of admin as a CSV file: what a list shows under its filters, or what is ticked in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _

from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.refusals import ClinicModelAdmin
from clinic.core.spreadsheets import csv_lines

MOST = 50_000  # rows of a file: some 10 MB
BATCH = 1_000  # rows that are read at a time, each batch in a transaction of its own: none stays open for a slow reader


@dataclass(frozen=True, slots=True)
class Column:
    """`shown` turns the stored value of the field or annotation `name` into what stands in the cell; None stays empty."""

    heading: str | Promise
    name: str
    shown: Callable[[Any], object] = str

    def cell(self, value: Any) -> str:
        """In the language that is active now."""
        shown = None if value is None else self.shown(value)
        return "" if shown is None else str(shown)


class ExportedAsCSV(ClinicModelAdmin):
    """A list that can be taken along. No column may hold medical text. Who took how many rows is in admin's own log."""

    columns: ClassVar[tuple[Column, ...]]
    export_by: ClassVar[str]  # an indexed field that the rows stand in the order of

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        own = [path("export/", self.admin_site.admin_view(self.export_view), name=name)]
        urls: list[URLPattern] = own + super().get_urls()
        return urls

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The rows of the list under the filters and the search in the query string."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._list())
        return self.as_file(request, shown.queryset)

    @admin.action(description=_("Export as CSV"))
    def export(self, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponseBase:
        return self.as_file(request, chosen)

    def as_file(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase:
        """A download that is made while it is sent; back to the list, with a word, when there are more than `MOST`."""
        count = rows.order_by().values("pk")[: MOST + 1].count()
        if count > MOST:
            text = _said("A file has at most %(count)d rows: narrow the list by its filters.") % {"count": MOST}
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(f"{self._list()}?{request.GET.urlencode()}")
        LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=_said("CSV file, %(count)d rows") % {"count": count},
            action_flag=CHANGE,
        )
        lines = csv_lines(chain([[[capfirst(str(one.heading)) for one in self.columns]]], self._batches(request, rows)))
        name = f"{self.opts.model_name}s-{clock.today()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    def _batches(self, request: HttpRequest, rows: QuerySet[Any]) -> Iterator[list[list[str]]]:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
        language = translation.get_language()
        ordered = rows.order_by(self.export_by, "pk").values(
            *{self.export_by, "pk", *(one.name for one in self.columns)}
        )
        after = Q()
        while True:
            with translation.override(language), db.reading(actor):
                found = list(ordered.filter(after)[:BATCH])
                cells = [[one.cell(row[one.name]) for one in self.columns] for row in found]
            yield cells
            if len(found) < BATCH:
                return
            by, pk = found[-1][self.export_by], found[-1]["pk"]
            after = Q(**{f"{self.export_by}__gte": by}) & (Q(**{f"{self.export_by}__gt": by}) | Q(pk__gt=pk))

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
