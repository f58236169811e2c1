"""Lists in admin that stay quick: however much is stored, and however many rows are on the page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

Mood = Literal["good", "calm", "warn", "bad", "idle"]
_SELECT = _("Select record")  # the theme's own words
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


class PlainList(ChangeList):
    """Says how many there are of how many only where something is left out."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count


def state(mood: Mood, name: object) -> SafeString:
    """A dot and a word (static/clinic/admin.css)."""
    return _state(mood, str(name))


@lru_cache(maxsize=256)
def _state(mood: Mood, name: str) -> SafeString:
    return format_html('<span class="state state-{}">{}</span>', mood, name)


def tick(value: object) -> SafeString:
    """The box before a row."""
    return format_html(
        '<input type="checkbox" name="_selected_action" value="{}" class="action-select" aria-label="{}">',
        value, _SELECT,
    )  # fmt: skip
