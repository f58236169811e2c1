"""What the database refuses, told as typed errors."""

from __future__ import annotations

import psycopg
import psycopg_pool
from django.db import DatabaseError, DataError, IntegrityError, OperationalError

from clinic.core.errors import Busy, ClinicError, Malformed

_refusals: dict[str, type[ClinicError]] = {}

# SQLSTATEs of waits that ended without a result: deadlock, serialization, lock timeout, statement cancelled by its time limit.
_TRANSIENT = {"40P01", "40001", "55P03", "57014"}


def refuse_as(constraint: str, error: type[ClinicError]) -> None:
    """From now on a violation of this database constraint is told as this error."""
    _refusals[constraint] = error


def told_as(error: DatabaseError) -> ClinicError | None:
    """The typed error that a database error stands for, None when it is our own fault."""
    cause = error.__cause__
    if isinstance(cause, psycopg_pool.PoolTimeout):
        return Busy()
    if isinstance(error, DataError):
        return Malformed()
    if not isinstance(cause, psycopg.Error):
        return None
    if isinstance(error, IntegrityError) and cause.diag.constraint_name in _refusals:
        return _refusals[cause.diag.constraint_name]()
    if isinstance(error, OperationalError) and cause.sqlstate in _TRANSIENT:
        return Busy()
    return None
