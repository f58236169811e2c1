"""What may be written down of an exception: what kind it is and where it came from, never its words.

The words hold what people typed: PostgreSQL repeats whole rows ("Failing row contains …"), parsers the text that they
could not read, mail servers the address that they refuse.
"""

from __future__ import annotations

import traceback
from typing import Any

import psycopg

from clinic.core.errors import ClinicError

_LONGEST = 60  # frames of one exception, the innermost ones
_DEEPEST = 6  # exceptions that led to one another, and of a group


def trace(error: BaseException) -> list[dict[str, Any]]:
    """The exception and those that led to it, the outermost first: type, frames as `file:line in function`, and where there
    are such things the stable code of an error of ours, SQLSTATE and constraint, or the system's error number."""
    found: list[dict[str, Any]] = []
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(found) < _DEEPEST:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        found.append({"type": _name(one), **_known(one), "frames": _frames(one)})
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        earlier = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if earlier is not None:
            waiting.append(earlier)
    return found


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _known(error: BaseException) -> dict[str, Any]:
    """What an exception says in words of ours, PostgreSQL's or the system's own, which nobody else can write."""
    match error:
        case ClinicError():
            known: dict[str, Any] = {"code": error.code}
        case psycopg.Error():
            known = {
                "sqlstate": error.sqlstate,
                "constraint": error.diag.constraint_name,
                "table": error.diag.table_name,
                "column": error.diag.column_name,
            }
        case OSError():
            known = {"errno": error.errno}
        case _:
            known = {}
    return {name: value for name, value in known.items() if value is not None}


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_LONGEST:]
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
