"""`GET /metrics`: requests, answers, times and open sockets of this process, as Prometheus reads them.

Every process counts for itself, so each is scraped for itself. Labels are names of views and methods, never addresses or
people.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from clinic.realtime import relay_figures


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever shows `METRICS_TOKEN` as a bearer; where none is set, only outside production. Others find nothing."""
    if not _may_read(request.headers.get("Authorization", "")):
        raise Http404
    relay_figures.ask()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read(shown: str) -> bool:
    if not settings.METRICS_TOKEN:
        return not settings.PRODUCTION
    return constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}")
