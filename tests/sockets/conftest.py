"""One real server process for all tests of sockets, and clients of the kind that programs use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.factories import Cast
from tests.realtime.processes import serving
from tests.sockets.client import Client
from tests.sockets.happening import settled


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server process, without scheme and slash."""
    with serving(tmp_path_factory.mktemp("sockets") / "log", SOCKETS_PER_ACCOUNT="4", LOG_LEVEL="DEBUG") as (
        address,
        _,
    ):
        yield address.removeprefix("http://")


class Opener:
    """Opens sockets to the site; they are closed after the test."""

    def __init__(self, site: str, stack: ExitStack) -> None:
        self.site = site
        self._stack = stack

    def __call__(self, **how: Any) -> Client:
        return self._stack.enter_context(Client(self.site, **how))


@pytest.fixture
def opened(site: str, cast: Cast) -> Iterator[Opener]:
    settled()
    with Client(site) as first:
        first.hear()
        first.heard()  # so the hub has heard it, too
    with ExitStack() as stack:
        yield Opener(site, stack)
