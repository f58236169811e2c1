"""Rows of a table inside a form of admin."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import TabularInline


class Rows(TabularInline):
    """Their labels stand in the head of the table alone, which a field in a row is not named by: each is told its own."""

    extra = 0
    hide_title = True

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # The choice of a related row is wrapped in links to it.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = str(capfirst(str(field.label)))
        return field
