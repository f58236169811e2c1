from __future__ import annotations

import pytest

from tests.conftest import empty_database
from tests.factories import make_cast


@pytest.fixture(scope="session", autouse=True)
def _served_before(_queries_allowed: None) -> None:
    """A crowd meets a process that has served somebody before, with its patterns compiled and its modules loaded."""
    cast = make_cast()
    cast.booked(cast.nobody(), cast.at(9))
    empty_database()
