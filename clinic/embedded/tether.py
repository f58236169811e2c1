"""Turns into another program, as another account if wanted, that ends with its parent.

`python -I -S tether.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT ...]`

PROGRAM is an absolute path; with empty UID and GID it runs as whoever started this.
A program of its own instead of code between fork and exec, which is not safe in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with_parent(death_signal: int) -> None:
    """Ask the kernel to send ``death_signal`` to this process when its parent's thread ends; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(death_signal))


def main(parent: str, death_signal: str, uid: str, gid: str, *command: str) -> None:
    if uid:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    die_with_parent(int(death_signal))  # only now: a change of user clears it
    if os.getppid() != int(parent):  # it ended before the kernel was asked
        sys.exit(1)
    # Nothing may be imported here: the new account may not be able to read the standard library.
    os.execv(command[0], command)  # noqa: S606  # a shell would stand between the signals and the program


if __name__ == "__main__":
    main(*sys.argv[1:])
