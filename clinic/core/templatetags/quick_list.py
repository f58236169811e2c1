"""The rows of a list in admin. The theme makes the head of the list anew for each row, two templates besides, and writes half
a kilobyte of class names into every cell; of a page with fifty rows that was two thirds of the time and of the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, ForeignKey
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from unfold.templatetags.unfold_list import result_headers
from unfold.utils import display_for_field, display_for_value

register = template.Library()
# What stands before and behind what a cell says.
HEAD = ('<th scope="row"{0}><a href="{1}">', "</a></th>")
LINKED = ('<td{0}><a href="{1}">', "</a></td>")
CELL = ("<td{0}>", "</td>")
KEY = "0k0"  # stands for a row's key in an address that is made once


@register.inclusion_tag("admin/quick_list.html", takes_context=True)
def quick_list(context: template.Context, cl: Any) -> dict[str, Any]:
    """A list without forms in its rows, handles to sort them by, or sections to open; admin here has none of these."""
    heads = list(result_headers(cl))
    return {
        "cl": cl,
        "result_headers": heads,
        "num_sorted_fields": sum(1 for head in heads if head["sortable"] and head["sorted"]),
        "rows": mark_safe("".join(_rows(cl, heads))),  # noqa: S308 - whatever a row says is escaped
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


def _rows(cl: Any, heads: list[dict[str, Any]]) -> Iterator[str]:
    first = 1 if cl.list_display[0] == "action_checkbox" else 0
    address = _address(cl)
    columns = []
    for number, (name, head) in enumerate(zip(cl.list_display, heads, strict=True)):
        before, behind = HEAD if number == first else LINKED if name in (cl.list_display_links or ()) else CELL
        columns.append((format_html(before, _opening(name, head), address), _reader(cl, name), behind))
    for row in cl.result_list:
        key = conditional_escape(quote(str(row.pk)))
        cells = [
            f"{before.replace(KEY, key)}{conditional_escape(shown(row))}{behind}" for before, shown, behind in columns
        ]
        yield f'<tbody><tr class="data-row">{"".join(cells)}</tr></tbody>'


def _opening(name: str, head: dict[str, Any]) -> SafeString:
    if name == "action_checkbox":
        return mark_safe(' class="action-checkbox"')
    return format_html(' class="field-{}" data-label="{}"', name, capfirst(str(head["text"])))


def _address(cl: Any) -> str:
    change = reverse(f"admin:{cl.opts.app_label}_{cl.opts.model_name}_change", args=[KEY])
    return str(add_preserved_filters({"preserved_filters": cl.preserved_filters, "opts": cl.opts}, change))


def _reader(cl: Any, name: str) -> Callable[[Any], Any]:
    """What a column shows of a row: of a field its value in the reader's format, else what the admin's own method says."""
    empty = cl.model_admin.get_empty_value_display()
    try:
        field = cl.opts.get_field(name)
    except FieldDoesNotExist:
        said = getattr(cl.model_admin, name)
        boolean = getattr(said, "boolean", False)
        return lambda row: display_for_value(said(row), empty, boolean)
    if isinstance(field, ForeignKey):
        return lambda row: getattr(row, name) or empty
    if field.flatchoices:
        labels = {value: str(label) for value, label in field.flatchoices}
        return lambda row: labels.get(getattr(row, name), empty)
    if isinstance(field, DateTimeField):
        return lambda row: _instant(getattr(row, name), empty)
    return lambda row: display_for_field(getattr(row, name), field, empty)


def _instant(value: datetime | None, empty: str) -> str:
    return empty if value is None else _wall(localtime(value).replace(microsecond=0, tzinfo=None), get_language())


@lru_cache(maxsize=4096)
def _wall(time: datetime, language: str | None) -> str:
    """Remembered: visits begin at the same times, and a list is looked at again and again."""
    return date_format(time, "DATETIME_FORMAT")
