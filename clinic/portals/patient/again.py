"""Booking once more by a private link. Who the visit was for is filled in, because the link shows it: it goes along in a cookie
for a while, never in an address, and what it opens is read under the link's own rights each time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from appointments import links
from appointments.queries import visit_for
from availability.models import Reservation
from clinic.accounts.requests import caller
from clinic.core import db
from clinic.core.errors import NotFound
from clinic.portals.patient.shown import again_url, open_visit, owned_visit, url_of

AGAIN_COOKIE = f"{settings.COOKIE_PREFIX}again"
KEPT_SECONDS = 30 * 60


@require_safe
def again(request: HttpRequest, token: str) -> HttpResponseBase:
    """To the times of what was booked, with the link kept for the form that follows."""
    found = open_visit(request, token=token, visit_id=None)
    with db.reading(caller(request)):
        target = again_url(owned_visit(caller(request), found))
    if target is None:
        return redirect(url_of("", token=token, visit_id=found))
    response = redirect(target)
    if not caller(request).is_anonymous:
        return response
    response.set_cookie(
        AGAIN_COOKIE,
        token,
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def told_before(request: HttpRequest, held: Reservation) -> dict[str, Any]:
    """Name, date of birth and contact of the visit whose link was kept, by field of the form, when the same is booked at the
    same dentist: anything else may be somebody else at this browser. Of nobody for an account, which knows its own people.
    Call it while reading."""
    found = links.visit_of(request.COOKIES.get(AGAIN_COOKIE, ""))
    if found is None or not caller(request).is_anonymous:
        return {}
    actor = caller(request).with_visit(found)
    try:
        with db.reading(actor):
            visit = visit_for(actor, found)
    except NotFound:
        return {}
    if (visit.dentist_id, visit.treatment_id) != (held.dentist_id, held.treatment_id):
        return {}
    return {
        "patient_name": visit.patient_name,
        "birth_date": visit.patient_birth_date,
        "patient_email": visit.patient_email,
        "patient_phone": visit.patient_phone,
    }


def forget(response: HttpResponseBase) -> HttpResponseBase:
    """It has served: the next booking is somebody else's."""
    response.delete_cookie(AGAIN_COOKIE, samesite="Lax")
    return response
