"""A connection as the pool has them, and somebody else's visit to be after."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from clinic.core import db
from tests.factories import Cast
from tests.security.injected import Raw
from tests.security.people import connected


@pytest.fixture
def raw(cast: Cast) -> Iterator[Raw]:
    """A connection of the web login, as the pool has them; nobody makes temporary tables, as the first migration says."""
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())")
        cursor.execute(cursor.fetchone()[0])  # a copied database loses what stands on the database
    with connected("clinic_web") as connection:
        yield connection


@pytest.fixture
def bens(cast: Cast) -> uuid.UUID:
    """Ben's visit, of which Ana knows the id and all else that a link or a mail could tell."""
    return cast.booked(
        cast.as_ben, cast.at(10), contact=cast.guest("Ben Krause"), medical={"symptoms": "a dull ache"}
    ).appointment.pk
