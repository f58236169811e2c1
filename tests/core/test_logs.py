"""What a line of the log says, and what it never says."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from clinic.core import db, logs
from clinic.core.errors import ClinicError, NotFound
from clinic.core.request_log import RequestLog
from clinic.core.tracebacks import trace
from tests.api.calling import sign_in
from tests.factories import Cast

ROOT = Path(__file__).resolve().parents[2]
SECRET = "ana.ruiz@example.org"  # what somebody typed


class Kept(logging.StreamHandler[Any]):
    """A handler that keeps its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logs.formatter("json"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.read if line["event"].startswith("request_")]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Whatever the whole process logs, as JSON."""
    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_with_its_route(cast: Cast, kept: Kept) -> None:
    answer = Client().get("/visit/a-private-link-that-nobody-has", {"q": SECRET}, headers={"User-Agent": SECRET})
    [line] = kept.requests()
    line.pop("timestamp")
    assert line.pop("duration_ms") > 0
    assert line == {
        "event": "request_finished", "logger": "django_structlog.middlewares.request", "level": "info",
        "request_id": answer.headers["X-Request-ID"], "user_id": None, "role": "anonymous",
        "method": "GET", "route": "visit/<str:token>", "view": "patient:visit", "status": 404,
    }  # fmt: skip
    assert "a-private-link" not in "".join(kept.lines)
    assert SECRET not in "".join(kept.lines)


def test_a_path_without_a_route_and_a_made_up_method_are_not_repeated(cast: Cast, kept: Kept) -> None:
    Client().generic("ANA", f"/{SECRET}")
    [line] = kept.requests()
    assert (line["method"], line["route"], line["view"]) == ("other", "", None)
    assert SECRET not in "".join(kept.lines)


def test_who_asks_is_an_opaque_id_and_a_role(cast: Cast, kept: Kept) -> None:
    with db.signing_in():
        browser = Client()
        browser.force_login(cast.ana)
    browser.get("/visits")
    sign_in(cast.dana).get("profiles/me")
    lines = [line for line in kept.requests() if line["view"] in ("patient:visits", "api-me")]
    assert [(line["user_id"], line["role"]) for line in lines] == [
        (str(cast.ana.pk), "patient"),
        (str(cast.dana.pk), "desk"),
    ]


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "5f0c1d9e8b7a4c6d9e8f7a6b5c4d3e2f", True),
        (1, "5F0C1D9E-8b7a-4c6d-9e8f-7a6b5c4d3e2f", True),
        (0, "5f0c1d9e8b7a4c6d9e8f7a6b5c4d3e2f", False),
        (1, SECRET, False),
        (1, "5f0c1d9e8b7a4c6d\n", False),
        (1, "a" * 65, False),
        (1, "a" * 15, False),
    ],
)
def test_an_id_is_taken_from_a_proxy_only(settings: Any, proxies: int, given: str, taken: bool) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = given
    answer = RequestLog(lambda _: HttpResponse())(request)
    assert isinstance(answer, HttpResponse)
    told = answer.headers["X-Request-ID"]
    assert told == given if taken else UUID(told).version == 4


def test_what_a_request_logs_carries_its_id_and_the_next_one_has_another(kept: Kept) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        logging.getLogger("clinic.somewhere").info("seen")
        return HttpResponse()

    answers = [RequestLog(view)(RequestFactory().get("/")) for _ in range(2)]  # type: ignore[arg-type]  # a plain view
    ids = [answer.headers["X-Request-ID"] for answer in answers]  # type: ignore[union-attr]  # not under asyncio
    assert [line["request_id"] for line in kept.read if line["event"] == "seen"] == ids
    assert len(set(ids)) == 2
    logging.getLogger("clinic.somewhere").info("afterwards")
    assert "request_id" not in kept.read[-1]


def test_a_failed_request_shows_its_id_alone(cast: Cast, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("dentists.api.treatments.TreatmentsView.get", broken)
    monkeypatch.setattr("clinic.metrics.generate_latest", broken)
    client = Client(raise_request_exception=False)
    page, api = client.get("/metrics"), client.get("/api/treatments")
    assert (page.status_code, api.status_code) == (500, 500)
    assert f"<code>{page.headers['X-Request-ID']}</code>" in page.content.decode()
    assert api.json() == {
        "error": {
            "code": "server_error",
            "message": "This was our fault. Nothing was changed.",
            "fields": {},
            "request_id": api.headers["X-Request-ID"],
        }
    }
    assert SECRET not in page.content.decode()
    failed = [line for line in kept.read if line["event"] == "request_failed"]
    assert [(line["status"], line["route"], line["exception"][0]["type"]) for line in failed] == [
        (500, "metrics", "ValueError"),
        (500, "api/treatments", "ValueError"),
    ]
    assert SECRET not in "".join(kept.lines)


def test_database_errors_say_which_constraint_and_not_whose_row(database: None) -> None:
    with pytest.raises(IntegrityError) as caught, db.as_owner(), atomic(using="owner"):
        db.connection().cursor().execute(
            "CREATE TEMP TABLE told (email text CONSTRAINT told_once UNIQUE) ON COMMIT DROP;"
            f"INSERT INTO told VALUES ('{SECRET}'), ('{SECRET}')"
        )
    assert SECRET in str(caught.value)  # the control: the error's own words tell
    told = trace(caught.value)
    assert [(one["type"], one.get("sqlstate"), one.get("constraint"), one.get("table")) for one in told] == [
        ("django.db.utils.IntegrityError", None, None, None),
        ("psycopg.errors.UniqueViolation", "23505", "told_once", "told"),
    ]
    assert SECRET not in json.dumps(told)
    assert any("test_logs.py" in frame for frame in told[0]["frames"])


def test_causes_groups_and_circles() -> None:
    first, second = KeyError(SECRET), NotFound()
    first.__cause__, second.__cause__ = second, first
    assert [(one["type"], one.get("code")) for one in trace(ExceptionGroup(SECRET, [first, OSError(111, SECRET)]))] == [
        ("ExceptionGroup", None),
        ("KeyError", None),
        ("ConnectionRefusedError", None),
        ("clinic.core.errors.NotFound", "not_found"),
    ]


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "told"),
    [
        ("clinic.jobs", "message %s sent", ("abc",), "message abc sent"),
        ("daphne.server", "Exception inside application: %s", (SECRET,), "Exception inside application: …"),
        ("django.security.csrf", "Forbidden (%s): %s", (SECRET, f"/{SECRET}"), "Forbidden (…): …"),
        ("urllib3", "%(method)s took %(seconds).1f s", ({"method": SECRET, "seconds": 0.25},), "… took 0.2 s"),
        ("somebody.elses", "%d of %s: %s", (3, None, ValueError(SECRET)), "3 of None: ValueError"),
    ],
)  # fmt: skip
def test_others_say_only_what_is_constant(
    kept: Kept, logger: str, message: str, arguments: tuple[Any, ...], told: str
) -> None:
    logging.getLogger(logger).error(message, *arguments)
    assert kept.read[-1]["event"] == told


def test_finished_text_of_others_is_withheld_and_its_place_told(kept: Kept) -> None:
    try:
        raise ClinicError(SECRET)
    except ClinicError:
        logging.getLogger("daphne.http_protocol").error(f"Traceback: {SECRET}")
    line = kept.read[-1]
    assert line["event"].startswith("… (test_logs.test_finished_text")
    assert line["exception"][0]["code"] == "error"
    assert SECRET not in kept.lines[-1]


def test_procrastinate_tells_which_job_without_its_arguments(kept: Kept) -> None:
    job = {"id": 7, "task_name": "notifications.send", "task_kwargs": {"to": SECRET}}
    logging.getLogger("procrastinate.worker").error(f"Job ({SECRET})", extra={"action": "job_error", "job": job})
    line = kept.read[-1]
    assert (line["event"], line["job_id"], line["task"]) == ("job_error", 7, "notifications.send")
    assert SECRET not in kept.lines[-1]


_CRASH = f"""
import django, logging, threading, warnings
django.setup()
warnings.warn("{SECRET}", RuntimeWarning)
logging.getLogger("clinic.x").info("%d", "{SECRET}")
def fail(): raise ValueError("{SECRET}")
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Left:
    def __del__(self): fail()
del_me = Left(); del del_me
fail()
"""  # fmt: skip


def test_what_bypasses_loggers_is_told_in_the_same_form() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CRASH], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_FORMAT": "json"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["event"].split(" at ")[0]) for line in lines] == [
        ("warning", "RuntimeWarning"),
        ("info", "%d"),
        ("error", "a thread ends: an exception that nobody caught"),
        ("error", "an exception where none can be raised"),
        ("critical", "the process ends: an exception that nobody caught"),
    ]
    assert SECRET not in done.stderr


def test_nobody_is_mailed_and_no_handler_is_left_but_ours() -> None:
    for name in ("django", "django.server", "django.request"):
        assert logging.getLogger(name).handlers == []
        assert logging.getLogger(name).propagate


def test_control_a_plain_formatter_would_tell(kept: Kept) -> None:
    kept.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger("daphne.server").error("Exception inside application: %s", SECRET)
    assert SECRET in kept.lines[-1]


def test_psycopg_names_columns_of_missing_values(cast: Cast) -> None:
    with pytest.raises(IntegrityError) as caught, db.as_owner():
        db.rows("UPDATE accounts_user SET name = NULL WHERE id = %s RETURNING id", [cast.ana.pk])
    assert isinstance(caught.value.__cause__, psycopg.errors.NotNullViolation)
    assert trace(caught.value)[1]["column"] == "name"
