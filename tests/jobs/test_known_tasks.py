"""A worker's process by itself knows every task that the database enqueues."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from clinic.core import db
from tests.jobs.workers import ROOT

_LISTED = """
import json
import django
django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(json.dumps(sorted(app.tasks)))
"""


def known_to_a_worker() -> set[str]:
    """In a new interpreter: here, a test may have imported what a worker does not."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    listed = subprocess.run(
        [sys.executable, "-c", _LISTED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return set(json.loads(listed.stdout))


def test_a_worker_knows_every_task_that_functions_of_the_database_enqueue(database: None) -> None:
    with db.as_owner():
        rows = db.rows(
            "SELECT DISTINCT found[1] FROM pg_proc p,"
            " regexp_matches(p.prosrc, '''mail'',\\s*''([a-z_]+\\.[a-z_]+)''', 'g') AS found"
            " WHERE p.prosrc LIKE '%procrastinate_defer_jobs%' ORDER BY 1"
        )
    enqueued = [name for (name,) in rows]
    assert enqueued == ["notifications.account_mail", "notifications.send"]
    assert set(enqueued) - known_to_a_worker() == set()
