"""`python -m clinic.embedded run` as a person starts it, with processes of our choosing."""

import os
import re
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds until a run that hangs is killed, and its test fails
ELSEWHERE = {"DATABASE_URL": "postgresql://elsewhere/clinic", "REDIS_URL": "redis://elsewhere"}
OPEN = "Ctrl-C stops it."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(own: Collection[str]) -> dict[str, str]:
    """This process', without settings of the site; a run starts those servers itself whose URL is ``own``."""
    given = {"DATABASE_URL", "REDIS_URL", "PORT", "SECRET_KEY", "FIELD_KEYS", "IDENTITY_KEY", "CLINIC_ENV"}
    passed_on = {name: value for name, value in os.environ.items() if name not in given}
    return passed_on | {name: url for name, url in ELSEWHERE.items() if name not in own}


def wait_until_gone(pid: int) -> bool:
    """Whether the process has ended, at the latest in ten seconds; an unreaped one has."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)


class RunningClinic:
    """With servers ``own``, named by their settings, and otherwise made-up ones, which nobody asks.

    Everything that it said so far is in ``said``.
    """

    def __init__(
        self,
        folder: Path,
        procfile: str = "",
        *,
        prepare: str = "",
        port: int | None = None,
        own: Collection[str] = (),
        more: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.port = port or free_port()
        self.said = ""
        path = folder / "Procfile"
        path.write_text(procfile)
        options = ["--folder", str(folder), "run", "--procfile", str(path), "--prepare", prepare]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "clinic.embedded", *options],
            cwd=ROOT,
            env={**environment(own), **(more or {}), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._watchdog = threading.Timer(PATIENCE, self.process.kill)
        self._watchdog.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.ended()

    def told(self, pattern: str) -> str:
        """The first match in a line that it has said, or says next; of its first group, if there is one."""
        return self._match(pattern, self.said.splitlines(keepends=True)) or self.told_next(pattern)

    def told_next(self, pattern: str) -> str:
        """The same among the lines from now on."""
        found = self._match(pattern, self._read())
        assert found, f"It ended without saying {pattern!r}:\n{self.said}"
        return found

    def _read(self) -> Iterator[str]:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            yield line

    @staticmethod
    def _match(pattern: str, lines: Iterable[str]) -> str | None:
        for line in lines:
            if found := re.search(pattern, line.rstrip("\n")):
                return found[1] if found.re.groups else found.string
        return None

    def ended(self) -> int:
        """Read to the end; the exit code."""
        assert self.process.stdout
        if not self.process.stdout.closed:
            self.said += self.process.stdout.read()
            self.process.stdout.close()
        code = self.process.wait()
        self._watchdog.cancel()
        return code
