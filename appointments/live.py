"""Who may listen to a visit (docs/realtime.md, "Channels")."""

from __future__ import annotations

from appointments import links
from appointments.queries import visit_for
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.errors import NotFound
from clinic.realtime import channels


def register() -> None:
    channels.register("visit", _visit, asks_database=True)


def _visit(actor: Actor, detail: str, token: str) -> str:
    """Whoever may see it, or shows its private link's token."""
    visit_id = channels.id_of(detail)
    if token and links.visit_of(token) == visit_id:
        actor = actor.with_visit(visit_id)
    try:
        with db.reading(actor):
            visit_for(actor, visit_id)
    except NotFound:
        raise channels.Refused("forbidden") from None
    return f"visit.{visit_id}"
