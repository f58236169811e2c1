"""The Chromium that the browser tests drive; `python -m tests.chromium` makes sure that there is one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The program's path: what ``CHROMIUM_PATH`` names, else the system's, else Playwright's own.

    None when there is none that starts.
    """
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    if given := os.environ.get("CHROMIUM_PATH"):
        yield given
        return
    yield from filter(None, map(shutil.which, SYSTEM_NAMES))
    yield from map(str, sorted(_playwright_folder().glob("chromium-*/chrome-*/chrome"), reverse=True))


def _playwright_folder() -> Path:
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    return Path(given) if given else Path.home() / ".cache" / "ms-playwright"


def _starts(path: str) -> bool:
    """Some systems have a stand-in of that name that only says how to install it."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure_chromium() -> str:
    """Install Chromium when there is none: Playwright's, else, for root, the system's package.

    Raises RuntimeError with what to do when neither works.
    """
    attempts = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append([["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]])
    found = find_chromium()
    if found is None and (given := os.environ.get("CHROMIUM_PATH")):
        raise RuntimeError(f"CHROMIUM_PATH is {given}, and that does not start.")
    for commands in attempts:
        if found is not None:
            break
        for command in commands:
            subprocess.run(command, check=False)
        found = find_chromium()
    if found is None:
        raise RuntimeError("No Chromium could be installed: install one, or name one in CHROMIUM_PATH.")
    return found


if __name__ == "__main__":
    try:
        ensure_chromium()
    except RuntimeError as error:
        sys.exit(str(error))
