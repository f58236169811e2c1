"""The private link to one visit: what a guest shows instead of signing in."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from django.conf import settings

_PURPOSE = b"visit-link-1"


def _signature(visit_id: UUID, secret: str) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + visit_id.bytes, "sha256").digest()[:18]


def token_for(visit_id: UUID) -> str:
    """The secret part of a visit's private link. It follows from the visit and the site's secret, so mails can carry it
    without its being stored anywhere."""
    return base64.urlsafe_b64encode(visit_id.bytes + _signature(visit_id, settings.SECRET_KEY)).decode().rstrip("=")


def visit_of(token: str) -> UUID | None:
    """The visit that this token opens, None for anything that we did not make."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != 34 or not token.isascii():
        return None
    visit_id = UUID(bytes=raw[:16])
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(hmac.compare_digest(raw[16:], _signature(visit_id, secret)) for secret in secrets):
        return visit_id
    return None
