"""Everything that live sync needs, as processes of its own that can be killed: servers, relays, and a Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clinic.embedded.place import place_for
from clinic.embedded.valkey import ValkeyServer
from tests.polling import until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds, on a machine that does other things, too


class Process:
    """One of the site's processes, which can be started again after its end."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self._command, self._log, self._environment = command, log, environment
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, *self._command], cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **self._environment},
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """As when the machine is gone: nothing is tidied up."""
        assert self._running is not None
        self._running.kill()
        assert self._running.wait(PATIENCE) == -signal.SIGKILL

    def wait(self) -> int:
        assert self._running is not None
        return self._running.wait(PATIENCE)

    def stop(self) -> None:
        if self._running is not None and self.runs:
            self._running.terminate()
            try:
                self._running.wait(5)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()


class Server(Process):
    """A server process at the same port, whenever it is started. `script` runs before, in the same process."""

    def __init__(self, log: Path, environment: dict[str, str], script: str = "") -> None:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = int(found.getsockname()[1])
        arguments = ["-b", "127.0.0.1", "-p", str(self.port), "clinic.asgi:application"]
        if script:
            run = f"{script}\nfrom daphne.cli import CommandLineInterface\nCommandLineInterface().run({arguments!r})"
        super().__init__(["-c", run] if script else ["-m", "daphne", *arguments], log, environment)
        self.url = f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/health", timeout=PATIENCE).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError as error:  # that something else is away is told in an answer, too
            error.close()
        except OSError:
            return False
        return True


class Relay(Process):
    """`manage.py relay`, or a script that runs one with something wrong in it."""

    def __init__(self, log: Path, environment: dict[str, str], script: str = "") -> None:
        super().__init__(["-c", script] if script else ["manage.py", "relay"], log, environment)


class Stand:
    """Two servers and two relays, one of which stands by, on a Redis of their own."""

    def __init__(self, folder: Path, valkey: ValkeyServer, database_url: str = "") -> None:
        self.folder, self.valkey = folder, valkey
        self.environment = {"REDIS_URL": valkey.redis_url, "SOCKETS_PER_ADDRESS": "500"}
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.servers = [Server(folder / f"server{number}", self.environment) for number in range(2)]
        self.relays = [Relay(folder / "relays", self.environment) for _ in range(2)]
        self._others: list[Process] = []

    def relay(self, script: str = "") -> Relay:
        """Another relay, which is not of those that `start` starts, and ended by it."""
        self._others.append(Relay(self.folder / "relays", self.environment, script))
        return self._others[-1]

    def start(self) -> None:
        """Starts what does not run, and waits until the servers answer."""
        self._end_others()
        if self.valkey.poll() is not None:
            self.valkey.kill()
            self.valkey.start()
        for process in (*self.servers, *self.relays):
            if not process.runs:
                process.start()
        for server in self.servers:
            until(lambda: server.answers() or not server.runs, at_most=PATIENCE)  # noqa: B023 - asked at once
            assert server.runs, f"it did not start, see {self.folder}"

    def stop(self) -> None:
        self._end_others()
        for process in (*self.servers, *self.relays):
            process.stop()

    def _end_others(self) -> None:
        for process in self._others:
            process.stop()
        self._others.clear()


@contextmanager
def standing(folder: Path, database_url: str = "") -> Iterator[Stand]:
    """The processes on this test's database, or another."""
    with ExitStack() as stack:
        place = place_for(folder / "valkey", durable=False)
        stack.callback(place.erase)
        valkey = ValkeyServer(place)
        stack.callback(valkey.stop)
        valkey.start()
        stand = Stand(folder, valkey, database_url)
        stack.callback(stand.stop)
        stand.start()
        yield stand
