"""The database of a test: real, committed to, and emptied afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from django.db import connections

from clinic.core import db
from clinic.core.models import ClinicSettings
from tests.factories import Cast, make_cast

# Filled by migrations, and the same for every test.
KEPT = {"django_migrations", "django_content_type", "auth_permission", "core_clinicsettings", "realtime_state"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module whose tests share a relay goes to one worker, so that its processes are started once."""
    for item in items:
        if "live" in getattr(item, "fixturenames", ()) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session", autouse=True)
def _queries_allowed(django_db_blocker: object) -> Iterator[None]:
    # Tests commit for real: rollback-only tests would hide triggers at commit, other connections and other processes.
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type is private
        yield
    connections.close_all()


@pytest.fixture(autouse=True)
def _without_a_browsers_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its event loop marked as this thread's running one, also for tests that come after a browser's."""
    loop = asyncio._get_running_loop()
    if loop is None or "playwright" in request.fixturenames:
        yield
        return
    connections.close_all()  # where a loop runs, Django has others than where none does
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def database() -> Iterator[None]:
    """Real transactions against this worker's database, which is empty again after the test."""
    yield
    empty_database()


def empty_database() -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                       " WHERE relkind = 'r' AND nspname = 'public'")  # fmt: skip
        tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables))
        # Deleting a handful of rows takes milliseconds; truncating makes new files for every table. Nobody is told of it:
        # triggers and references would cost more than the test.
        if filled := [name for (name,) in cursor.fetchall()]:
            deletions = "".join(f"DELETE FROM {name};" for name in filled)
            cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions} COMMIT")
        ClinicSettings.objects.all().delete()
        ClinicSettings().save(force_insert=True)
        cursor.execute("DELETE FROM history_change")  # that the settings are new has just been written down in it


@pytest.fixture
def cast(database: None) -> Cast:
    """A small clinic with its people; see `tests.factories`."""
    return make_cast()
