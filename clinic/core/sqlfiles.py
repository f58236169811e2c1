"""SQL as a first-class citizen: a migration names a versioned file, which is never edited after a release."""

from __future__ import annotations

from django.conf import settings
from django.db.migrations import RunSQL


def run(path: str, *, reverse: str = RunSQL.noop) -> RunSQL:
    """The migration operation that runs a file, given by its path from the project's root."""
    return RunSQL((settings.BASE_DIR / path).read_text(encoding="utf-8"), reverse)
