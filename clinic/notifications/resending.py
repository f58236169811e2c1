"""Sending a message again, by hand."""

from __future__ import annotations

from uuid import UUID

from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed, NotFound
from clinic.notifications.errors import NoAddress, StillOnItsWay, VisitHasBegun
from clinic.notifications.models import Message, State


def resend(actor: Actor, message_id: UUID) -> Message:
    """Queues a sent, failed or dropped message once more, under a new Message-ID, to the address that its visit has now.

    Admins only (`NotAllowed`). Raises `NotFound`, `StillOnItsWay`, `NoAddress`, and `VisitHasBegun` by the database's clock.
    """
    if actor.role != Role.ADMIN:
        raise NotAllowed()
    with db.transaction(actor):
        message = (
            Message.objects.select_for_update(of=("self",)).select_related("appointment").filter(pk=message_id).first()
        )
        if message is None:
            raise NotFound()
        if not message.is_final:
            raise StillOnItsWay()
        if not message.appointment.patient_email:
            raise NoAddress()
        if db.value("SELECT %s <= clock_timestamp()", [message.starts_at]):
            raise VisitHasBegun()
        message.state, message.round, message.attempts, message.last_error = State.QUEUED, message.round + 1, 0, ""
        message.save(update_fields=["state", "round", "attempts", "last_error"])
        return message
