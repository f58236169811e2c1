"""What was understood, as plain data for the next message of the same talk."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatbot.when.model import Exactness, Problem, When, Window


def dump(when: When) -> dict[str, Any]:
    """JSON values; instants in ISO 8601 with their offset."""
    return {
        "windows": [[window.start.isoformat(), window.end.isoformat()] for window in when.windows],
        "text": when.text,
        "readback": when.readback,
        "language": when.language,
        "exactness": when.exactness.value,
        "asap": when.asap,
        "ambiguous": list(when.ambiguous),
        "problem": when.problem.value if when.problem else None,
        "spans": [list(span) for span in when.spans],
        "days": [[first.isoformat(), last.isoformat()] for first, last in when.days],
        "hours": [list(interval) for interval in when.hours],
    }


def load(stored: Mapping[str, Any], zone: ZoneInfo) -> When:
    """The When that was dumped, on the clock of the zone; KeyError or ValueError when it is none."""
    return When(
        windows=tuple(Window(_instant(start, zone), _instant(end, zone)) for start, end in stored["windows"]),
        text=stored["text"],
        readback=stored["readback"],
        language=stored["language"],
        exactness=Exactness(stored["exactness"]),
        asap=stored["asap"],
        ambiguous=tuple(stored["ambiguous"]),
        problem=Problem(stored["problem"]) if stored["problem"] else None,
        spans=tuple((start, end) for start, end in stored["spans"]),
        days=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored["days"]),
        hours=tuple((start, end) for start, end in stored["hours"]),
    )


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)
