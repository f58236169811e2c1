"""`GET /health`: whether what the clinic needs is there."""

from __future__ import annotations

from datetime import timedelta

import redis
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse

from clinic.core import db
from clinic.core.actor import ANONYMOUS
from clinic.core.errors import Busy
from clinic.core.models import ClinicSettings
from clinic.realtime.status import relays

# A worker shows itself every two seconds; after so long its jobs are taken over, too (clinic/jobs/worker.py).
WORKER_SILENCE = timedelta(seconds=10)


def health(request: HttpRequest) -> JsonResponse:
    """200 when the database and Redis answer and a relay and a worker are there, else 503.

    Says nothing about the inside to strangers.
    """
    database, relay, worker = _database()
    parts = {"database": database, "redis": _redis(), "relay": relay, "worker": worker}
    healthy = all(parts.values())
    body = {
        "status": "healthy" if healthy else "unhealthy",
        **{name: "up" if up else "down" for name, up in parts.items()},
    }
    return JsonResponse(body, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})


def _database() -> tuple[bool, bool, bool]:
    """Whether the database answers, and whether it has heard of an active relay and of a worker of late, by its own clock."""
    try:
        with db.reading(ANONYMOUS):
            worker = db.value("SELECT jobs_worker_is_there(%s)", [WORKER_SILENCE])
            return ClinicSettings.objects.exists(), relays().active, bool(worker)
    except (Error, OSError, Busy):
        return False, False, False


def _redis() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
