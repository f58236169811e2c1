"""Who is acting is known to the thread that holds the transaction, and to no other."""

from __future__ import annotations

from contextvars import copy_context
from threading import Thread

from django.db import connections

from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.core.models import ClinicSettings


def test_a_thread_that_inherits_the_context_reads_in_a_transaction_of_its_own(database: None) -> None:
    """As Django does under ASGI: the page for an unknown path is rendered in another thread than the request."""
    seen: list[object] = []

    def elsewhere() -> None:
        try:
            seen.append(db.acting())
            with db.reading(ANONYMOUS):
                seen.append(ClinicSettings.current().pk)
        finally:
            connections.close_all()

    with db.reading(ANONYMOUS):
        thread = Thread(target=copy_context().run, args=(elsewhere,))
        thread.start()
        thread.join(timeout=20)
        assert db.acting() == ANONYMOUS
    assert seen == [None, 1]
