"""Both servers together, unless the environment names others."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded.place import Place, place_for
from clinic.embedded.postgres import PostgresServer
from clinic.embedded.valkey import ValkeyServer


@dataclass(frozen=True)
class Servers:
    database_url: str
    redis_url: str
    postgres: PostgresServer | None  # None: the environment named another
    valkey: ValkeyServer | None

    @property
    def own(self) -> list[PostgresServer | ValkeyServer]:
        """In the order in which they start."""
        return [server for server in (self.postgres, self.valkey) if server]


@contextmanager
def running(folder: Path, *, durable: bool, environ: Mapping[str, str] = os.environ) -> Iterator[Servers]:
    """Run PostgreSQL and Valkey for ``folder`` until the block ends.

    ``durable`` data stay for the next start and survive a crash; others are fast and gone afterwards. A
    ``DATABASE_URL`` or ``REDIS_URL`` in ``environ`` is used instead of a server of our own. The servers end
    with the calling thread, however that ends. Only one durable run per folder at a time: that is for the
    caller to ensure. Raises EmbeddedError.
    """
    place = place_for(folder, durable=durable)
    with ExitStack() as stack:
        if not durable:
            stack.callback(place.erase)
        servers = servers_in(place, durable=durable, environ=environ)
        for server in servers.own:
            stack.callback(server.stop)
            server.start()
        yield servers


def servers_in(place: Place, *, durable: bool, environ: Mapping[str, str] = os.environ) -> Servers:
    """What ``running`` runs, not started."""
    database_url, redis_url = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    postgres = None if database_url else PostgresServer(place, durable=durable)
    valkey = None if redis_url else ValkeyServer(place)
    return Servers(
        database_url=postgres.database_url if postgres else database_url or "",
        redis_url=valkey.redis_url if valkey else redis_url or "",
        postgres=postgres,
        valkey=valkey,
    )
