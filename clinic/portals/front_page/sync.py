"""Whether live sync keeps up."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.core.actor import Actor
from clinic.realtime import registry, status
from clinic.realtime.status import Health, Passing


@dataclass(frozen=True)
class Sync:
    health: Health
    passing: Passing


def sync_health(actor: Actor) -> Sync:
    """In the transaction of whoever is acting, which the database answers; Redis may be away."""
    found, answered = registry.connections()
    health = Health(status.relays(), status.count(found) if answered else None)
    return Sync(health, status.passing(actor))
