from __future__ import annotations

import pytest

from tests.api.calling import Caller, sign_in
from tests.factories import Cast


@pytest.fixture
def anyone() -> Caller:
    """Somebody without an account."""
    return Caller()


@pytest.fixture
def ana(cast: Cast) -> Caller:
    return sign_in(cast.ana)


@pytest.fixture
def ben(cast: Cast) -> Caller:
    return sign_in(cast.ben)


@pytest.fixture
def weber(cast: Cast) -> Caller:
    return sign_in(cast.weber)


@pytest.fixture
def okafor(cast: Cast) -> Caller:
    return sign_in(cast.okafor)


@pytest.fixture
def desk(cast: Cast) -> Caller:
    return sign_in(cast.dana)


@pytest.fixture
def admin(cast: Cast) -> Caller:
    return sign_in(cast.ada)
