"""What a socket is told, as text frames of JSON (docs/realtime.md)."""

from __future__ import annotations

import json
from typing import Any

from clinic.realtime.events import Event

Message = dict[str, Any]  # of ASGI, shared by all sockets that are told the same
OPEN = "availability"  # the stored channels on which an event goes out as what everybody may know of it
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def message(kind: str, **content: Any) -> Message:
    """A message of this type."""
    return _sent({"type": kind, **content})


def event_message(event: Event, stored: str, previous: int, name: str) -> Message | None:
    """An event on one channel, as the client calls it. None when nothing of it is for the channel's readers."""
    is_open = stored.startswith(OPEN)
    if is_open and event.open_kind is None:
        return None
    return _sent(
        {
            "type": "event",
            "channel": name,
            "position": event.position,
            "previous": previous,
            "kind": event.open_kind if is_open else event.kind,
            "at": event.at,
            "data": (event.open_body if is_open else event.body) or {},
        }
    )


def _sent(content: dict[str, Any]) -> Message:
    return {"type": "websocket.send", "text": _encode(content)}
