import signal
import time
from typing import Protocol

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.output import Output

RESTART_AFTER = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds; then it is given up
STEADY_AFTER = 60.0  # seconds of life after which earlier failures are forgotten


class Service(Protocol):
    @property
    def name(self) -> str: ...

    def start(self) -> None: ...

    def poll(self) -> int | None: ...


class Watch:
    """Starts a service again when it ends by itself, each time after a longer pause."""

    def __init__(self, service: Service, output: Output) -> None:
        self._service = service
        self._output = output
        self._started = time.monotonic()
        self._failures = 0
        self._due: float | None = None

    def tend(self) -> None:
        """Raises EmbeddedError when the service has failed too often."""
        now = time.monotonic()
        if self._due is None:
            code = self._service.poll()
            if code is not None:
                self._ended(code, now)
        elif now >= self._due:
            self._due = None
            self._started = now
            self._service.start()

    def _ended(self, code: int, now: float) -> None:
        name, how = self._service.name, in_words(code)
        if now - self._started > STEADY_AFTER:
            self._failures = 0
        if self._failures == len(RESTART_AFTER):
            raise EmbeddedError(f"{name} does not stay up, it last ended {how}; everything has been stopped.")
        pause = RESTART_AFTER[self._failures]
        self._failures += 1
        self._due = now + pause
        self._output.say(f"{name} ended {how}; starting it again in {pause:g} s.")


def in_words(code: int) -> str:
    """How a process ended, from the exit code that ``subprocess`` gives."""
    return f"with exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
