"""Lists in admin that stay quick: however much is stored, and however many rows are on the page."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import checkbox
from unfold.templatetags import unfold_list

COUNTED = 10_000  # rows that are counted; a page further down is found by a filter, not by leafing


class BoundedPaginator(Paginator):
    """Counts no further than `COUNTED`: the whole of a million rows takes longer than all else on the page."""

    template_name = "admin/pager.html"

    @cached_property
    def found(self) -> int:
        """One more than `COUNTED` where there are more."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNTED)

    @property
    def is_bounded(self) -> bool:
        return self.found > COUNTED


def tick(value: object) -> SafeString:
    """The theme's box before a row, without a template for each."""
    attrs = checkbox.attrs
    return format_html(
        '<input type="checkbox" name="_selected_action" value="{}" class="{}" aria-label="{}">',
        value, attrs["class"], attrs["aria-label"],
    )  # fmt: skip


def make_heads_once() -> None:
    """The theme makes the head of a list, a template included, anew for each of its rows; for fifty rows that is half of
    the page's time. It is the same head."""
    make = unfold_list.result_headers

    @wraps(make)
    def once(cl: Any) -> list[dict[str, Any]]:
        if "clinic_heads" not in cl.__dict__:
            cl.clinic_heads = list(make(cl))
        heads: list[dict[str, Any]] = cl.clinic_heads
        return heads

    unfold_list.result_headers = once
