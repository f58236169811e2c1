"""Real workers, as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.notifications.smtp_sink import Sink

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150.0  # seconds, on a machine that does other things, too


class Worker:
    """`manage.py work` on this test's database, sending to the sink."""

    def __init__(self, sink: Sink, log: Path) -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "EMAIL_URL": sink.url}
        self._log = log.open("ab")
        command = [sys.executable, "manage.py", "work"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        self.process.kill()
        assert self.process.wait(PATIENCE) == -signal.SIGKILL

    def stop(self) -> int:
        """Asked to stop, as a supervisor does; the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()
