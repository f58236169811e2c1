"""What every page shows of the clinic."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clinic.core import db
from clinic.core.models import ClinicSettings


def clinic(request: HttpRequest) -> dict[str, Any]:
    """The clinic's settings, for pages that are rendered where the database may be asked: not after it failed."""
    return {"clinic": ClinicSettings.current()} if db.answers() else {}
