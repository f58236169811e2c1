"""A change over booked visits shows them first. A yes counts for the visits that were shown, whatever the form says since."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from appointments.models import Appointment
from availability.hit import named


def to_ask(request: HttpRequest, hit: list[Appointment]) -> dict[str, Any]:
    """What a page shows of the visits that a change hits now; nothing when there are none, or somebody said yes to these."""
    if not hit or request.POST.get("confirm") == named(hit):
        return {}
    return {"hit": hit, "hit_named": named(hit)}
