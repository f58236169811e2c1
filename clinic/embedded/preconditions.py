import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic.embedded.errors import EmbeddedError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process; the kernel lets go of it however the process ends.

    Raises EmbeddedError while another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode() or "unknown"
            raise EmbeddedError(
                f"It runs already from this folder (process {holder}): stop it there with Ctrl-C first."
            ) from None
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether a process holds ``folder``."""
    try:
        with (folder / "run.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def chosen_port(text: str, *, patience: float = 2.0) -> int:
    """The port that ``text`` names, free on the loopback address.

    ``patience`` (seconds) is for a web process whose supervisor was killed a moment ago, and that is ending.
    Raises EmbeddedError.
    """
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise EmbeddedError(f"PORT must be a number from 1 to 65535, not '{text}'.")
    deadline = time.monotonic() + patience
    while (obstacle := _obstacle(int(text))) and time.monotonic() < deadline:
        time.sleep(0.05)
    if obstacle:
        raise EmbeddedError(f"Port {text} cannot be used ({obstacle}): choose another, as in 'PORT=8001 make run'.")
    return int(text)


def _obstacle(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror
    return None
