"""Real relays and server processes, on this test's database and Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from clinic.core import db
from tests.polling import until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds, on a machine that does other things, too


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **more}


_HOLDING = (
    " FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = 72036"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def active_relays() -> int:
    """How many relays hold the lock of the active one in this database: one at most."""
    with db.as_owner():
        return int(db.value(f"SELECT count(*){_HOLDING}"))


def cut_active_relay() -> int:
    """Ends the connection of the active relay; returns how many there were. Servers beside it keep theirs."""
    with connections["service"].cursor() as cursor:
        cursor.execute(f"SELECT count(pg_terminate_backend(pid)){_HOLDING}")
        return int(cursor.fetchone()[0])


class RelayProcess:
    """`manage.py relay`, or a script that runs a relay with something wrong in it."""

    def __init__(self, log: Path, script: str = "") -> None:
        self._log = log.open("ab")
        arguments = ["-c", script] if script else ["manage.py", "relay"]
        self.process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=_environment(), stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        """As when the machine is gone: nothing is tidied up."""
        self.process.kill()
        assert self.process.wait(PATIENCE) == -signal.SIGKILL

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._log.close()


@contextmanager
def relaying(log: Path, script: str = "") -> Iterator[RelayProcess]:
    """A relay that is the active one by now."""
    relay = RelayProcess(log, script)
    try:
        until(lambda: active_relays() == 1, at_most=PATIENCE)
        yield relay
    finally:
        relay.close()


@contextmanager
def serving(log: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server process that answers by now: its address without a slash, and the process."""
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("ab") as written:
        command = [sys.executable, "-m", "daphne", "--fd", str(listening.fileno()), "clinic.asgi:application"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(**environment), stdout=written, stderr=written,
            pass_fds=[listening.fileno()],
        )  # fmt: skip
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            urllib.request.urlopen(f"{address}/health", timeout=PATIENCE).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError as error:  # that something else is away is told in an answer, too
            error.close()
        try:
            yield address, process
        finally:
            process.kill()
            process.wait()
