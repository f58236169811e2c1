"""How slots were looked for, as it is kept beside a message: so that others like them can be found later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chatbot.dialogue import FindSlots
from chatbot.when import Window
from clinic.core import clock


def kept(wanted: FindSlots) -> dict[str, Any]:
    """JSON values; `windows` are pairs of instants, `around` is an instant or None."""
    return {
        "treatment": wanted.treatment,
        "dentists": list(wanted.dentists),
        "windows": [[one.start.isoformat(), one.end.isoformat()] for one in wanted.windows],
        "urgent": wanted.urgent,
        "one_per_start": wanted.one_per_start,
        "moving": wanted.moving,
        "around": wanted.around.isoformat() if wanted.around else None,
    }


def near_to(search: dict[str, Any], lost: Sequence[datetime]) -> list[datetime]:
    """To what others should lie near: to the time that was asked for, else to those that were lost."""
    around = search.get("around")
    return [datetime.fromisoformat(around)] if around else list(lost)


def again(search: dict[str, Any], *, around: datetime, limit: int) -> FindSlots | None:
    """The same search for what lies nearest to an instant; None when it was not kept whole, or is all over."""
    now = clock.now()
    windows = [Window(*map(datetime.fromisoformat, pair)) for pair in search.get("windows", ())]
    ahead = tuple(replace(one, start=max(one.start, now)) for one in windows if one.end > now)
    if not ahead:
        return None
    return FindSlots(
        treatment=search["treatment"],
        dentists=tuple(search["dentists"]),
        windows=ahead,
        urgent=search["urgent"],
        limit=limit,
        one_per_start=search["one_per_start"],
        around=around,
        moving=search["moving"],
    )
