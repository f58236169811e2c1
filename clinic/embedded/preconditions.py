import fcntl
import os
import socket
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


def chosen_port(text: str) -> int:
    """Raises EmbeddedError when ``text`` is no port number, or when something listens there already."""
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise EmbeddedError(f"PORT must be a number from 1 to 65535, not '{text}'.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise EmbeddedError(
                f"Port {text} cannot be used ({error.strerror}): choose another, as in 'PORT=8001 make run'."
            ) from None
    return int(text)
