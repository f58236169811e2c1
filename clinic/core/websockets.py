"""WebSockets under Daphne: small messages, and little work for a frame that many are sent."""

from __future__ import annotations

from typing import Any

from daphne.ws_protocol import WebSocketFactory  # type: ignore[import-untyped]  # Daphne has no types

LARGEST_MESSAGE = 64 * 1024  # bytes, in both directions


def bound_messages() -> None:
    """A client that announces more in one message is dropped before anything is kept for it; Daphne's own limit is a
    megabyte, for each of many."""
    plain = WebSocketFactory.setProtocolOptions

    def bounded(self: Any, **options: Any) -> None:
        plain(self, **{**options, "maxMessagePayloadSize": LARGEST_MESSAGE, "maxFramePayloadSize": LARGEST_MESSAGE})

    WebSocketFactory.setProtocolOptions = bounded
