"""Processes that do not outlive the one that starts them, not even when that one is killed with SIGKILL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from clinic.embedded.account import Account
from clinic.embedded.errors import EmbeddedError

TETHER = Path(__file__).with_name("tether.py")


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
    """Start ``command``, an absolute path and arguments, as ``account``.

    It gets ``death_signal`` when the calling *thread* ends.
    So call it from one that lives as long as the child should, best the main one. The child leads a
    session of its own: Ctrl-C at the terminal reaches only the parent, which then decides the order.
    """
    who = [str(account.uid), str(account.gid)] if account else ["", ""]
    tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(death_signal)), *who]
    return subprocess.Popen(
        [*tether, *command],
        cwd=cwd,
        env=dict(env),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def wait_for_exit(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        return False
    return True


def processes_in(folder: Path, program: str) -> list[int]:
    """Ids of the processes named ``program`` that work in ``folder``, as a server does in its data folder.

    Zombies do not count. Empty where there is no /proc.
    """
    wanted = str(folder)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == wanted and (entry / "comm").read_text().strip() == program:
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def wait_until_deserted(folder: Path, program: str, *, patience: float = 10.0) -> None:
    """Wait for a server of an earlier start to leave ``folder``; it is stopping when its parent was killed.

    After half of ``patience`` (seconds) it is told to quit at once. Raises EmbeddedError when it stays.
    """
    began = time.monotonic()
    urged = False
    while left := processes_in(folder, program):
        waited = time.monotonic() - began
        if waited > patience:
            raise EmbeddedError(f"{program} of an earlier start still works in {folder} (process {left[0]}).")
        if waited > patience / 2 and not urged:
            urged = True
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
        time.sleep(0.02)
