"""The site at a moment that does not pass: `python -m tests.still <manage.py's or daphne's arguments>`.

For pictures that change only when the site does: the clock stands, in Python and in the database, and booking references
are drawn in the same order. Nothing else is replaced.
"""

from __future__ import annotations

import runpy
import sys
from datetime import UTC, datetime
from random import Random

import psycopg
from django.utils import timezone

from appointments import references

# A Monday on which the practice is open, 10:05 on its wall clock.
MOMENT = datetime(2027, 1, 11, 9, 5, tzinfo=UTC)
_CLOCKS = ("now", "transaction_timestamp", "statement_timestamp", "clock_timestamp")


def stop_clock_of(superuser_url: str) -> None:
    """Makes a database that is thrown away afterwards take `MOMENT` for now. Before migrations, whose defaults bind to it."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for name in _CLOCKS:
            connection.execute(f"ALTER FUNCTION pg_catalog.{name}() RENAME TO passing_{name}".encode())
            connection.execute(
                f"CREATE FUNCTION pg_catalog.{name}() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
                f" AS 'SELECT timestamptz ''{MOMENT.isoformat()}'''".encode()
            )


def main(arguments: list[str]) -> None:
    setattr(timezone, "now", lambda: MOMENT)  # noqa: B010 - the one clock, which is stopped here
    setattr(references, "secrets", Random(arguments[0]))  # noqa: B010 - they look drawn, and are the same
    sys.argv = arguments
    if arguments[0] == "daphne":
        runpy.run_module("daphne", run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
