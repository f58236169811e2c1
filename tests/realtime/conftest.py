"""A relay beside the tests, and what it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.realtime.heard import Heard, hearing
from tests.realtime.processes import RelayProcess, relaying


@pytest.fixture
def relay(database: None, tmp_path: Path) -> Iterator[RelayProcess]:
    """The active relay of this test's database."""
    with relaying(tmp_path / "relay.log") as process:
        yield process


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Everything that is published from now on."""
    with hearing() as ear:
        yield ear
