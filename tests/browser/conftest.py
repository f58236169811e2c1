"""A real server process and a real browser. The server shares the worker's database, so a scenario is arranged in Python."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chromium import find_chromium
from tests.realtime.processes import relaying, serving

ROOT = Path(__file__).resolve().parent.parent.parent
# Playwright's synchronous API keeps an event loop running in this thread; the queries here are not part of it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=20_000)  # on a machine that does other things, too
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Daphne that serves this worker's database."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        open(tmp_path_factory.mktemp("server") / "log", "w") as log,
    ):
        port = listening.getsockname()[1]
        # The socket is open already: the first request waits in its queue until the server takes it.
        command = [sys.executable, "-m", "daphne", "--fd", str(listening.fileno()), "clinic.asgi:application"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, pass_fds=[listening.fileno()]
        )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                assert answer.status == 200
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=15)


@pytest.fixture(scope="module")
def live(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same address, with a relay beside it: what is changed reaches the pages that are open."""
    with relaying(tmp_path_factory.mktemp("relay") / "log"):
        yield server


@pytest.fixture(scope="module")
def second(live: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another server process beside it, on the same database and Redis."""
    with serving(tmp_path_factory.mktemp("second") / "log") as (address, _):
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": arguments}


@pytest.fixture(params=["phone", pytest.param("desktop", marks=pytest.mark.thorough)])
def screen(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each browser story is told on a phone, and among the wide tests on a desktop, too."""
    return PHONE if request.param == "phone" else DESKTOP
