"""What every benchmark is given: its database, server processes on loopback, and how often to repeat."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from bench.stand import FOLDER, ROOT, Stand
from bench.wire import Wire
from clinic.embedded.children import TETHER


@dataclass(frozen=True)
class Server:
    """A server process of the site on loopback."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Processor seconds that it has used so far, all its threads together."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ground:
    stand: Stand
    database: str
    effort: float

    def times(self, usual: int, *, least: int = 1) -> int:
        """How often to repeat what is usually repeated so often."""
        return max(round(usual * self.effort), least)

    @contextmanager
    def daphne(self, database: str | None = None) -> Iterator[Server]:
        """A server process for the database; it has answered once."""
        environment = self.stand.environment(database or self.database)
        with (
            socket.create_server(("127.0.0.1", 0), backlog=1024) as listening,
            (FOLDER / "daphne.log").open("a") as log,
        ):
            port: int = listening.getsockname()[1]
            command = [sys.executable, "-m", "daphne", "--fd", str(listening.fileno()), "clinic.asgi:application"]
            # It ends with this process, however that ends.
            tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(signal.SIGTERM)), "", ""]
            process = subprocess.Popen(
                [*tether, *command], cwd=ROOT, env=environment, stdout=log, stderr=log, pass_fds=[listening.fileno()]
            )
            try:
                with Wire(port) as wire:
                    if (answer := wire.send("GET", "/api/nowhere")).status != 404:
                        raise RuntimeError(f"The server does not work: {answer}")
                yield Server(port, process.pid)
            finally:
                process.terminate()
                process.wait(timeout=20)

    def connect(self, login: str = "clinic_web", database: str | None = None) -> psycopg.Connection[Any]:
        """A connection of its own for one of the site's logins; statements that return are prepared."""
        return psycopg.connect(self.stand.url(database or self.database), user=login, autocommit=True)

    def owner(self, database: str | None = None) -> psycopg.Connection[Any]:
        return psycopg.connect(self.stand.url(database or self.database), autocommit=True)

    def deadlocks(self) -> int:
        """Deadlocks of this database so far. Backends count for themselves until they end, so these are ended first:
        call it when no server runs."""
        connections.close_all()
        wrapper: Any = connections["default"]
        wrapper.close_pool()
        with self.owner() as owner:
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            while (left := owner.execute(others).fetchone()) and left[0]:
                pass
            owner.execute("SELECT pg_stat_clear_snapshot()")
            found = owner.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone()
        return int(found[0]) if found else 0
