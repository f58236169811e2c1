"""A clinic whose history begins when the test does."""

from __future__ import annotations

import pytest

from clinic.core import db
from tests.factories import Cast, make_cast


def forget_everything() -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("DELETE FROM history_change")


@pytest.fixture
def cast(database: None) -> Cast:
    """The small clinic of `tests.factories`, as if it had always been there."""
    cast = make_cast()
    forget_everything()
    return cast
