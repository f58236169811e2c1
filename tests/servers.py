"""A pytest plugin: PostgreSQL and Valkey of our own for the whole run, one migrated template, one database a worker.

It must be loaded before Django's settings are read, so it is named in `addopts`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from clinic.embedded.postgres import OWNER
from clinic.embedded.servers import running

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "clinic_template"
_stack = ExitStack()


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _start() -> None:
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-")))
    servers = _stack.enter_context(running(folder, durable=False, environ={}))
    os.environ["CLINIC_TEST_OWNER_URL"] = servers.database_url
    os.environ["CLINIC_TEST_REDIS_URL"] = servers.redis_url
    assert servers.postgres is not None
    with psycopg.connect(servers.postgres.superuser_url, autocommit=True) as superuser:
        # Tests empty their database without triggers and references: see conftest.
        superuser.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
    with psycopg.connect(servers.database_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {TEMPLATE}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": _named(servers.database_url, TEMPLATE),
        "REDIS_URL": servers.redis_url,
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if "CLINIC_TEST_OWNER_URL" not in os.environ:
        _start()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    owner_url = os.environ["CLINIC_TEST_OWNER_URL"]
    if worker != "main" or not early_config.getoption("numprocesses", None):
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute(f"CREATE DATABASE clinic_{worker} TEMPLATE {TEMPLATE}")
    os.environ["DATABASE_URL"] = _named(owner_url, f"clinic_{worker}")
    # A Redis database of its own for each worker, so that one that empties its cache empties nobody else's.
    number = 0 if worker == "main" else 1 + int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{os.environ['CLINIC_TEST_REDIS_URL']}?db={number}"


def pytest_unconfigure() -> None:
    _stack.close()
