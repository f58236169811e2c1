"""One PostgreSQL cluster of our own, reachable through a private Unix socket only."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from clinic.embedded.binaries import postgres_bin
from clinic.embedded.children import launch, wait_for_exit, wait_until_deserted
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.log import last_lines, open_log
from clinic.embedded.place import ROOT_STATE, Place

SUPERUSER = "postgres"
OWNER = "clinic_owner"  # owns the database and its objects, makes the runtime roles; not a superuser
DATABASE = "clinic"
FIRST_COMMANDS = f"""\
CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""
READY_WITHIN = 120.0  # seconds; recovery after a crash is part of it

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "jit": "off",
    # Else how long an event takes could only be counted from its writing, not from its commit.
    "track_commit_timestamp": "on",
    "random_page_cost": "1.1",
    # Statements hold names and addresses; SQL in one request could read those of all others as they run.
    "track_activities": "off",
    # Messages of errors, their details and statements hold what people typed; the site's own log has SQLSTATE and constraint.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {"max_connections": "200", "shared_buffers": "256MB"}
# For data that nobody will miss: tests and benchmarks.
FLEETING = {
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class PostgresServer:
    """A cluster in ``place``, made at the first start. Whoever may enter the socket's folder is trusted."""

    name = "postgres"

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.data = place.folder_for(self.name)
        self.log = place.logs / "postgres.log"
        self._place = place
        self._durable = durable
        self._bin = postgres_bin(ROOT_STATE if place.account else None)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        """For the owner of the database."""
        return self._url(OWNER, DATABASE)

    @property
    def superuser_url(self) -> str:
        """For maintenance of the cluster; the site never uses it."""
        return self._url(SUPERUSER, "postgres")

    def start(self) -> None:
        """Return when connections are accepted. Raises EmbeddedError."""
        wait_until_deserted(self.data, "postgres")
        if not self.data.exists():
            self._create()
        # Nobody works in the folder any more, so what this says is out of date; its process id may be a
        # stranger's by now, which PostgreSQL would take for a running server.
        self._pid_file.unlink(missing_ok=True)
        settings = {
            **SETTINGS,
            **(DURABLE if self._durable else FLEETING),
            "unix_socket_directories": f'"{self._place.sockets}"',
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = self._launch([self._bin / "postgres", "-D", self.data, *options])
        self._wait_until_ready(self._process)

    def poll(self) -> int | None:
        """The exit code when the server has ended by itself, else None."""
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        """Roll back what is open, write everything out and end; at once when that takes over 10 seconds."""
        if self._process is None:
            return
        for how, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            self._process.send_signal(how)
            if wait_for_exit(self._process, seconds):
                break
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would: nothing is written out, and the next start recovers."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._process = None

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self._place.sockets))}"

    def _create(self) -> None:
        """Build the cluster under another name first: a start that is cut short leaves nothing half done."""
        draft = self.data.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        self._place.own(draft)
        locale = [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        sync = [] if self._durable else ["--no-sync"]
        self._run("initdb", "-D", str(draft), f"--username={SUPERUSER}", "--auth=trust", *locale, *sync)
        fsync = f"fsync={'on' if self._durable else 'off'}"
        single = ["--single", "-D", str(draft), "-c", "exit_on_error=on", "-c", fsync, "postgres"]
        self._run("postgres", *single, text=FIRST_COMMANDS)
        draft.rename(self.data)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        process = self._launch([self._bin / program, *arguments], stdin=subprocess.PIPE, death_signal=signal.SIGKILL)
        process.communicate(text.encode())
        if process.returncode:
            raise self._failure(f"{program} failed")

    def _launch(
        self,
        command: Sequence[str | Path],
        *,
        stdin: int = subprocess.DEVNULL,
        death_signal: signal.Signals = signal.SIGINT,  # PostgreSQL's fast shutdown
    ) -> subprocess.Popen[bytes]:
        with open_log(self.log) as log:
            return launch(
                command,
                death_signal=death_signal,
                cwd=self._place.data,
                # Nothing else: PGDATA, PGHOST and their like would steer it elsewhere.
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                account=self._place.account,
                stdin=stdin,
                stdout=log,
                stderr=log,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self._says_ready(process.pid):
            if process.poll() is not None:
                raise self._failure("PostgreSQL did not start")
            if time.monotonic() > deadline:
                raise self._failure(f"PostgreSQL was not ready after {READY_WITHIN:.0f} seconds")
            time.sleep(0.02)

    def _says_ready(self, pid: int) -> bool:
        """What `pg_ctl` looks at: line 1 is the server's process id, line 8 its state."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _failure(self, what: str) -> EmbeddedError:
        return EmbeddedError(f"{what}. The end of {self.log}:\n{last_lines(self.log)}")
