"""What a production environment makes of the same code: Django's own checks, cookies, and TLS for good."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.core.test_settings import SAFE, started
from tests.factories import Cast

HSTS = "max-age=31536000; includeSubDomains; preload"


def run(*command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A process with the safe production environment and these changes, and nothing of the tests' own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **SAFE, "DJANGO_SETTINGS_MODULE": "clinic.settings", **changes}
    return subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_django_has_nothing_to_warn_of() -> None:
    found = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (found.returncode, found.stdout) == (0, "System check identified no issues (0 silenced).\n"), found.stderr


def test_control_it_warns_of_plain_http() -> None:
    found = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", INSECURE_HTTP="1")
    assert (found.returncode, "security.W008" in found.stderr) == (1, True)


def test_cookies_are_bound_to_this_host_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEBUG", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    found = started(monkeypatch)
    assert [found[name] for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "COOKIE_PREFIX")] == [
        "__Host-sessionid", "__Host-csrftoken", "__Host-",
    ]  # fmt: skip
    assert {found[f"{kind}_COOKIE_SECURE"] for kind in ("SESSION", "CSRF", "LANGUAGE")} == {True}
    assert {found[f"{kind}_COOKIE_SAMESITE"] for kind in ("SESSION", "CSRF", "LANGUAGE")} == {"Lax"}
    # A browser takes such a name with this path, and without a domain, only.
    assert [found.get("SESSION_COOKIE_DOMAIN"), found.get("SESSION_COOKIE_PATH", "/")] == [None, "/"]
    assert found.get("SESSION_COOKIE_HTTPONLY", settings.SESSION_COOKIE_HTTPONLY) is True


_ASK = """
import json, sys, django
django.setup()
from django.test import Client
plain = Client(headers={"host": "clinic.example"})
secure = Client(headers={"host": "clinic.example", "x-forwarded-proto": "https"})
held = secure.post("/hold", json.loads(sys.argv[1]))
refused = secure.post("/hold", b"x" * 300_000, content_type="text/plain")
redirected = plain.get("/find-visit?a=1")
print(json.dumps({
    "held": held.status_code, "cookie": held.cookies.output(header="").strip() if held.cookies else "",
    "hsts": [answer.headers.get("Strict-Transport-Security") for answer in (held, refused, redirected)],
    "refused": refused.status_code, "redirected": [redirected.status_code, redirected.headers["Location"]],
    "policies": ["Content-Security-Policy" in answer.headers for answer in (held, refused, redirected)],
}))
"""


def test_a_hold_over_tls(cast: Cast) -> None:
    wish = {"dentist": cast.weber.slug, "treatment": "check-up", "start": cast.at(9).isoformat()}
    same = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "IDENTITY_KEY", "FIELD_KEYS")}
    found = run("-c", _ASK, json.dumps(wish), TRUSTED_PROXIES="1", LOG_LEVEL="ERROR", **same)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout.splitlines()[-1])
    name, _, rest = told.pop("cookie").partition("=")
    attributes = {part.strip().partition("=")[0].lower() for part in rest.split(";")[1:]}
    assert (name, attributes) == ("__Host-holder", {"expires", "httponly", "max-age", "path", "samesite", "secure"})
    assert told == {
        "held": 302, "hsts": [HSTS, HSTS, None], "refused": 413, "policies": [True, True, True],
        "redirected": [301, "https://clinic.example/find-visit?a=1"],
    }  # fmt: skip
