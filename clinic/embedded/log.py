"""The servers' log files."""

from pathlib import Path
from typing import IO

LARGEST = 5_000_000  # bytes


def open_log(path: Path) -> IO[bytes]:
    """Open ``path`` for appending; a large one is set aside as ``<name>.1`` first."""
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 8) -> str:
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(f"  {line}" for line in lines[-count:])
