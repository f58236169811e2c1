"""Every route of the API says who may use it, and what is not open to all is closed to whoever has no account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.models import Appointment
from availability.reservations import reserve
from chatbot.conversations import begin
from clinic.core import db
from clinic.core.api import ClinicAPIView
from clinic.core.permissions import Declared
from tests.api.calling import Caller
from tests.api.everything import changed_since, everything
from tests.api.routes import METHODS, Route, routes
from tests.factories import Cast

# What somebody without an account may do, by path; everything else is for those who are known.
OPEN = {
    "auth/register": ["post"],
    "auth/token": ["post"],
    "auth/token/refresh": ["post"],
    "auth/logout": ["post"],
    "appointments": ["post"],
    "appointments/find": ["post"],
    "availability/slots": ["get"],
    "availability/reserve": ["post"],
    "availability/reserve/<uuid:reservation_id>": ["delete"],
    "availability/closures": ["get"],
    "availability/<slug:dentist_id>": ["get"],
    "availability/<slug:dentist_id>/slots": ["get"],
    "availability/<slug:dentist_id>/overrides": ["get"],
    "profiles/dentists": ["get"],
    "profiles/dentists/<slug:dentist>": ["get"],
    "treatments": ["get"],
    "treatments/<slug:treatment>": ["get"],
    "chatbot/conversations": ["post"],
    "realtime/health": ["get"],
    "sync/health": ["get"],
    "schema": ["get"],
    "docs": ["get"],
}


class Forgotten(ClinicAPIView):
    """A view that does not say who may use it."""

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/", include([path("forgotten", Forgotten.as_view())]))]


def undeclared(found: list[Route]) -> list[str]:
    return [route.path for route in found if route.view is None or Declared in route.view.permission_classes]


def test_every_view_says_who_may_use_it() -> None:
    assert undeclared(routes()) == []


def test_a_view_that_says_nothing_is_found() -> None:
    """The control."""
    assert undeclared(routes(urlpatterns)) == ["forgotten"]


def test_and_is_closed_to_everybody(cast: Cast, anyone: Caller, admin: Caller, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    assert anyone.get("forgotten").told == (401, "not_signed_in", [])
    assert admin.get("forgotten").told == (403, "not_allowed", [])


def test_every_route_has_two_forms_that_do_the_same() -> None:
    found = {route.path: route.view for route in routes()}
    assert {route: found.get(f"{route}/") for route in found if not route.endswith("/")} == {
        route: view for route, view in found.items() if not route.endswith("/")
    }


def test_what_is_open_exists() -> None:
    found = {route.path: route.methods for route in routes()}
    assert {route: [method for method in methods if method in found[route]] for route, methods in OPEN.items()} == OPEN


@pytest.fixture
def real(cast: Cast) -> dict[str, str]:
    """Values for the parameters of paths, of rows that there are."""
    visit: Appointment = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    hold = reserve(cast.as_ana, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(11))
    with db.as_owner():
        away = cast.weber.time_off.create(starts_at=cast.at(9, days=1), ends_at=cast.at(12, days=1))
    return {
        "appointment_id": str(visit.pk),
        "reservation_id": str(hold.id),
        "dentist_id": "eva-weber",
        "dentist": "eva-weber",
        "treatment": "check-up",
        "day": cast.monday.isoformat(),
        "conversation_id": str(begin(cast.as_ana).id),
        "time_off_id": str(away.pk),
    }


def ask(method: str, path: str) -> Any:
    body: dict[str, Any] = {"data": json.dumps({}), "content_type": "application/json"}
    return getattr(Client(), method)(path, **({} if method in ("get", "head") else body))


def test_nobody_gets_in_without_an_account_but_where_it_is_open(real: dict[str, str]) -> None:
    before = everything()
    wrong = []
    # The second form of each path has the same view, as is shown above.
    for route in (route for route in routes() if not route.path.endswith("/")):
        is_open = OPEN.get(route.path, [])
        for method in METHODS:
            if ("get" if method == "head" else method) in is_open:
                continue
            status = ask(method, f"/api/{route.filled(real)}").status_code
            if status not in (401, 403, 404, 405):
                wrong.append(f"{method} {route.path}: {status}")
    assert wrong == []
    assert changed_since(before) == []


def test_where_it_is_open_nobody_is_asked_who_they_are(real: dict[str, str]) -> None:
    """The control: the same walk reaches the views."""
    found = {f"{method} {path}": ask(method, f"/api/{Route(path, None).filled(real)}").status_code
             for path, methods in OPEN.items() for method in methods}  # fmt: skip
    assert {asked: status for asked, status in found.items() if status not in (200, 201, 204, 400)} == {}


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", ["", "nothing", "appointments/7", "availability/eva-weber/overrides/2026-02-30"])
def test_a_path_that_is_none_says_so_in_the_shape_of_all_errors(cast: Cast, method: str, path: str) -> None:
    answer = ask(method, f"/api/{path}")
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["fields"]) == (
        404,
        "not_found",
        {},
    )


def test_no_cache_keeps_an_answer_and_allow_says_what_is_there(cast: Cast, ana: Caller, anyone: Caller) -> None:
    answers = [anyone.get("treatments"), ana.get("profiles/me"), anyone.get("profiles/me"), ana.get("treatments/none")]
    assert [answer.status for answer in answers] == [200, 200, 401, 404]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert [answer.headers["Allow"] for answer in answers[:2]] == ["GET, HEAD", "GET, HEAD, PUT, PATCH"]
