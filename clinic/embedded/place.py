"""Where the servers of one folder keep their data, sockets and logs."""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded.account import Account, server_account
from clinic.embedded.errors import EmbeddedError

ROOT_STATE = Path("/var/lib/dental-clinic")  # for root only: what the servers' own account can reach
LONGEST_SOCKET_FOLDER = 80  # characters; a socket's whole path must stay under about 100


@dataclass(frozen=True)
class Place:
    data: Path
    sockets: Path
    logs: Path
    account: Account | None  # who the servers run as; None: whoever starts them

    def folder_for(self, server: str) -> Path:
        return self.data / server

    def own(self, folder: Path) -> Path:
        """Make ``folder`` if need be, for the servers' account alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        return folder

    def erase(self) -> None:
        """Remove data and sockets; the logs stay."""
        for server in ("postgres", "valkey"):
            shutil.rmtree(self.folder_for(server), ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self.account:
            shutil.rmtree(self.data, ignore_errors=True)


def place_for(folder: Path, *, durable: bool) -> Place:
    """The place that belongs to ``folder``, made if need be; the same again for the same durable folder.

    An ordinary user's servers keep everything in ``folder``. For root they run under another account, which
    may not be able to reach it, and no existing folder's permissions are touched: their data then lie under
    ``ROOT_STATE``, in a folder of their own. Raises EmbeddedError.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    logs = folder / "log"
    logs.mkdir(exist_ok=True)
    account = server_account()
    data = folder
    if account:
        if not ROOT_STATE.exists():
            ROOT_STATE.mkdir()
            ROOT_STATE.chmod(0o755)  # whatever the umask
        if not durable:
            _remove_abandoned()
        data = ROOT_STATE / (_lasting_name(folder) if durable else _temporary_name())
    sockets = data / "sockets"
    if len(str(sockets)) > LONGEST_SOCKET_FOLDER:
        sockets = Path(tempfile.gettempdir()) / f"dental-clinic-{os.geteuid()}-{_short_hash(folder)}"
    place = Place(data=data, sockets=sockets, logs=logs, account=account)
    if account:
        place.own(data)
    place.own(sockets)
    _insist_on_private(sockets, account.uid if account else os.geteuid())
    return place


def _short_hash(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _lasting_name(folder: Path) -> str:
    """One name per project folder and per life of ``folder``.

    Whoever deletes the folder loses the keys to encrypted fields in it, so a cluster of before must not come
    back under new keys; whoever copies it gets a cluster of their own.
    """
    token = folder / "cluster"
    if not token.exists():
        token.write_text(secrets.token_hex(4))
    return f"{_short_hash(folder)}-{token.read_text()}"


def _temporary_name() -> str:
    return f"temporary-{os.getpid()}-{secrets.token_hex(4)}"


def _remove_abandoned() -> None:
    """Remove temporary data whose process was killed before it could do so itself."""
    for folder in ROOT_STATE.glob("temporary-*"):
        try:
            os.kill(int(folder.name.split("-")[1]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)


def _insist_on_private(folder: Path, owner: int) -> None:
    """In a shared temporary folder somebody else could have put theirs under our name."""
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner or stat.S_IMODE(state.st_mode) & 0o077:
        raise EmbeddedError(f"{folder} is not a private folder of this account: remove it, then start again.")
