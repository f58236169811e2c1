"""Lists: pages of `{count, next, previous, results}`, and a query string of which every word is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from clinic.core.errors import NotFound
from clinic.core.input import Input

Row = TypeVar("Row", bound=Model)
PAGE_SIZE, LARGEST_PAGE, LAST_PAGE = 20, 100, 1_000_000


class Query(Input):
    """A query string. A word that nobody knows is refused: silently ignored it would answer another question."""

    default_error_messages = {"unknown": _("This is no parameter here.")}

    def to_internal_value(self, data: Any) -> Any:
        known = super().to_internal_value(data)
        if strange := [name for name in data if name not in self.fields]:
            raise serializers.ValidationError({name: [self.error_messages["unknown"]] for name in strange})
        return known

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """The checked values of a request's query string. Raises DRF's `ValidationError`."""
        return cls.read(request.query_params)


class PageQuery(Query):
    page = serializers.IntegerField(min_value=1, max_value=LAST_PAGE, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)


def ordering(*names: str, default: str) -> serializers.ChoiceField:
    """The orders that a list can be asked in: each of these names, and backwards with a minus in front."""
    return serializers.ChoiceField([order for name in names for order in (name, f"-{name}")], default=default)


def ordered(rows: QuerySet[Row], order: str, columns: dict[str, str]) -> QuerySet[Row]:
    """The rows in the order asked for; equals keep one order, so that no row is on two pages."""
    backwards, name = order.startswith("-"), order.removeprefix("-")
    sign = "-" if backwards else ""
    return rows.order_by(sign + columns[name], sign + "pk")


def page_of(request: Request, rows: QuerySet[Row], query: dict[str, Any], out: Callable[[Row], Any]) -> dict[str, Any]:
    """One page of these rows. Raises `NotFound` for a page after the last one."""
    number, size = query["page"], query["page_size"]
    count = rows.count()
    pages = max(1, -(-count // size))
    if number > pages:
        raise NotFound().about("page")
    url = request.build_absolute_uri()

    def link(page: int) -> str | None:
        return replace_query_param(url, "page", page) if 1 <= page <= pages else None

    results = [out(row) for row in rows[(number - 1) * size : number * size]]
    return {"count": count, "next": link(number + 1), "previous": link(number - 1), "results": results}


def page_shape(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The shape of a page of such items, for the schema."""
    name = f"{item.__name__}Page"
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": item(many=True),
    }
    return type(name, (serializers.Serializer,), fields)
