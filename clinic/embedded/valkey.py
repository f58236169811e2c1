"""One Valkey server (which speaks Redis) of our own, reachable through a private Unix socket only."""

import os
import signal
import socket
import subprocess
import time
from urllib.parse import quote

from clinic.embedded.binaries import valkey_server
from clinic.embedded.children import launch, wait_for_exit, wait_until_deserted
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.log import last_lines, open_log
from clinic.embedded.place import ROOT_STATE, Place

READY_WITHIN = 10.0  # seconds

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    # It relays and caches; what must last is in PostgreSQL.
    "save": "",
    "appendonly": "no",
    "maxmemory": "128mb",
    "maxmemory-policy": "volatile-lru",
}


class ValkeyServer:
    """A server whose content is gone when it stops."""

    name = "valkey"

    def __init__(self, place: Place) -> None:
        self.data = place.folder_for(self.name)
        self.log = place.logs / "valkey.log"
        self._place = place
        self._socket = place.sockets / "valkey.sock"
        self._program = valkey_server(ROOT_STATE if place.account else None)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self._socket))}"

    def start(self) -> None:
        """Return when connections are accepted. Raises EmbeddedError."""
        self._place.own(self.data)
        # One that is still ending would take the new one's socket with it.
        wait_until_deserted(self.data, self._program.name)
        settings = {**SETTINGS, "dir": str(self.data), "unixsocket": str(self._socket)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with open_log(self.log) as log:
            self._process = launch(
                [self._program, *options],
                death_signal=signal.SIGTERM,
                cwd=self.data,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                account=self._place.account,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready(self._process)

    def poll(self) -> int | None:
        """The exit code when the server has ended by itself, else None."""
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        if self._process is None:
            return
        for how in (signal.SIGTERM, signal.SIGKILL):
            self._process.send_signal(how)
            if wait_for_exit(self._process, 5.0):
                break
        self._process = None

    def kill(self) -> None:
        """End it without a word to its clients' subscriptions."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Valkey did not start. The end of {self.log}:\n{last_lines(self.log)}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
            except OSError:
                return False
