"""One command of the Procfile."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from clinic.embedded.children import launch
from clinic.embedded.output import Output


class Process:
    """``command`` is one program with its arguments; the shell fills in variables such as $PORT."""

    def __init__(self, name: str, command: str, *, cwd: Path, env: Mapping[str, str], output: Output) -> None:
        self.name = name
        self._command = command
        self._cwd = cwd
        self._env = env
        self._output = output
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self, take: Callable[[str], None] | None = None) -> None:
        """``take`` gets the lines of standard output, which are printed otherwise, as errors always are."""
        show = self._output.printer(self.name)
        self._popen = launch(
            # Replaces the shell, so that signals reach the program itself.
            ["/bin/sh", "-c", f"exec {self._command}"],
            death_signal=signal.SIGTERM,
            cwd=self._cwd,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for stream, taker in ((self._popen.stdout, take or show), (self._popen.stderr, show)):
            if stream:
                self._output.follow(stream, taker)

    def poll(self) -> int | None:
        """The exit code when it has ended, else None."""
        return self._popen.poll() if self._popen else None

    def ask_to_stop(self) -> None:
        if self._popen:
            self._popen.terminate()

    def insist(self) -> None:
        """Kill it, and what it started, when it is still there."""
        if self._popen and self._popen.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
