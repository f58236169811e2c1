"""Reading the history. Row-level security decides which of it a caller sees; these say what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model, QuerySet

from clinic.core import db
from clinic.core.actor import Actor
from clinic.history.models import Change


def history_of(actor: Actor, model: type[Model], row_id: object) -> QuerySet[Change]:
    """What happened to one row, newest first, as far as this caller may know."""
    return Change.objects.filter(table_name=model._meta.db_table, row_id=str(row_id))


def history_of_visit(actor: Actor, visit_id: UUID) -> QuerySet[Change]:
    """What happened to an appointment and to what its patient told, newest first."""
    return Change.objects.filter(visit_id=visit_id)


def staff_names(users: Iterable[UUID]) -> dict[UUID, str]:
    """The present names of those of these accounts that are staff; one query, for staff only."""
    wanted = list(users)
    return dict(db.rows("SELECT id, name FROM history_names(%s)", [wanted])) if wanted else {}
