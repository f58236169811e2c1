"""A socket from its opening to its end."""

from __future__ import annotations

from tests.factories import Cast
from tests.sockets.conftest import Opener
from tests.sockets.happening import happened


def test_nobody_in_particular_hears_when_a_time_is_taken(opened: Opener, cast: Cast) -> None:
    client = opened()
    welcome = client.hear()
    assert (welcome["type"], welcome["version"], welcome["role"], welcome["user"], welcome["heartbeat"]) == (
        "welcome", 1, "anonymous", None, 30,
    )  # fmt: skip
    assert client.socket.subprotocol == "clinic.v1"
    from_here = client.subscribed("availability")
    event = happened("availability", "clinic")
    heard = client.hear()
    assert heard == {
        "type": "event", "channel": "availability", "position": from_here + 1, "previous": heard["previous"],
        "kind": "slots.changed", "at": event.at, "data": {"taken": [], "freed": []},
    }  # fmt: skip
    assert heard["previous"] <= from_here
