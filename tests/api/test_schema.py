"""The API's description: valid, complete, readable; and true, whoever asks whatever."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from availability.reservations import reserve
from clinic.core import db
from clinic.wsgi import application
from dentists.api import treatments
from tests.api.calling import sign_in
from tests.api.routes import routes
from tests.factories import Cast
from tests.factories.people import PASSWORD

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8  # of each operation for each caller
# After these there is less to ask for, so they come last, with all that deletes.
ENDS = {"add_closure", "add_time_off", "cancel", "complete", "no_show", "set_hours", "set_override", "replace_dentist"}
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


def document() -> Any:
    return Client().get("/api/schema?format=json").json()


def test_it_is_valid_and_nothing_in_it_is_guessed(tmp_path: Path) -> None:
    GENERATOR_STATS.reset()
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_what_is_served_is_valid() -> None:
    validate_schema(document())
    assert Client().get("/api/schema").headers["Content-Type"].startswith("application/vnd.oai.openapi")


def test_every_operation_is_in_it_and_no_other() -> None:
    described = {
        (path.removeprefix("/api/"), method) for path, methods in document()["paths"].items() for method in methods
    }
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path), method)
        for route in routes()
        if not route.path.endswith("/") and route.path not in ("schema", "docs")
        for method in route.methods
    }
    assert described == there


def test_every_operation_has_a_name_of_its_own_a_text_and_an_answer() -> None:
    operations = [one for methods in document()["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert sorted(names) == sorted(set(names))
    assert [one["operationId"] for one in operations if not one.get("description")] == []
    assert [one["operationId"] for one in operations if not {"200", "201", "204"} & set(one["responses"])] == []


def test_it_says_what_is_open_to_whoever_has_no_account() -> None:
    paths = document()["paths"]
    asked = [("/api/treatments", "get"), ("/api/appointments", "post"), ("/api/availability/reserve", "post"),
             ("/api/appointments", "get"), ("/api/profiles/me", "get"), ("/api/availability/{dentist_id}", "put")]  # fmt: skip
    assert [{} in paths[path][method]["security"] for path, method in asked] == [True] * 3 + [False] * 3


def test_the_page_to_read_it_on_brings_its_own_files() -> None:
    page = Client().get("/api/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    static = [source.removeprefix("/static/") for source in sources if source.startswith("/static/")]
    assert [name for name in static if finders.find(name) is None] == []
    [script] = [source for source in sources if "script" in source and not source.startswith("/static/")]
    assert {source for source in sources if not source.startswith("/")} == set()
    assert Client().get(script).headers["Content-Type"].startswith("application/javascript")


def real_ids(cast: Cast) -> dict[str, list[str]]:
    """Values for parameters of paths, of rows that there are."""
    pending, confirmed = (
        cast.booked(cast.as_ana, cast.at(hour), contact=cast.guest("Ana Ruiz")).appointment.pk for hour in (9, 10)
    )
    with db.as_owner():
        db.rows("UPDATE appointments_appointment SET status = 'pending' WHERE id = %s RETURNING id", [pending])
        away = cast.weber.time_off.create(starts_at=cast.at(9, days=7), ends_at=cast.at(12, days=7))
    hold = reserve(cast.as_ana, dentist=cast.okafor.pk, treatment=cast.checkup.pk, start=cast.at(11))
    return {
        "appointment_id": [str(pending), str(confirmed)],
        "reservation_id": [str(hold.id)],
        "dentist_id": ["eva-weber", str(cast.okafor.pk)],
        "dentist": ["eva-weber"],
        "treatment": ["check-up", str(cast.filling.pk)],
        "day": [cast.monday.isoformat()],
        "time_off_id": [str(away.pk)],
    }


def fitting(cast: Cast) -> dict[str, dict[str, Any]]:
    """What an operation needs so that more than its first check is reached, by its name."""
    who = {"patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "030 1234567"}
    when = {"appointment_date": cast.monday.isoformat(), "appointment_time": "14:00"}
    what = {"dentist_id": "eva-weber", "treatment": "check-up"}
    span = {"start_time": "10:00", "end_time": "11:30"}
    seen = {"treatment": "check-up", "patient_id": None, "reservation_id": None, "birth_date": "1990-05-17"}
    return {
        "book": who | when | what | seen,
        "reserve": what | {"start": cast.at(15).isoformat()},
        "reschedule": when | {"appointment_time": "16:00", "dentist_id": "eva-weber"},
        "replace_appointment": who | {"status": "confirmed", "treatment": None, "birth_date": None},
        "change_appointment": who | when | {"appointment_time": "11:30"},
        "slots_of_day": {"date": cast.monday.isoformat(), "treatment": "check-up"},
        "search_slots": {"from": cast.monday.isoformat(), "treatment": "check-up", "dentist": "eva-weber"},
        "set_hours": {"hours": [span | {"day_of_week": 0}]},
        "set_override": {"intervals": [span]},
        "add_time_off": {"starts_at": cast.at(8).isoformat(), "ends_at": cast.at(18).isoformat()},
        "add_closure": {"date": cast.monday.isoformat()},
        "add_dentist": {"name": "Dr. Nora New", "email": "nora@clinic.example", "treatments": []},
        "replace_dentist": {"name": "Dr. Eva Weber", "email": "eva-weber@clinic.example", "treatments": []},
        "replace_my_profile": {"name": "Somebody", "dentist": None, "phone": "030 1234567", "birth_date": None},
        "change_my_profile": {"dentist": {"bio": "Likes crowns."}},
        "register": {"email": "nina@example.org", "password": "a long enough one", "name": "Nina New"},
        "sign_in": {"email": "ana@example.org", "password": PASSWORD},
    }


def asking(operation: Any, ids: dict[str, list[str]], needed: dict[str, Any], headers: dict[str, str]) -> Any:
    """A function that asks for this operation in a few ways, some of which fit what there is."""
    known = {one.name: st.sampled_from(ids[one.name]) for one in operation.path_parameters if one.name in ids}

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=operation.as_strategy(POSITIVE) | operation.as_strategy(NEGATIVE),
        path=st.fixed_dictionaries(known),
        fits=st.integers(0, 3),
    )
    def ask(case: Any, path: dict[str, str], fits: int) -> None:
        if fits:
            case.headers.pop("Idempotency-Key", None)
            case.path_parameters = {**case.path_parameters, **path}
        if fits > 1 and isinstance(case.body, dict):
            case.body = case.body | needed
        elif fits > 1 and case.method == "GET":
            case.query = {**case.query, **needed}
        case.call_and_validate(headers=headers, checks=CHECKS)

    return ask


# The pool's threads draw their jitter from the same random numbers, which looks to Hypothesis as if a strategy did.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize(
    "name", ["dana", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("nobody", "ana", "weber", "ada"))]
)
def test_whatever_is_asked_the_answer_is_as_described(cast: Cast, name: str) -> None:
    api: Any = schemathesis.openapi.from_wsgi("/api/schema?format=json", application)
    ids, fit = real_ids(cast), fitting(cast)
    headers = {} if name == "nobody" else {"Authorization": f"Bearer {sign_in(getattr(cast, name)).access}"}
    operations = {one.definition.raw["operationId"]: one for one in (found.ok() for found in api.get_all_operations())}
    for operation_id in sorted(operations, key=lambda one: (operations[one].method == "delete", one in ENDS, one)):
        asking(operations[operation_id], ids, fit.get(operation_id, {}), headers)()


def test_a_description_that_lies_is_found(cast: Cast) -> None:
    """The control."""
    lie = document()
    lie["paths"]["/api/treatments"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {
        "type": "array"
    }
    api: Any = schemathesis.openapi.from_dict(lie)
    api.app = application
    with pytest.raises(FailureGroup, match="is not of type"):
        asking(api["/api/treatments"]["GET"], {}, {}, {})()


def test_a_view_that_fails_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(treatments, "treatments_for", lambda _actor: 1 / 0)
    api: Any = schemathesis.openapi.from_wsgi("/api/schema?format=json", application)
    with pytest.raises(FailureGroup, match="Server error"):
        asking(api["/api/treatments"]["GET"], {}, {}, {})()
