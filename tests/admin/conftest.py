from __future__ import annotations

import pytest
from django.test import Client

from clinic.accounts.models import User
from clinic.core import db
from tests.factories import Cast


def signed_in(user: User) -> Client:
    """A browser in which this account is signed in."""
    client = Client()
    with db.signing_in():
        client.force_login(user)
    return client


@pytest.fixture
def office(cast: Cast) -> Client:
    """The admin's browser."""
    return signed_in(cast.ada)
