"""In production an unsafe setting stops the start, with a sentence that names what to set."""

from __future__ import annotations

import runpy
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SAFE = {
    "CLINIC_ENV": "production",
    "SECRET_KEY": "aVery-long+secret.of/many=different_characters!0123456789",
    "IDENTITY_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2,
    "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "DATABASE_URL": "postgresql://owner:secret@db/clinic",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "clinic.example",
    "SITE_URL": "https://clinic.example",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example",
    "MAIL_FROM": "desk@clinic.example",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *SAFE,
        "DEBUG",
        "DEMO",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "SECRET_KEY_FALLBACKS",
        "DATABASE_WEB_URL",
        "DATABASE_SERVICE_URL",
    ):
        monkeypatch.delenv(name, raising=False)


def started(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> dict[str, Any]:
    """The settings of a process with the safe environment and these changes."""
    for name, value in (SAFE | changes).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "clinic" / "settings.py"))


def test_control_a_safe_environment_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = started(monkeypatch)
    assert (found["DEBUG"], found["DEMO"], found["PRODUCTION"]) == (False, False, True)
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_SSL_REDIRECT"], found["LOCAL_MAILS"]) == (
        True, True, None,
    )  # fmt: skip


def test_production_is_what_nobody_has_to_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, CLINIC_ENV=None)["PRODUCTION"] is True


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 80}, "SECRET_KEY"),
        ({"SECRET_KEY_FALLBACKS": "changeme"}, "SECRET_KEY_FALLBACKS"),
        ({"IDENTITY_KEY": None}, "IDENTITY_KEY"),
        ({"IDENTITY_KEY": "00" * 32}, "IDENTITY_KEY"),
        ({"IDENTITY_KEY": "no hexadecimal"}, "IDENTITY_KEY"),
        ({"FIELD_KEYS": None}, "FIELD_KEYS"),
        ({"FIELD_KEYS": "c2hvcnQ="}, "FIELD_KEYS"),
        ({"FIELD_KEYS": "A" * 43 + "="}, "FIELD_KEYS"),
        ({"SECRET_KEY": "django-insecure-" + SAFE["SECRET_KEY"]}, "SECRET_KEY"),
        ({"DATABASE_URL": "sqlite:///clinic.db"}, "DATABASE_URL"),
        ({"ALLOWED_HOSTS": "clinic.example,*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"SITE_URL": None}, "SITE_URL"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"MAIL_FROM": None}, "MAIL_FROM"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"DEMO": "1"}, "DEMO"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"LOG_FORMAT": "console"}, "LOG_FORMAT"),
        ({"CLINIC_ENV": "prod"}, "CLINIC_ENV"),
        ({"CLINIC_TIME_ZONE": "Mars/Olympus"}, "CLINIC_TIME_ZONE"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
    ],
)
def test_what_is_missing_weak_or_unsafe_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], named: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        started(monkeypatch, **changes)
    sentence = str(refusal.value)
    assert named in sentence
    assert sentence.endswith(".")
    assert not [value for value in SAFE.values() if len(value) > 30 and value in sentence], "no secret is told"


def test_a_name_in_vain_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, CLINIC_ENV="test", DEBUG="0", DEMO="")["DEBUG"] is False
