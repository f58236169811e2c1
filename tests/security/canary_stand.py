"""A clinic of its own, in processes of its own, with all that they write somewhere where it can be read."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from clinic.embedded.servers import running
from tests.notifications.smtp_sink import Sink, running_sink

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds, on a machine that does other things, too
_CAST = """
import django, json; django.setup()
from tests.factories import make_cast
cast = make_cast()
print(json.dumps({"weber": str(cast.weber.pk), "checkup": str(cast.checkup.pk), "monday": cast.monday.isoformat()}))
"""


@dataclass(frozen=True)
class Answer:
    asked: str
    status: int
    headers: HTTPMessage
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class _AsItIs(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Redirects are looked at, not followed."""


class Browser:
    """Cookies, forms with their CSRF token, JSON, and every answer in `answers`."""

    def __init__(self, site: str, answers: list[Answer]) -> None:
        self.cookies = CookieJar()
        self._site, self._answers = site, answers
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _AsItIs())

    def ask(self, path: str, *, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self._site + path, data, given, method=method)  # noqa: S310 - loopback
        try:
            with self._opener.open(request, timeout=60) as response:
                answer = Answer(f"{method} {path}", response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                answer = Answer(f"{method} {path}", refused.code, refused.headers, refused.read().decode())
        self._answers.append(answer)
        return answer

    def send(self, path: str, /, **fields: str) -> Answer:
        """A form."""
        if "csrftoken" not in self.kept:
            self.ask("/accounts/sign-in")
        data = urllib.parse.urlencode(fields).encode()
        return self.ask(path, method="POST", data=data, X_CSRFToken=self.kept["csrftoken"])

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The API."""
        data = None if body is None else json.dumps(body).encode()
        return self.ask(f"/api/{path}", method=method, data=data, Content_Type="application/json", **headers)

    @property
    def kept(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.cookies}


@dataclass
class Stand:
    site: str
    sink: Sink
    superuser_url: str
    redis_url: str
    site_log: Path
    postgres_log: Path
    environment: dict[str, str]
    cast: dict[str, str]
    answers: list[Answer] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.site, self.answers)

    def sql(self, text: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As the superuser, whom no policy keeps away."""
        with psycopg.connect(self.superuser_url, autocommit=True) as raw:
            cursor = raw.execute(text, parameters or None)  # type: ignore[call-overload]  # text of these tests
            return list(cursor.fetchall()) if cursor.description else []

    def python(self, text: str) -> None:
        """Runs as a process of the site, which writes where the others do."""
        with self.site_log.open("ab") as log:
            subprocess.run(
                [sys.executable, "-c", text], cwd=ROOT, env=self.environment, stdout=log, stderr=log, check=True
            )

    @contextmanager
    def command(self, name: str) -> Iterator[None]:
        """One of the site's other processes, as long as the block lasts."""
        with self.site_log.open("ab") as log:
            command = [sys.executable, "manage.py", name]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
            try:
                yield
            finally:
                process.terminate()
                process.wait(PATIENCE)

    def said(self) -> str:
        return self.site_log.read_text()


def until(so: Callable[[], bool]) -> None:
    """Waits for it, and fails when it does not come."""
    end = monotonic() + PATIENCE
    while not so():
        assert monotonic() < end


@contextmanager
def standing(folder: Path) -> Iterator[Stand]:
    """PostgreSQL, Redis, a mail server and a Daphne with the cast of the tests; logs in JSON, and as much as there is."""
    with ExitStack() as stack:
        servers = stack.enter_context(running(folder, durable=False, environ={}))
        sink = stack.enter_context(running_sink())
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "EMAIL_URL": sink.url,
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "DEBUG",
            "TRUSTED_PROXIES": "1",
        }
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        made = subprocess.run(
            [sys.executable, "-c", _CAST], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
        )
        log = folder / "site.log"
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        written = stack.enter_context(log.open("ab"))
        # The socket is open already: the first request waits in its queue until the server takes it.
        server = subprocess.Popen(
            [sys.executable, "-m", "daphne", "--fd", str(listening.fileno()), "clinic.asgi:application"],
            cwd=ROOT, env=environment, stdout=written, stderr=written, pass_fds=[listening.fileno()],
        )  # fmt: skip
        stack.callback(server.wait, PATIENCE)
        stack.callback(server.terminate)
        yield Stand(
            site=f"http://127.0.0.1:{listening.getsockname()[1]}",
            sink=sink,
            superuser_url=servers.database_url.replace("clinic_owner@", "postgres@"),
            redis_url=servers.redis_url,
            site_log=log,
            postgres_log=folder / "log" / "postgres.log",
            environment=environment,
            cast=json.loads(made.stdout),
        )
