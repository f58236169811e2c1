"""Live sync for programs: docs/realtime.md, "In Python".

Needs Python 3.11 and the package `websockets`, nothing else of this project: this folder may be copied.
"""

from clinic.realtime.client.channel import Callbacks, Subscription
from clinic.realtime.client.connection import LiveClient
from clinic.realtime.client.errors import (
    ChannelRefused,
    Forbidden,
    LiveError,
    Rejected,
    TokenEnded,
    TooManySubscriptions,
    UnknownChannel,
)
from clinic.realtime.client.news import Event, News, Refetch

__all__ = [
    "Callbacks",
    "ChannelRefused",
    "Event",
    "Forbidden",
    "LiveClient",
    "LiveError",
    "News",
    "Refetch",
    "Rejected",
    "Subscription",
    "TokenEnded",
    "TooManySubscriptions",
    "UnknownChannel",
]
