"""No route is left out: each names somebody's thing (`test_sweep`), is Django admin's, or says here who enters."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from django.urls import resolve

from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.security.sweep_table import ROWS
from tests.security.sweeping import EVERYBODY, Scene, every_route, make_scene, told

# Who gets a page at these paths; others are led to the sign-in page, or refused when they are signed in as somebody else.
ENTERED = {
    "": EVERYBODY,
    "times": EVERYBODY,
    "chat": EVERYBODY,
    "find-visit": EVERYBODY,
    "metrics": EVERYBODY,
    "dev/mails": EVERYBODY,  # outside production only
    "account/erased": EVERYBODY,
    "accounts/sign-in/mail": EVERYBODY,
    "accounts/sign-up/sent": EVERYBODY,
    "accounts/password/reset": EVERYBODY,
    **dict.fromkeys(
        (
            "people", "people/add", "accounts/security", "accounts/password", "accounts/email", "accounts/second-factor",
        ),
        ("ana", "ben", "weber", "okafor", "desk", "admin", "bot"),
    ),
    **dict.fromkeys(
        ("visits", "account/data", "account/data.json", "account/erase"),
        ("ana", "ben", "weber", "okafor", "desk", "admin"),
    ),
    **dict.fromkeys(
        (
            "dentist/", "dentist/calendar", "dentist/calendar/book", "dentist/visits", "dentist/hours", "dentist/dates",
            "dentist/time-off", "dentist/ill", "dentist/profile",
        ),
        ("weber", "okafor"),
    ),
    **dict.fromkeys(("desk/", "desk/people", "desk/people.json", "desk/book", "desk/absence"), ("desk", "admin")),
}  # fmt: skip
# Whoever sends a form there, and what is shown in the middle of signing in: told by tests/accounts and tests/portals.
STEPS = (
    "hold", "desk/hold", "dentist/dates/2027-01-04/clear", "dentist/dates/undo", "dentist/hours/undo",
    "dentist/time-off/undo",
    "accounts/sign-in", "accounts/sign-up", "accounts/sign-in/code", "accounts/sign-in/mail/code", "accounts/sign-out",
    "accounts/security/others/end", "accounts/second-factor/codes", "accounts/second-factor/off", "dev/mails/x",
    "dev/mails/x/html", "dev/mails/x/0", "health", "language", "account/erase/mail", "account/erase/code",
)  # fmt: skip
# Paths of the API that name nothing: who may use them is in tests/api/test_routes.py.
API = (
    "auth/register", "auth/token", "auth/token/refresh", "auth/logout", "appointments", "appointments/find",
    "availability/slots", "availability/reserve", "availability/closures", "availability/closures/2027-01-04",
    "profiles/me", "profiles/me/export", "profiles/dentists", "treatments", "schema", "docs",
    "chatbot/conversations", "realtime/health", "realtime/status", "realtime/stats", "sync/health", "sync/status", "sync/stats",
)  # fmt: skip


def known() -> set[str]:
    """The routes that some path of the tables leads to."""
    named = (row.path.partition("?")[0] for row in ROWS)
    filled = (re.sub(r"{(\w+)}", lambda found: _AS[found[1]], path) for path in named)
    paths = chain(filled, ENTERED, STEPS, (f"api/{path}" for path in API))
    return {resolve(f"/{path}").route for path in paths}


_UUID = "0c8f4a52-6f0e-4d7f-9f6e-1f6d3f0a9b11"
_AS = dict.fromkeys(("visit", "hold", "person", "program", "conversation"), _UUID) | {
    "away": "1", "day": "2027-01-04", "token": "x", "browser": "x", "reset": "x", "confirm": "x", "address": "x",
    "dentist": "eva-weber", "treatment": "check-up",
}  # fmt: skip


def unknown(routes: set[str]) -> set[str]:
    # Of the API each route has a second form with a slash, and the same view (tests/api/test_routes.py).
    seen = {route for route in routes if not route.startswith("admin/")}
    return {route for route in seen if route not in known() and route.removesuffix("/") not in known()}


def test_every_route_is_swept() -> None:
    assert unknown(set(every_route())) == set()


def test_a_new_route_is_noticed() -> None:
    """The control."""
    assert unknown({*every_route(), "visits/<uuid:visit_id>/print"}) == {"visits/<uuid:visit_id>/print"}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast)


def test_who_enters_where(scene: Scene) -> None:
    found = {
        path: tuple(who for who in EVERYBODY if scene.ask(who, "get", f"/{path}").status_code == 200)
        for path in ENTERED
    }
    assert found == {path: tuple(entered) for path, entered in ENTERED.items()}


def test_whoever_may_not_enter_is_led_away_and_changes_nothing(scene: Scene) -> None:
    before, wrong = everything(), []
    for path, entered in ENTERED.items():
        for who in (one for one in EVERYBODY if one not in entered):
            for method in ("get", "post", "delete"):
                answer = scene.ask(who, method, f"/{path}", {"name": "Somebody Else", "relation": "child"})
                led = answer.status_code == 302 and answer["Location"].startswith("/accounts/sign-in")
                if not led and answer.status_code not in (403, 405):
                    wrong.append(f"{who} {method} {path}: {answer.status_code}")
    assert (wrong, changed_since(before)) == ([], [])


def admin_paths(scene: Scene) -> list[tuple[str, str, str]]:
    """Every path of admin that names a row: one that is there, one that is not, and what differs in them."""
    visit, missing = scene.things["visit"]["ana"], scene.things["visit"]["missing"]
    routes = [route for route in every_route() if route.startswith("admin/") and "<path:object_id>" in route]
    shapes = [re.sub(r"<path:object_id>", "{}", route).replace("<path:content_type_id>", "1") for route in routes]
    shapes += ["admin/accounts/user/{}/password/"]
    ids = {"appointments/appointment": visit, "accounts/user": str(scene.cast.ana.pk),
           "patients/patient": scene.things["person"]["ana"], "dentists/dentist": str(scene.cast.weber.pk),
           "availability/timeoff": scene.things["away"]["weber"], "availability/reservation": scene.things["hold"]["ana"],
           "core/clinicsettings": "1"}  # fmt: skip
    return [
        (shape, next((found for model, found in ids.items() if f"admin/{model}/" in shape), visit), missing)
        for shape in shapes
    ]


def test_nobody_but_admins_learns_from_admin_what_there_is(scene: Scene) -> None:
    before, wrong = everything(), []
    for shape, there, missing in admin_paths(scene):
        for who in ("nobody", "ana", "weber", "desk", "bot", "gone"):
            for method in ("get", "post"):
                real = told(scene.ask(who, method, f"/{shape.format(there)}", {"post": "yes"}), there)
                none = told(scene.ask(who, method, f"/{shape.format(missing)}", {"post": "yes"}), missing)
                if real != none or real.status != 302:
                    wrong.append(f"{who} {method} {shape}: {real} is not {none}")
    assert (wrong, changed_since(before)) == ([], [])
