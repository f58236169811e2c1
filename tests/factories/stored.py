"""What is stored, as a fingerprint: to see that a refusal changed nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clinic.core import db

TABLES = (
    "appointments_appointment", "appointments_medicalrecord", "history_change", "availability_reservation",
    "availability_occupancy", "availability_holdattempt", "patients_patient", "accounts_user",
)  # fmt: skip


def stored() -> dict[str, tuple[int, str]]:
    """Of every table: how many rows, and a digest of all they hold."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM {table} row"
        for table in TABLES
    )
    with db.as_owner():
        return {table: (count, digest) for table, count, digest in db.rows(parts)}


@contextmanager
def nothing_stored() -> Iterator[None]:
    """Whatever happens inside leaves no trace."""
    before = stored()
    yield
    assert stored() == before
