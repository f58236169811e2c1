"""Deleting dentists and treatments in admin: one statement, whose consequences are the database's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest

from clinic.core import db
from clinic.core.refusals import ClinicModelAdmin, say_now

Sentences = Callable[[list[UUID]], list[str]]


class RemovedByTheDatabase(ClinicModelAdmin):
    """Rows that take along what the database's triggers and references say, no more and no less.

    Higher layers add to `consequences` (what will happen, in sentences) and to `obstacles` (why it cannot).
    """

    consequences: ClassVar[list[Sentences]]
    obstacles: ClassVar[list[Sentences]]

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        rows = list(objs)
        ids = [row.pk for row in rows]
        told: list[Any] = [str(row) for row in rows]
        if what := [sentence for say in self.consequences for sentence in say(ids)]:
            told.append(what)
        name = str(self.opts.verbose_name if len(rows) == 1 else self.opts.verbose_name_plural)
        hindered = [sentence for say in self.obstacles for sentence in say(ids)]
        return told, {name: len(rows)}, set(), hindered

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        self.remove(list(queryset.values_list("pk", flat=True)))

    def remove(self, ids: list[UUID]) -> None:
        with db.connection().cursor() as cursor:
            table = db.connection().ops.quote_name(self.opts.db_table)
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY (%s)", [ids])  # noqa: S608 - the table of the model
        say_now()
