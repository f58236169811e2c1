"""Two servers, two relays and a Redis for all faults, and who listens to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from clinic.accounts.models import User
from clinic.core import db
from clinic.realtime.client import LiveClient
from tests.factories import Cast
from tests.faults.listeners import Backstage, Listener, close_all, connect_all
from tests.faults.stand import Stand, standing
from tests.sockets.client import token_of


@pytest.fixture(scope="package")
def _stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(tmp_path_factory.mktemp("faults")) as stand:
        yield stand


@pytest.fixture
def stand(_stand: Stand) -> Stand:
    """Whole again, whatever the test before did to it."""
    _stand.start()
    return _stand


@pytest.fixture
def backstage() -> Iterator[Backstage]:
    stage = Backstage()
    yield stage
    stage.close()


class Audience:
    """Listeners of every kind. Their clients are quick to notice and quick to come back."""

    def __init__(self, stand: Stand, backstage: Backstage, cast: Cast) -> None:
        self._stand, self._backstage, self._cast = stand, backstage, cast
        self.listeners: list[Listener] = []
        with db.signing_in():
            self._weber = User.objects.get(pk=cast.weber.user_id)

    def client(self, url: str, user: User | None = None) -> Callable[[], LiveClient]:
        token = token_of(user) if user else None
        return lambda: LiveClient(url, token=token, first_delay=0.05, longest_delay=0.3, ping=0.5, open_timeout=2)

    def at(self, url: str) -> list[Listener]:
        """One of each kind at this address."""
        cast = self._cast
        wanted: list[tuple[str, Callable[[], LiveClient], str, str]] = [
            (f"{name} {url}", self.client(url, user), channel, stored)
            for name, user, channel, stored in (
                ("admin", cast.ada, "sync", "sync"),
                ("desk", cast.dana, "appointments", "clinic"),
                ("dentist", self._weber, "appointments", f"schedule.{cast.weber.pk}"),
                ("patient", cast.ana, "appointments", f"account.{cast.ana.pk}"),
                ("nobody", None, "availability", "availability"),
            )
        ]
        return self.add(wanted)

    def add(self, wanted: list[tuple[str, Callable[[], LiveClient], str, str]]) -> list[Listener]:
        found = connect_all(self._backstage, wanted)
        self.listeners += found
        return found

    def everywhere(self) -> list[Listener]:
        """One of each kind at each server."""
        return [listener for server in self._stand.servers for listener in self.at(server.url)]

    def close(self) -> None:
        close_all(self._backstage, self.listeners)


@pytest.fixture
def audience(stand: Stand, backstage: Backstage, cast: Cast) -> Iterator[Audience]:
    audience = Audience(stand, backstage, cast)
    yield audience
    audience.close()
