"""Why nothing more will come. What passes by itself (a drop, a restart, a busy server) is no error: it is waited out."""

from __future__ import annotations


class LiveError(Exception):
    """`code` as the server says it, `message` in English."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message


class TokenEnded(LiveError):
    """Who this was has ended, and there is no token that the server takes. A `token` callable may raise it, too."""

    def __init__(self, message: str = "") -> None:
        super().__init__("invalid_token", message)


class Rejected(LiveError):
    """The server does not take this client at all: another address or another version."""


class ChannelRefused(LiveError):
    """One channel cannot be had; the others go on."""

    def __init__(self, code: str, message: str = "", channel: str = "") -> None:
        super().__init__(code, message)
        self.channel = channel


class Forbidden(ChannelRefused):
    """The channel is not for this caller, or what it is about is not there."""


class UnknownChannel(ChannelRefused):
    """There is no channel of this name."""


class TooManySubscriptions(ChannelRefused):
    """One connection may have 32."""


_BY_CODE = {
    "forbidden": Forbidden,
    "unknown_channel": UnknownChannel,
    "too_many_subscriptions": TooManySubscriptions,
}


def refusal(code: str, message: str, channel: str) -> ChannelRefused:
    """The error for what the server says about a channel."""
    return _BY_CODE.get(code, ChannelRefused)(code, message, channel)
