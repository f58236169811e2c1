"""Strict readers for the environment: what is missing or weak stops the start with a sentence that says what to set."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

MODES = ("production", "local", "test")
_env = environ.Env()


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default == "":
            return ""
        raise ImproperlyConfigured(f"Set {name} in the environment; docs/settings.md says what it is.")
    return value


def flag(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "0", "false", "no", "off"):
        return False
    if value in ("1", "true", "yes", "on"):
        return True
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    value = os.environ.get(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def mode() -> str:
    value = os.environ.get("CLINIC_ENV", "production")
    if value not in MODES:
        raise ImproperlyConfigured(f"CLINIC_ENV must be one of {', '.join(MODES)}, not {value!r}.")
    return value


LEAST_SECRET = 50  # characters


def secret(name: str) -> str:
    """A secret of at least so many characters, with enough different ones that it cannot be a placeholder."""
    return _strong(name, text(name))


def secrets(name: str) -> list[str]:
    """Any number of secrets, each of them strong."""
    return [_strong(name, value) for value in words(name)]


def _strong(name: str, value: str) -> str:
    if len(value) < LEAST_SECRET or len(set(value)) < 10 or "insecure" in value:
        raise ImproperlyConfigured(f"{name} is too weak: set at least {LEAST_SECRET} random characters.")
    return value


def identity_key() -> bytes:
    """The key that signs who a transaction acts for: 32 random bytes, written as 64 hexadecimal digits."""
    value = text("IDENTITY_KEY")
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != 32 or len(set(key)) < 8:
        raise ImproperlyConfigured("IDENTITY_KEY must be 32 random bytes written as 64 hexadecimal digits.")
    return key


def field_keys() -> list[str]:
    """Fernet keys for personal text at rest, the newest first; older ones can still be read."""
    keys = words("FIELD_KEYS")
    for key in keys:
        try:
            length = len(base64.urlsafe_b64decode(key))
        except ValueError:
            length = 0
        if length != 32 or len(set(key)) < 10:
            raise ImproperlyConfigured("Each of FIELD_KEYS must be 32 random bytes in URL-safe base64.")
    if not keys:
        raise ImproperlyConfigured("Set FIELD_KEYS to one or more Fernet keys, the newest first.")
    return keys


def time_zone(name: str, default: str) -> str:
    value = os.environ.get(name) or default
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must be an IANA time zone such as Europe/Berlin.") from error
    return value


def login_password(key: bytes, login: str) -> str:
    """The password of a runtime login, which follows from the identity key so that it need not be set twice."""
    return hmac.new(key, f"login:{login}".encode(), hashlib.sha256).hexdigest()


# DISCARD ALL, but for the plans that functions keep: nobody can put anything into those, and making them anew costs every
# request milliseconds. In one message.
_AS_NEW = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all();"
    " DISCARD TEMP; DISCARD SEQUENCES; SET TIME ZONE 'UTC'"
)


def cleaned(connection: Any) -> None:
    """Gives a connection back to the pool as new: what a request's SQL may have left in the session (settings, locks,
    prepared statements, temporary tables) is gone before somebody else gets it."""
    connection.autocommit = True
    connection.execute(_AS_NEW)
    connection.autocommit = False


def database(
    url: str, *, login: str | None = None, password: str = "", pool: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Django's settings for one database login, from a URL; `login` takes the URL's user and password away."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            "Set DATABASE_URL to a PostgreSQL URL, such as postgresql://user:password@host/name."
        )
    config: dict[str, Any] = dict(_env.db_url_config(url))
    config["ENGINE"] = "django.db.backends.postgresql"
    if login is not None:
        config["USER"], config["PASSWORD"] = login, password
    config["CONN_MAX_AGE"] = 0
    if pool is not None:
        config["OPTIONS"] = {**config.get("OPTIONS", {}), "pool": pool}
    return config
