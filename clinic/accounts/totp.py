"""One-time codes of an authenticator app: RFC 6238 over RFC 4226, with what every app takes (SHA-1, 30 s, 6 digits).

Pure: the time step comes in as a number, the secret as base32 text.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from collections.abc import Iterable
from urllib.parse import quote, urlencode

PERIOD = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be behind or ahead


def new_secret() -> str:
    """160 random bits, as RFC 4226 recommends."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(seconds: float) -> int:
    """The time step of an instant, given in seconds since 1970."""
    return int(seconds) // PERIOD


def code_of(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of one time step (RFC 4226, 5.3)."""
    mac = hmac.digest(base64.b32decode(secret, casefold=True), struct.pack(">Q", step), "sha1")
    start = mac[-1] & 0x0F
    (number,) = struct.unpack(">I", mac[start : start + 4])
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, now: int, *, after: int) -> int | None:
    """The step around `now` whose code this is; None for a wrong code, and for one that is not later than `after`."""
    found = None
    for step in _around(now):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def _around(now: int) -> Iterable[int]:
    return range(now - DRIFT, now + DRIFT + 1)


def link(secret: str, *, account: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?" + urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
