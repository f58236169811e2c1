"""Telling a scenario at another moment than now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from clinic.core import clock


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """The application's clock stands at this instant; the database's own goes on."""
    with mock.patch.object(clock, "now", return_value=instant):
        yield
