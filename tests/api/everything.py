"""All that the database holds, as a fingerprint: to see whether a request changed anything at all."""

from __future__ import annotations

from clinic.core import db

_TABLES = (
    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname"
)


def everything() -> dict[str, str]:
    """A digest of the rows of every table."""
    with db.as_owner():
        names = [name for (name,) in db.rows(_TABLES)]
        parts = (
            f"SELECT '{name}', coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM {name} row"
            for name in names
        )
        return dict(db.rows(" UNION ALL ".join(parts)))


def changed_since(before: dict[str, str]) -> list[str]:
    """The tables that hold something else than they did."""
    return [name for name, digest in everything().items() if before[name] != digest]
