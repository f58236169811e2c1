"""Processes that do not outlive the one that starts them, not even when that one is killed with SIGKILL."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from clinic.embedded.account import Account
from clinic.embedded.errors import EmbeddedError

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

# Looked up once, here: between fork and exec nothing may be imported.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask the kernel to send ``death_signal`` to this process when its parent ends; Linux only."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(death_signal))


def _tie_to(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return before_exec


def launch(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    cwd: Path,
    env: Mapping[str, str],
    account: Account | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start ``command`` as ``account``; it gets ``death_signal`` when the calling *thread* ends.

    So call it from a thread that lives as long as the child should, best the main one. The child leads a
    session of its own: Ctrl-C at the terminal reaches only the parent, which then decides the order.
    """
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(env),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # Runs after the change of user, which would clear the death signal.
        preexec_fn=_tie_to(os.getpid(), death_signal),
    )


def wait_for_exit(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        return False
    return True


def processes_in(folder: Path) -> list[int]:
    """Process ids whose working directory is ``folder``, which a server keeps in its data folder.

    Zombies do not count. Empty where there is no /proc.
    """
    wanted = str(folder)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == wanted:
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def wait_until_deserted(folder: Path, *, patience: float = 10.0) -> None:
    """Wait for a server of an earlier start to leave ``folder``; it is stopping when its parent was killed.

    After half of ``patience`` (seconds) it is told to quit at once. Raises EmbeddedError when it stays.
    """
    began = time.monotonic()
    urged = False
    while left := processes_in(folder):
        waited = time.monotonic() - began
        if waited > patience:
            raise EmbeddedError(f"A server of an earlier start still works in {folder} (process {left[0]}).")
        if waited > patience / 2 and not urged:
            urged = True
            for pid in left:
                os.kill(pid, signal.SIGQUIT)
        time.sleep(0.02)
