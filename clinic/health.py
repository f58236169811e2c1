"""`GET /health`: whether what a booking needs is there."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse

from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.core.models import ClinicSettings


def health(request: HttpRequest) -> JsonResponse:
    """200 when the database and Redis answer, 503 when one does not. Says nothing about the inside to strangers."""
    parts = {"database": _database(), "redis": _redis()}
    healthy = all(parts.values())
    body = {
        "status": "healthy" if healthy else "unhealthy",
        **{name: "up" if up else "down" for name, up in parts.items()},
    }
    return JsonResponse(body, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})


def _database() -> bool:
    try:
        with db.reading(ANONYMOUS):
            return ClinicSettings.objects.exists()
    except (Error, OSError):
        return False


def _redis() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
