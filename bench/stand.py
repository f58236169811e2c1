"""What benchmarks stand on: servers of our own and a large clinic, made once and copied for whoever writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bench import LARGE, SMALL
from clinic.embedded.servers import running

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
STANDING = FOLDER / "standing.json"
FEW = 20_000  # appointments of the small clinic, which shows what a history costs

# Nothing here is secret: the data are made up and gone with the run. The mode is the one without HTTPS redirects.
ENVIRONMENT = {
    "CLINIC_ENV": "test",
    "DEMO": "1",
    "SECRET_KEY": "benchmarks-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "IDENTITY_KEY": "ffeeddccbbaa99887766554433221100" * 2,
    "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "TRUSTED_PROXIES": "1",  # every request comes from an address of its own, see `bench.wire.address`
    "LOG_LEVEL": "ERROR",  # a line for each refused booking would be measured as well
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
}


@dataclass(frozen=True)
class Stand:
    """Servers that run, with a large clinic and (unless that is small itself) a small one."""

    server_url: str
    redis_url: str
    dentists: int
    appointments: int

    def url(self, database: str) -> str:
        """One of the server's databases, for its owner."""
        head, _, query = self.server_url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{database}?{query}"

    def environment(self, database: str) -> dict[str, str]:
        """What a process of the site needs in order to serve this database."""
        return {**os.environ, **ENVIRONMENT, "DATABASE_URL": self.url(database), "REDIS_URL": self.redis_url}

    @contextmanager
    def copy(self, name: str, of: str = LARGE) -> Iterator[str]:
        """A database that may be written to, gone after the block."""
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, of)
        try:
            yield name
        finally:
            self._command("DROP DATABASE {} WITH (FORCE)", name)

    def _command(self, text: str, *names: str) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as owner:
            owner.execute(sql.SQL(text).format(*map(sql.Identifier, names)))

    def build(self, database: str, appointments: int) -> None:
        """Migrates a new database and fills it with the demo clinic at this size."""
        began = perf_counter()
        self._command("CREATE DATABASE {}", database)
        self._manage(database, "migrate", "--verbosity", "0")
        self._manage(database, "demo", "--dentists", str(self.dentists), "--appointments", str(appointments))
        with psycopg.connect(self.url(database), autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE, FREEZE)")
        print(f"{database}: {appointments:,} appointments in {perf_counter() - began:.0f} s", file=sys.stderr)

    def _manage(self, database: str, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment(database), stdout=subprocess.DEVNULL, check=True)


@contextmanager
def standing(dentists: int, appointments: int) -> Iterator[Stand]:
    """A stand of this size: the one that `python -m bench stand` keeps up, when it has this size, else a new one."""
    if (found := _kept_up()) is not None and (found.dentists, found.appointments) == (dentists, appointments):
        yield found
        return
    with running(FOLDER, durable=False, environ={}) as servers:
        stand = Stand(servers.database_url, servers.redis_url, dentists, appointments)
        stand.build(LARGE, appointments)
        if appointments > FEW:
            stand.build(SMALL, FEW)
        yield stand


def _kept_up() -> Stand | None:
    try:
        stand = Stand(**json.loads(STANDING.read_text()))
        psycopg.connect(stand.url(LARGE)).close()
    except (OSError, ValueError, TypeError, psycopg.Error):
        return None
    return stand


@contextmanager
def told(stand: Stand) -> Iterator[None]:
    """Other runs find this stand as long as the block lasts."""
    STANDING.write_text(json.dumps(asdict(stand)))
    try:
        yield
    finally:
        STANDING.unlink()
