"""The channels that there are, as methods (docs/realtime.md, "Channels")."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Unpack

from clinic.realtime.client.channel import Callbacks, Subscription


class Channels(ABC):
    """Each method subscribes, and raises what `subscribe` does."""

    @abstractmethod
    def subscribe(
        self, channel: str, position: int | None = None, *, token: str = "", **callbacks: Unpack[Callbacks]
    ) -> Subscription:
        """Listens to a channel by its name."""

    def appointments(self, position: int | None = None, **callbacks: Unpack[Callbacks]) -> Subscription:
        """By role: a patient's or bot's own, a dentist's schedule, all for the front desk and admins."""
        return self.subscribe("appointments", position, **callbacks)

    def own_appointments(self, position: int | None = None, **callbacks: Unpack[Callbacks]) -> Subscription:
        """What is booked under one's own account, whatever one's role."""
        return self.subscribe("appointments:own", position, **callbacks)

    def availability(
        self, dentist_id: str | None = None, position: int | None = None, **callbacks: Unpack[Callbacks]
    ) -> Subscription:
        """When a dentist can be booked, or anybody."""
        name = "availability" if dentist_id is None else f"availability:{dentist_id}"
        return self.subscribe(name, position, **callbacks)

    def visit(
        self, visit_id: str, position: int | None = None, *, token: str = "", **callbacks: Unpack[Callbacks]
    ) -> Subscription:
        """One visit; `token` is that of its private link."""
        return self.subscribe(f"visit:{visit_id}", position, token=token, **callbacks)

    def conversation(
        self, conversation_id: str, position: int | None = None, **callbacks: Unpack[Callbacks]
    ) -> Subscription:
        """One conversation with the assistant, for who began it."""
        return self.subscribe(f"conversation:{conversation_id}", position, **callbacks)

    def sync(self, position: int | None = None, **callbacks: Unpack[Callbacks]) -> Subscription:
        """Every event, for admins."""
        return self.subscribe("sync", position, **callbacks)
