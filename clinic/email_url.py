"""From `EMAIL_URL` to Django's mail settings; what is missing or unsafe stops the start."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from clinic import environment as env

_SMTP = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}
_HOW = "EMAIL_URL must be smtp+tls://user:password@host, smtps://…, smtp://… or anymail:<service>; docs/settings.md."


def mail_settings(*, production: bool) -> dict[str, Any]:
    """`EMAIL_BACKEND` and what belongs to it. Outside production mails stay on this machine unless `EMAIL_URL` is set."""
    url = env.text("EMAIL_URL", None if production else "local:")
    parts = urlsplit(url)
    if parts.scheme == "local" and not production:
        return {"EMAIL_BACKEND": "clinic.notifications.local_mail.LocalBackend"}
    if parts.scheme == "anymail":
        return _service(parts.path)
    if parts.scheme not in _SMTP or not parts.hostname:
        raise ImproperlyConfigured(_HOW)
    return _smtp(parts)


def _smtp(parts: SplitResult) -> dict[str, Any]:
    port, starttls, tls = _SMTP[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": 15,
    }


def _service(name: str) -> dict[str, Any]:
    """A mail service by its API; `ANYMAIL` holds its settings as a JSON object."""
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        raise ImproperlyConfigured(f"EMAIL_URL names a mail service that is not known: {name!r}.")
    try:
        options = json.loads(os.environ.get("ANYMAIL") or "{}")
    except ValueError as error:
        raise ImproperlyConfigured("ANYMAIL must be a JSON object of the mail service's settings.") from error
    if not isinstance(options, dict):
        raise ImproperlyConfigured("ANYMAIL must be a JSON object of the mail service's settings.")
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {"REQUESTS_TIMEOUT": 15, **options},
    }


def sender(*, production: bool) -> str:
    """The address that mails come from; it must be one that the transport may send for."""
    value = env.text("MAIL_FROM", None if production else "clinic@example.org")
    local, at, domain = value.partition("@")
    if not (local and at and domain) or any(char.isspace() or char in "<>,;" for char in value):
        raise ImproperlyConfigured("MAIL_FROM must be a bare email address such as clinic@example.org.")
    return value


def site_url(*, production: bool) -> str:
    """Where the site is, for links in mails: scheme and host, no slash at the end."""
    value = env.text("SITE_URL", None if production else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ImproperlyConfigured("SITE_URL must be an address such as https://clinic.example, without a path.")
    if production and parts.scheme != "https":
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production: mails carry private links.")
    return value
