"""What a transaction has read is read once, and never outlives it."""

from __future__ import annotations

import threading
from contextvars import copy_context

from django.db import connections
from django.test.utils import CaptureQueriesContext

from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.core.memory import lasting, remembered
from clinic.core.models import ClinicSettings
from tests.factories import Cast


def test_the_settings_are_read_once_in_a_transaction_and_again_in_the_next(cast: Cast) -> None:
    with db.reading(ANONYMOUS), CaptureQueriesContext(connections["default"]) as queries:
        names = [ClinicSettings.current().name, ClinicSettings.current().name]
    with db.as_owner():
        ClinicSettings.objects.update(name="Renamed")
    with db.reading(ANONYMOUS):
        renamed = ClinicSettings.current().name
    assert (len(queries), names, renamed) == (1, ["Dental clinic", "Dental clinic"], "Renamed")


def test_a_change_in_the_same_transaction_is_seen(cast: Cast) -> None:
    with db.transaction(cast.as_admin):
        settings = ClinicSettings.current()
        settings.name = "Renamed"
        settings.save()
        assert ClinicSettings.current().name == "Renamed"
        assert ClinicSettings.objects.get().name == "Renamed"


def test_nothing_is_remembered_outside_or_in_another_thread() -> None:
    asked: list[int] = []

    def load() -> int:
        asked.append(len(asked))
        return asked[-1]

    outside = [remembered("it", load), remembered("it", load)]
    with lasting():
        inside = [remembered("it", load), remembered("it", load)]
        elsewhere: list[int] = []
        travelling = copy_context()  # as asgiref hands it on
        thread = threading.Thread(target=lambda: elsewhere.append(travelling.run(remembered, "it", load)))
        thread.start()
        thread.join()
    assert (outside, inside, elsewhere) == ([0, 1], [2, 2], [3])
