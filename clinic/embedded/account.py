"""Who the servers run as."""

import os
import pwd
from dataclasses import dataclass

from clinic.embedded.errors import EmbeddedError

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The account to switch to, or None when the servers run as whoever starts them.

    PostgreSQL refuses to run as root, so for root an existing unprivileged account takes its place; none is
    ever created. Raises EmbeddedError when there is none.
    """
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it as. "
        "Start as an ordinary user, or give DATABASE_URL and REDIS_URL."
    )
