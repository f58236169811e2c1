"""What every page shows of the clinic, and what its scripts start from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clinic.core import clock, db
from clinic.core.models import ClinicSettings

FRAGMENT_HEADER = "X-Fragment"


def clinic(request: HttpRequest) -> dict[str, Any]:
    """The clinic's settings, for pages that are rendered where the database may be asked: not after it failed.

    Beside them `live_now` (this instant, ms since 1970), `live_zone` (the clinic's time zone) and `live_position` (a
    position of realtime events that all of the page is as new as); `fragment`: only the content is wanted, by a page
    that is open and brings itself up to date.
    """
    context: dict[str, Any] = {
        "live_now": str(int(clock.now().timestamp() * 1000)),
        "live_zone": str(clock.zone()),
        "live_position": getattr(request, "realtime_position", None),
        "fragment": FRAGMENT_HEADER in request.headers,
    }
    if db.answers():
        context["clinic"] = ClinicSettings.current()
    return context
